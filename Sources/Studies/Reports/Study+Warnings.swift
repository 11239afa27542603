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
    }
    warnings += try warningsOfEvents()
    warnings += scenario.warningsOfSettings
    if scenario.replications < 10, let first = scenario.arms.first {
      warnings.append(.fewReplications(arm: first.name, runs: scenario.replications))
    }
    return warnings
  }

  /// Arms of which networks and tasks are drawn beforehand.
  package static let mostDrawn = 1000

  /// That runs of arms make so many events that they take minutes or more.
  ///
  /// - Throws: if the world of an arm cannot be drawn.
  package func warningsOfEvents() throws(StudyError) -> [Warning] {
    var warnings: [Warning] = []
    for (position, arm) in scenario.arms.prefix(Self.mostDrawn).enumerated() {
      let load = ExpectedLoad(arm.settings, in: try world(of: position))
      guard load.events > 1e8, let source = load.eventSources.max(by: { $0.total < $1.total }) else { continue }
      warnings.append(.manyEvents(arm: arm.name, events: load.events, path: source.path))
    }
    return warnings
  }

  /// The arm whose links are offered most beyond what they carry; nothing where all can carry it.
  ///
  /// - Throws: if the world of an arm cannot be drawn.
  package func worstSaturation() throws(StudyError) -> Warning? {
    var worst: (arm: String, utilisation: Double)?
    for (position, arm) in scenario.arms.prefix(Self.mostDrawn).enumerated() {
      let rates = ExpectedRates(arm.settings, in: try world(of: position))
      if let utilisation = rates.utilisation, utilisation >= max(1, worst?.utilisation ?? 0) {
        worst = (arm.name, utilisation)
      }
    }
    return worst.map { .saturated(arm: $0.arm, utilisation: $0.utilisation) }
  }
}

extension Scenario {
  /// Whether arms that send at different rates lose messages in bursts of so many messages.
  var hasBurstsOfUnequalLength: Bool {
    let bursty = arms.map(\.settings).filter { settings in
      settings.strategy.facts.cooperates && settings.conditions.links.loss.bursts.contains(where: \.isInMessages)
    }
    return Set(bursty.map { "\($0.strategy.kind.name) \($0.strategy.timing.rawValue)" }).count > 1
  }

  /// What can be known without drawing a world.
  package var warningsOfSettings: [Warning] {
    warningsOfGrids
      + arms.filter { $0.settings.strategy.waitsInSpiteOfTimeout }.map { .timeoutWithoutUse(arm: $0.name) }
      + (hasBurstsOfUnequalLength ? [.burstsOfMessages] : [])
      + warningsOfPresets + warningsOfCounterparts
  }

  /// That what events are to end has never begun by then.
  private var warningsOfCounterparts: [Warning] {
    var told: Set<String> = []
    return arms.flatMap { arm -> [Warning] in
      let (timeline, until) = (arm.settings.timeline, arm.settings.measurement.until)
      return zip(timeline, timeline.names(in: until)).compactMap { entry, name in
        guard let what = entry.definition?.ends else { return nil }
        let last = entry.lastBegin(in: until)
        if timeline.contains(where: { $0.action == what && $0.firstBegin(in: until) <= last }) { return nil }
        return told.insert(name).inserted ? .endsNothing(event: name, what: what) : nil
      }
    }
  }

  /// That presets say nothing.
  private var warningsOfPresets: [Warning] {
    var told: Set<IdlePreset> = []
    return arms.flatMap(\.idlePresets).filter { told.insert($0).inserted }.map {
      .idlePreset(name: $0.name, key: $0.key, overruledBy: $0.overruledBy)
    }
  }

  /// That arms with a target are measured too seldom to reach it.
  private var warningsOfGrids: [Warning] {
    let needed = RunRecord.TargetReached.measurements
    return arms.compactMap { arm in
      let measurement = arm.settings.measurement
      guard measurement.target != nil, measurement.gridCount < needed else { return nil }
      return .fewMeasurements(arm: arm.name, points: measurement.gridCount, needed: needed)
    }
  }
}

extension StrategySettings {
  /// Whether agents wait for ever for neighbours that are silent for longer than their timeout.
  fileprivate var waitsInSpiteOfTimeout: Bool {
    timing == .synchronousLocal && peerTimeout != nil && missingNeighbour == .wait && facts.cooperates
  }
}
