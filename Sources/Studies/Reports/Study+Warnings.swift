// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Scenarios
import Simulation
import Summaries

/// What can be known to go wrong before anything runs.
extension Study {
  /// All that can be known.
  ///
  /// - Throws: if the world of an arm cannot be drawn.
  package func warnings() throws(StudyError) -> [Warning] {
    var warnings: [Warning] = []
    for (position, arm) in scenario.arms.enumerated() {
      let world = try world(of: position)
      if let utilisation = ExpectedRates(arm.settings, in: world).utilisation, utilisation >= 1 {
        warnings.append(.saturated(arm: arm.name, utilisation: utilisation))
      }
      if let events = arm.warningOfEvents(in: world) { warnings.append(events) }
    }
    warnings += scenario.warningsOfGrids
    if scenario.replications < 10, let first = scenario.arms.first {
      warnings.append(.fewReplications(arm: first.name, runs: scenario.replications))
    }
    return warnings
  }

  /// The arm whose links are offered most beyond what they carry; nothing where all can carry it.
  ///
  /// - Parameter count: so many arms are looked at.
  /// - Throws: if the world of an arm cannot be drawn.
  package func worstSaturation(ofFirst count: Int) throws(StudyError) -> Warning? {
    var worst: (arm: String, utilisation: Double)?
    for (position, arm) in scenario.arms.prefix(count).enumerated() {
      let rates = ExpectedRates(arm.settings, in: try world(of: position))
      if let utilisation = rates.utilisation, utilisation >= max(1, worst?.utilisation ?? 0) {
        worst = (arm.name, utilisation)
      }
    }
    return worst.map { .saturated(arm: $0.arm, utilisation: $0.utilisation) }
  }
}

extension Scenario.Arm {
  /// That runs of the arm make very many events; nothing where they do not.
  func warningOfEvents(in world: World) -> Warning? {
    let load = ExpectedLoad(settings, in: world)
    guard load.events > 1e8, let source = load.eventSources.max(by: { $0.total < $1.total }) else { return nil }
    return .manyEvents(arm: name, events: load.events, path: source.path)
  }
}

extension Scenario {
  /// That arms with a target are measured too seldom to reach it.
  var warningsOfGrids: [Warning] {
    let needed = RunRecord.TargetReached.measurements
    return arms.compactMap { arm in
      let measurement = arm.settings.measurement
      guard measurement.target != nil, measurement.gridCount < needed else { return nil }
      return .fewMeasurements(arm: arm.name, points: measurement.gridCount, needed: needed)
    }
  }
}
