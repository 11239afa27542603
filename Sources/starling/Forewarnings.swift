// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Scenarios
import Simulation
import Studies
import Summaries

extension Warning {
  /// That runs of arms make so many events that they take minutes or more.
  static func aboutEvents(_ study: Study) throws -> [Warning] {
    try study.scenario.arms.prefix(Validate.mostDrawn).enumerated().compactMap { position, arm in
      let load = ExpectedLoad(arm.settings, in: try study.world(of: position))
      guard load.events > 1e8, let source = load.eventSources.max(by: { $0.total < $1.total }) else { return nil }
      return .manyEvents(arm: arm.name, events: load.events, path: source.path)
    }
  }

  /// That arms with a target are measured too seldom to reach it, which is known before they run.
  static func aboutGrids(_ scenario: Scenario) -> [Warning] {
    let needed = RunRecord.TargetReached.measurements
    return scenario.arms.compactMap { arm in
      let measurement = arm.settings.measurement
      guard measurement.target != nil, measurement.gridCount < needed else { return nil }
      return .fewMeasurements(arm: arm.name, points: measurement.gridCount, needed: needed)
    }
  }
}
