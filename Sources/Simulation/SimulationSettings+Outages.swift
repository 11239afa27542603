// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What is known of who goes down.
extension SimulationSettings {
  /// What agents may have forgotten that come up again; empty where nobody ever goes down.
  package var recoveries: Set<FailureSettings.Recovery> {
    let scripted = timeline.compactMap { entry -> FailureSettings.Recovery? in
      guard case .takeDown(let recovery) = entry.definition?.change(entry.arguments) else { return nil }
      return recovery ?? conditions.usualRecovery
    }
    return Set(scripted + conditions.outageCauses.map(\.onRecovery))
  }

  /// Whether agents may go down.
  package var hasOutages: Bool { !recoveries.isEmpty }

  /// The times between checkpoints, ascending; empty where nobody comes back to one.
  package var checkpointIntervals: [VirtualDuration] {
    guard recoveries.contains(.checkpoint) else { return [] }
    return Set(conditions.outageCauses.compactMap(\.checkpointEvery)).sorted()
  }

  /// What the causes of outages are asked of a run.
  package var outageQuestion: OutageQuestion {
    OutageQuestion(until: measurement.until.seconds, agents: Double(network.agentCount))
  }

  /// What the processes of outages in a world are made from.
  package func outageContext(in world: World, replication: UInt32) -> OutageContext {
    let names = Array(world.network.names.prefix(world.agentCount))
    return OutageContext(
      names: names, keys: Array(world.network.keys.prefix(world.agentCount)), agents: Array(names.indices),
      regions: conditions.links.latency.regions(of: names), seed: seed, replication: replication,
      until: VirtualTime(measurement.until))
  }
}

extension LinkSettings.Latency {
  /// The regions of agents with their ranks, in the natural order of the regions' names.
  fileprivate func regions(of agents: [String]) -> [OutageContext.Group] {
    guard case .regions(let settings) = self else { return [] }
    let members = Dictionary(grouping: agents.indices) { settings.regionOfAgent[agents[$0]] ?? "" }
    return members.keys.filter { !$0.isEmpty }.sorted(by: naturallyPrecedes).map { name in
      OutageContext.Group(name: name, agents: members[name] ?? [])
    }
  }
}
