// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

extension Warning {
  /// All that is to be said about a study, by kind and then by arm.
  ///
  /// - Parameter base: the arm than which others may be sooner but less accurate.
  static func about(
    _ study: StoredStudy, groups: [ArmRuns], arms: [ArmSummary], comparisons: [Comparison], base: String,
    verdict: Verdict, metric: MetricDefinition, matched: MatchedStudy?, steadyStates: [SteadyState]
  ) -> [Warning] {
    var warnings: [Warning] = aboutTheFile(study)
    // Every arm against the base, and the one that the verdict is about.
    var suspects = arms.map(\.name).filter { $0 != base }.map { ($0, base) }
    if verdict.remark != nil, verdict.arms.first == base { suspects.append((base, verdict.arms[1])) }
    for (arm, other) in suspects where matched == nil {
      guard let comparison = comparisons.comparison(arm, with: other), comparison.time?.isSooner ?? false,
        comparison.final?.isWorse ?? false
      else { continue }
      warnings.append(.soonerButLessAccurate(arm: arm, other: other, metric: metric))
    }
    let certain = Set(groups.filter(\.isCertain).map(\.header.name))
    for arm in matched?.arms ?? [] {
      guard let reason = arm.reason else { continue }
      let pilots = certain.isSuperset(of: [arm.name, base]) ? nil : matched?.pilots
      warnings.append(.notMatched(arm: arm.name, reason: reason, pilots: pilots))
    }
    for (group, arm) in zip(groups, arms) where arm.runs > 0 {
      warnings += aboutArm(group, arm, study.header) + [nobodyUp(group, metric: metric)].compactMap { $0 }
      let steadyState = steadyStates.first { $0.arm == arm.name }
      if let steadyState, steadyState.canTell, !steadyState.isSettled, group.header.shouldSettle {
        warnings.append(
          .notSettled(
            arm: arm.name, metric: metric, runs: steadyState.unsettled, of: steadyState.runs.count))
      }
    }
    let random = groups.filter { !$0.runs.isEmpty && !$0.isCertain }
    if let arm = random.min(by: { $0.runs.count < $1.runs.count }), arm.runs.count < 10 {
      warnings.append(.fewReplications(arm: arm.header.name, runs: arm.runs.count))
    }
    return warnings + aboutDifferences(study.header)
  }

  static func aboutTheFile(_ study: StoredStudy) -> [Warning] {
    var warnings: [Warning] = []
    let planned = study.header.replications * study.header.arms.count
    if let failure = study.failures.first {
      let error = failure.error.hasSuffix(".") ? failure.error : failure.error + "."
      warnings.append(.failed(runs: study.failures.count, of: planned, error: error))
    }
    let present = study.runs.count + study.failures.count
    if let part = study.header.shard {
      warnings.append(.shard(part))
    } else if present < planned {
      warnings.append(.incomplete(runs: present, of: planned))
    }
    if let first = study.sessions.first?.provenance {
      let differences = study.sessions.lazy.map { $0.provenance.bitDifferences(from: first) }
      if let found = differences.first(where: { !$0.isEmpty }) {
        warnings.append(.machinesDiffer(differences: found))
      }
    }
    return warnings
  }

  private static func aboutArm(_ group: ArmRuns, _ arm: ArmSummary, _ header: StudyHeader) -> [Warning] {
    var warnings: [Warning] = []
    if arm.diverged > 0 {
      if group.header.losesMass {
        warnings.append(.massLost(arm: arm.name, runs: arm.diverged))
      } else if let main = header.metrics.first(where: { $0.isJudged && arm.final($0.name) != nil }) {
        warnings.append(.diverged(arm: arm.name, runs: arm.diverged, metric: main))
      }
    }
    warnings += aboutRuns(of: group, arm.toTarget, header)
    if let utilisation = group.header.utilisation, utilisation >= 1 {
      warnings.append(.saturated(arm: arm.name, utilisation: utilisation))
    }
    return warnings
  }

  /// That its replications are copies, and what kept runs from the target or from telling when they reached it.
  static func aboutRuns(
    of group: ArmRuns, _ target: ArmSummary.ToTarget?, _ header: StudyHeader
  ) -> [Warning] {
    let name = group.header.name
    var warnings: [Warning] = []
    if let copies = copies(group) { warnings.append(copies) }
    let stalled = group.runs.count { $0.record.ending == .stalled }
    if stalled > 0 {
      warnings.append(.stalled(arm: name, runs: stalled, waitingFor: group.header.awaited))
    }
    if let target, let aim = group.header.target, target.reached < target.runs {
      let title = header.targetPhrase(aim)
      let spent = group.runs.count { $0.record.target == nil && $0.record.ending == .budget }
      let short = group.runs.count { $0.record.ending != .budget && $0.record.endsInOpenStreak(aim) }
      let late = target.runs - target.reached - spent - short
      if short > 0 { warnings.append(.cutShort(arm: name, runs: short, of: target.runs, target: title)) }
      if spent > 0 { warnings.append(.budgetSpent(arm: name, runs: spent, of: target.runs, target: title)) }
      if late > 0 {
        warnings.append(
          .censored(arm: name, runs: late, of: target.runs, target: title, until: group.header.until))
      }
    }
    let first = group.header.every
    let met = group.runs.count { $0.record.target?.time == 0 }
    if met > 0, let aim = group.header.target {
      warnings.append(.metAtStart(arm: name, runs: met, of: group.runs.count, target: header.targetPhrase(aim)))
    }
    let early = group.runs.count { $0.record.target.map { $0.time > 0 && $0.time <= first } ?? false }
    if early > 0 { warnings.append(.coarseGrid(arm: name, runs: early, every: first)) }
    return warnings
  }

  /// That the replications of an arm are copies of each other, where they are.
  static func copies(_ group: ArmRuns) -> Warning? {
    group.isCertain && group.runs.count > 1 ? .copies(arm: group.header.name, runs: group.runs.count) : nil
  }

  /// That nobody was up in the final window of some runs, if its means leave them out.
  static func nobodyUp(_ group: ArmRuns, metric: MetricDefinition) -> Warning? {
    let records = group.runs.map(\.record)
    let gone = records.count { $0.finals[metric.name] != nil && $0.final(metric.name) == nil }
    return gone > 0 ? .nobodyUp(arm: group.header.name, runs: gone, of: records.count, metric: metric) : nil
  }

  private static func aboutDifferences(_ header: StudyHeader) -> [Warning] {
    guard let first = header.arms.first else { return [] }
    var warnings: [Warning] = []
    if !header.resampled.contains("network"), !header.sharesNetwork {
      warnings.append(.networksDiffer)
    }
    if header.arms.contains(where: { $0.target != first.target }) { warnings.append(.targetsDiffer) }
    if header.arms.contains(where: { $0.until != first.until }) { warnings.append(.horizonsDiffer) }
    return warnings
  }
}

extension StudyHeader.Arm {
  /// Whether the arm has a steady state that is not zero: agents that only average, and exact gradients that lead to
  /// the optimum, come down for ever.
  var shouldSettle: Bool { settings["learner.algorithm"] != "none" && predictedMSD != 0 }

  /// Whether it is plain push-sum in which messages can get lost, and with them shares of the whole.
  var losesMass: Bool {
    guard settings["strategy.kind"] == "push-sum", settings["strategy.push-sum.running-sums"] == "false" else {
      return false
    }
    let isSuperseded =
      settings["conditions.links.bandwidth", default: "unlimited"] != "unlimited"
      && settings["conditions.links.queue"] == "supersede"
    return settings["conditions.links.loss", default: "0"] != "0"
      || settings["conditions.failures", default: "none"] != "none" || settings["timeline", default: "[]"] != "[]"
      || isSuperseded
  }

  /// What its agents wait for if none of them can go on.
  var awaited: Warning.Awaited {
    if settings["strategy.kind"] == "incremental" { return .turn }
    return settings["timeline", default: "[]"] != "[]" ? .timeline : .settings
  }

  /// Whether its agents talk to a fusion centre only, whatever network they are on.
  var hasCentre: Bool { settings["strategy.kind"] == "centralised" }

  /// Whether all that is recorded about the networks of two arms agrees.
  func sharesNetwork(with other: StudyHeader.Arm) -> Bool {
    agents == other.agents && topology == other.topology && meanDegree == other.meanDegree
      && secondSingularValue == other.secondSingularValue
  }
}

extension StudyHeader {
  /// The arm that tells of the network: the first without a fusion centre, where there is one.
  var armOfNetwork: Arm? { arms.first { !$0.hasCentre } ?? arms.first }

  /// Whether all agents are on one network, but for those around a fusion centre.
  var sharesNetwork: Bool {
    guard let first = armOfNetwork else { return true }
    return arms.allSatisfy { $0.sharesNetwork(with: first) || $0.hasCentre && $0.agents == first.agents }
  }
}
