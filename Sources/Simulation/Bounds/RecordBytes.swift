// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// What records take.
extension SimulationSettings {
  /// Bytes of the accounts of links and agents.
  func bytesOfLinkRecord(agents: Double, links: Double) -> Double {
    let records = measurement.records
    guard records.countsLinks else { return 0 }
    let counts = links * Double(LinkCount.all * MemoryLayout<UInt64>.stride) + agents * 300
    guard records.links else { return counts }
    // As they are kept, as the record has them, and as they are written.
    return counts + links * Double(LinkAges.bytesPerLink + MemoryLayout<LinkAccount>.stride + 2 * 8 * 32)
  }

  /// Bytes of realised combination matrices.
  ///
  /// - Parameter vectors: that there are at a time.
  func bytesOfRealised(
    _ realised: RealisedSettings, agents: Double, links: Double, vectors: Double, phases: Double
  ) -> Double {
    let account = links * Double(MemoryLayout<CombinationAccount.Use>.stride) + agents * 24
    let windows = (measurement.until.seconds / realised.every.seconds).rounded(.up)
    let keepsProduct = agents <= Double(RealisedSettings.mostAgents) && realised.keepsProduct(agents: Int(agents))
    let closed = agents * 32 + links * 40 + (keepsProduct ? 8 * agents * agents : 0)
    // As they are kept, as the record has them, and as they are written.
    let all = account + 3 * windows * closed
    guard keepsProduct else { return all }
    let makeUp = 16 * agents
    let copies = Double(checkpointIntervals.count)
    let waiting = strategy.facts.passesShares && strategy.timing == .slotted ? agents * makeUp + links * 16 : 0
    // The room for make-ups of snapshots doubles as it grows.
    let snapshots = max(64, 2 * vectors) * (makeUp + Double(MemoryLayout<CarriedWeights.Origin>.stride))
    return all + (1 + copies) * agents * phases * makeUp + waiting + snapshots
  }
}
