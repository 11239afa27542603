// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Statistics

/// A number that every run gives, and an arm through its runs, by the name that tables, requirements and reports use.
package struct RunMetric: Sendable {
  /// How a run gives its value.
  enum Reading: Sendable {
    /// A number; nothing where the metric does not apply, as without a combination there is no staleness.
    case number(@Sendable (StoredRun, StudyHeader.Arm) -> Double?)
    /// What the target took, censored at what the run had spent when it ended; nothing where the metric does not apply.
    case cost(@Sendable (RunRecord, StudyHeader.Arm) -> TargetCost?)
  }

  /// What the runs of one arm say of a metric, run by run.
  enum Observations {
    /// An arm's value is the mean over its runs, those left out to which the metric does not apply.
    case means([Double?])
    /// An arm's value is the Kaplan–Meier median: runs that never reached the target are censored, and those left out
    /// to which the metric does not apply.
    case survival(CostSample)

    /// The value of the arm from some of its runs, by their positions, with repetitions; infinite for a target that
    /// half of them never reached, not a number where the metric applies to none.
    func value(of chosen: [Int]) -> Double {
      switch self {
      case .means(let values):
        var (sum, count) = (0.0, 0.0)
        for position in chosen {
          guard let value = values[position] else { continue }
          sum += value
          count += 1
        }
        return count > 0 ? sum / count : .nan
      case .survival(let sample): return sample.median(of: chosen)
      }
    }

    /// The same with what censored runs leave open: the bounds of the median that hold whatever they would have taken.
    func bounds(of chosen: [Int]) -> Interval {
      let exact: Double
      switch self {
      case .means: exact = value(of: chosen)
      case .survival(let sample):
        if let bounds = sample.medianBounds(of: chosen) { return bounds }
        exact = .nan
      }
      return Interval(lower: exact, upper: exact)
    }
  }

  /// The name; means over the final window also go by it without `final-`.
  package let name: String
  /// The name as a heading has it.
  let title: String
  package let scale: MetricDefinition.Scale
  /// What it is, as the end of a sentence.
  package let help: String
  let reading: Reading
}

extension RunMetric {
  /// Whether arms without a target have none.
  package var needsTarget: Bool { isCost && self != .recovery }

  /// Whether it is what the target took, which is censored in runs that never reached it.
  var isCost: Bool {
    if case .cost = reading { true } else { false }
  }

  /// The name without `final-`.
  var shortName: String { name.hasPrefix(Self.finalPrefix) ? String(name.dropFirst(Self.finalPrefix.count)) : name }

  /// What some runs of an arm say of it.
  func observations(_ runs: [StoredRun], _ arm: StudyHeader.Arm) -> Observations {
    switch reading {
    case .number(let value): .means(runs.map { value($0, arm) })
    case .cost(let cost): .survival(CostSample(runs.map { cost($0.record, arm) }))
    }
  }

  /// The value of a run; nothing where it has none, and for what the target took.
  func value(of run: StoredRun, in arm: StudyHeader.Arm) -> Double? {
    if case .number(let value) = reading { value(run, arm) } else { nil }
  }

  /// What the target took a run, censored at what it had spent; nothing for other metrics and without a target.
  func cost(of run: StoredRun, in arm: StudyHeader.Arm) -> TargetCost? {
    guard case .cost(let cost) = reading, arm.target != nil || !needsTarget else { return nil }
    return cost(run.record, arm)
  }
}

extension RunMetric: Equatable {
  /// There is one metric of a name.
  package static func == (one: RunMetric, other: RunMetric) -> Bool { one.name == other.name }
}
