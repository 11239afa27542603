// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Scenarios
import Simulation
import Summaries

extension Warning {
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
