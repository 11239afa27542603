// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Workers

/// Studies of arms that differ in nothing but their draws: whatever they claim is false.
package struct NullStudies: Sendable {
  /// A kind of study, by what its arms are compared by.
  package enum Kind: String, Sendable, CaseIterable {
    case finals
    case times
    /// Up to 60 % of the runs never reach the target.
    case censoredTimes = "censored times"
    case returns
    /// `--require`, of which every claim stands by itself.
    case claims
    /// The same of shares that hardly ever differ from zero or one: of the few messages of a run one in a hundred, or a
    /// few more, get lost.
    case rareClaims = "rare claims"
    case sweeps
    /// Arms whose step sizes were tuned until they end alike, with up to 60 % of runs censored.
    case matched
    /// Arms that have no replication in common.
    case unpaired
  }

  package var kind: Kind
  package var replications: Int
  package var arms: Int

  package init(_ kind: Kind, replications: Int, arms: Int) {
    (self.kind, self.replications, self.arms) = (kind, replications, arms)
  }

  /// How many of some studies claim something.
  ///
  /// - Parameters:
  ///   - jobs: how many threads.
  package func falseClaims(of studies: Int, jobs: Int) -> [Share] {
    let found = inParallel(count: studies, jobs: jobs) { claims(in: $0) }
    let bound = [.claims, .rareClaims].contains(kind) ? RequirementOutcome.confidenceAsked : 0.95
    return (found.first ?? []).indices.map { place in
      Share(
        title: found[0][place].title, replications: replications, arms: arms,
        hits: found.count { $0[place].isMade }, studies: studies, promise: .atMost(1 - bound))
    }
  }

  /// What a study claims.
  private func claims(in number: Int) -> [(title: String, isMade: Bool)] {
    var world = SyntheticWorld()
    world.isOfControl = kind == .returns
    world.isUnpaired = kind == .unpaired
    // From none to 60 % in steps of a tenth, so that every study has as many of each kind.
    let censoring = Double(number % 7) / 10
    if [.censoredTimes, .matched, .unpaired].contains(kind) { world = world.censoring(censoring) }
    var maker = SyntheticStudy(
      world: world, arms: Array(repeating: SyntheticArm(), count: arms), replications: replications)
    maker.hasTarget = kind != .finals
    maker.isMatched = kind == .matched
    if kind == .rareClaims { return rareClaims(number) }
    if kind == .returns { maker.arms = Array(repeating: .ofControl, count: arms) }
    let study = maker.study(number)
    switch kind {
    case .claims:
      var control = SyntheticWorld()
      control.isOfControl = true
      func other(_ world: SyntheticWorld, _ arm: SyntheticArm) -> StoredStudy {
        SyntheticStudy(world: world, arms: Array(repeating: arm, count: arms), replications: replications)
          .study(number)
      }
      return requirements(study, ofControl: other(control, .ofControl), even: other(.even, .even))
    case .sweeps: return [(kind.rawValue, sweepClaims(study))]
    default:
      let summary = StudySummary(study)
      let isShown = summary.comparisons.contains { $0.final?.isShown ?? false || $0.time?.isShown ?? false }
      let single = summary.comparisons.first
      return [
        (kind.rawValue, isShown),
        ("\(kind.rawValue), one test", (single?.time?.p ?? single?.final?.p ?? 1) < 0.05),
      ]
    }
  }

  /// Claims of the share of lost messages of one arm against the probability of a loss, and against that of another arm.
  private func rareClaims(_ number: Int) -> [(title: String, isMade: Bool)] {
    let names = (0..<arms).map { (name: SyntheticStudy.name($0), hasTarget: false) }
    let (own, other) = (names[arms - 1].name, names[0].name)
    return [0.01, 0.05, 0.99].flatMap { loss in
      var world = SyntheticWorld()
      (world.sent, world.loss) = (10, loss)
      var maker = SyntheticStudy(
        world: world, arms: Array(repeating: SyntheticArm(), count: arms), replications: replications)
      maker.hasTarget = false
      let study = maker.study(number)
      return [
        ("below the truth", "\(other).lost < \(loss)"), ("above the truth", "\(other).lost > \(loss)"),
        ("alike", "\(own).lost < \(other).lost"),
      ].map { title, text in
        let outcome = try? Requirement(text, arms: names, metrics: RunMetrics(of: study.header.metrics)).judge(study)
        return ("claim, \(Int(100 * loss)) % lost, \(title)", outcome?.isShown ?? true)
      }
    }
  }

  private func sweepClaims(_ study: StoredStudy) -> Bool {
    let places = study.header.arms.map { SweepSummary.Place(arm: nil, values: [$0.name]) }
    let summary = SweepSummary(study, axes: ["learner.step-size"], places: places)
    let endsWorse = summary.warnings.contains { if case .bestEndsWorse = $0 { true } else { false } }
    return endsWorse || summary.comparison?.time?.isShown ?? false || summary.comparison?.final?.isShown ?? false
  }

  /// Claims of the last arm against the first, and of the first against the final error that it has on average.
  ///
  /// - Parameter even: a study whose final errors vary by a fifth.
  private func requirements(
    _ study: StoredStudy, ofControl: StoredStudy, even: StoredStudy
  ) -> [(title: String, isMade: Bool)] {
    let (own, other) = (SyntheticStudy.name(arms - 1), SyntheticStudy.name(0))
    let names = study.header.arms.map { (name: $0.name, hasTarget: true) }
    func claim(_ title: String, _ text: String, _ study: StoredStudy) -> (title: String, isMade: Bool) {
      let outcome = try? Requirement(text, arms: names, metrics: RunMetrics(of: study.header.metrics)).judge(study)
      return ("claim, \(title)", outcome?.isShown ?? true)
    }
    let truth = Self.finalError
    return ["final-msd", "time-to-target", "messages-to-target"].map { metric in
      claim(metric, "\(own).\(metric) < \(other).\(metric)", study)
    } + [
      claim("final-return", "\(own).final-return > \(other).final-return", ofControl),
      claim("final-msd below the truth", "\(other).final-msd < \(truth)", even),
      claim("final-msd above the truth", "\(other).final-msd > \(truth)", even),
    ]
  }

  /// The mean final error of an even arm.
  private static let finalError = Truth(.even, [.even, .even], jobs: 1).final[0]
}

extension SyntheticArm {
  /// A standard arm of agents that act: they miss 5 % of the greatest return in the end.
  static let ofControl = SyntheticArm(rate: 0.016, floor: 0.05, spread: 0.3)
  /// One of arms that vary less.
  static let even = SyntheticArm(spread: 0.1)
}

extension SyntheticWorld {
  /// One in which final errors vary by a fifth, and all runs have settled.
  static let even = SyntheticWorld(until: 600, sharedSpread: 0.15)
}
