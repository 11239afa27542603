// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

/// A number that every run gives, or what reaching the target took it.
package enum SampleMetric: Sendable, Equatable {
  /// What the target took; censored where a run never reached it.
  package enum Cost: String, Sendable, CaseIterable {
    case time = "time-to-target"
    case updates = "updates-to-target"
    case messages = "messages-to-target"
    case bytes = "bytes-to-target"
  }

  /// Over the whole run.
  package enum Total: String, Sendable, CaseIterable {
    /// Mean per agent.
    case updates
    /// Of all agents.
    case messages
    case bytes
    /// Mean age of neighbours' estimates when combined, in updates of the sender.
    case staleness
    /// The share of live time in which agents did not compute.
    case waiting
    /// Seconds of real time.
    case wallSeconds = "wall-seconds"
  }

  /// How values of a metric are written.
  enum Unit: String {
    case decibels = "dB"
    case seconds = "s"
    case bytes = "B"
    case count = "1"
    case share = "share"
  }

  /// The mean of a metric over the final window.
  case final(String)
  case cost(Cost)
  case total(Total)

  /// The metric of a name.
  ///
  /// - Throws: if the study has none of that name.
  package init(_ name: String, in study: StoredStudy) throws(GroupingError) {
    if let cost = Cost(rawValue: name) {
      self = .cost(cost)
    } else if let total = Total(rawValue: name) {
      self = .total(total)
    } else if Self.finals(of: study).contains(name) {
      self = .final(name)
    } else {
      throw .unknownMetric(name, all: Self.names(in: study))
    }
  }

  /// All that a study can be asked for.
  package static func names(in study: StoredStudy) -> [String] {
    let known = Cost.allCases.map(\.rawValue) + Total.allCases.map(\.rawValue)
    return finals(of: study).filter { !known.contains($0) } + known
  }

  /// The metrics of a table for which none were named: the time to target, and the final error of the verdict.
  package static func usual(in study: StoredStudy) -> [SampleMetric] {
    let aim = study.header.arms.first { $0.target != nil }?.target
    let final = aim.flatMap { squaredErrorMetrics.contains($0.metric) ? $0.metric : nil } ?? "msd"
    return (aim == nil ? [] : [.cost(.time)]) + [.final(final)]
  }

  private static func finals(of study: StoredStudy) -> [String] {
    Set(study.runs.flatMap(\.record.finals.keys)).sorted()
  }

  package var name: String {
    switch self {
    case .final(let metric): metric
    case .cost(let cost): cost.rawValue
    case .total(let total): total.rawValue
    }
  }

  /// The name as a heading has it.
  var title: String {
    switch self {
    case .final(let metric): "final \(metricTitle(metric))"
    case .cost, .total: name.replacing("-", with: " ")
    }
  }

  var unit: Unit {
    switch self {
    case .final(let metric): squaredErrorMetrics.contains(metric) ? .decibels : metric == "age" ? .seconds : .count
    case .cost(.time), .total(.wallSeconds): .seconds
    case .cost(.bytes), .total(.bytes): .bytes
    case .total(.waiting): .share
    default: .count
    }
  }

  /// The value of a run; nothing where it has none, as without a combination there is no staleness, and for what the
  /// target took.
  func value(of stored: StoredRun) -> Double? {
    let run = stored.record
    switch self {
    case .final(let metric): return run.finals[metric]
    case .cost: return nil
    case .total(.updates): return mean(run.agents.map { Double($0.updates) })
    case .total(.messages): return Double(run.messages.sent)
    case .total(.bytes): return Double(run.messages.bytes)
    case .total(.staleness): return run.staleness.count > 0 ? run.staleness.meanUpdates : nil
    case .total(.waiting): return run.waitingShare
    case .total(.wallSeconds): return stored.wallSeconds
    }
  }

  /// What the target took a run, censored at what it had spent; nothing for other metrics and without a target.
  func cost(of stored: StoredRun, in arm: StudyHeader.Arm) -> TimeToTarget? {
    guard case .cost(let cost) = self, arm.target != nil else { return nil }
    return switch cost {
    case .time: stored.record.timeToTarget(until: arm.until)
    case .updates: stored.record.toTarget("updates", \.updates)
    case .messages: stored.record.toTarget("messages", \.messages)
    case .bytes: stored.record.toTarget("bytes", \.bytes)
    }
  }
}
