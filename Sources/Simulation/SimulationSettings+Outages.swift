// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What is known of who goes down.
extension SimulationSettings {
  /// What agents may have forgotten that come up again; empty where nobody ever goes down.
  package var recoveries: Set<FailureSettings.Recovery> {
    let scripted = timeline.compactMap { entry -> FailureSettings.Recovery? in
      guard case .agents(_, .takeDown(let recovery, _)) = entry.change else { return nil }
      return recovery ?? conditions.usualRecovery
    }
    return Set(scripted + conditions.outageCauses.map(\.onRecovery))
  }

  /// Whether something of the timeline takes agents down.
  package var timelineTakesDown: Bool {
    timeline.contains { entry in
      if case .agents(_, .takeDown) = entry.change { true } else { false }
    }
  }

  /// Whether the timeline takes the fusion centre down.
  package var timelineTakesCentreDown: Bool {
    strategy.facts.hasCentre && timeline.contains { $0.change == .centre(.takeDown) }
  }

  /// Whether agents may go down.
  package var hasOutages: Bool { !recoveries.isEmpty }

  /// The times between checkpoints, ascending; empty where nobody comes back to one.
  package var checkpointIntervals: [VirtualDuration] {
    guard recoveries.contains(.checkpoint) else { return [] }
    let scripted = timeline.compactMap { entry -> VirtualDuration? in
      guard case .agents(_, .takeDown(let recovery, let interval)) = entry.change,
        recovery ?? conditions.usualRecovery == .checkpoint
      else { return nil }
      return interval ?? conditions.usualCheckpoint
    }
    let drawn = conditions.outageCauses.filter { $0.onRecovery == .checkpoint }.compactMap(\.checkpointEvery)
    return Set(scripted + drawn).sorted()
  }

  /// What the causes of outages are asked of a run.
  package var outageQuestion: OutageQuestion {
    OutageQuestion(until: measurement.until.seconds, agents: Double(network.agentCount))
  }

  /// What the processes of outages in a world are made from.
  package func outageContext(in world: World, replication: UInt32) -> OutageContext {
    OutageContext(
      SelectionGround(
        agents: world.agents, groups: conditions.groups,
        regionOfAgent: conditions.links.regionOfAgent(world.agents.names)),
      seed: seed, replication: replication, until: VirtualTime(measurement.until))
  }
}
