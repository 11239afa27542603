// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

extension StudyHeader {
  /// What a verdict is about: what step sizes were matched by, else what the target of all arms is of.
  package var verdictMetric: MetricDefinition { tuning.map { metric($0.metric) } ?? judgedMetric(target) }

  /// What runs are judged by that aim at a target: its metric where that is of the kind that they are judged by anyway,
  /// such as a squared error or a return, else that.
  func judgedMetric(_ target: Target?) -> MetricDefinition {
    guard let main = metrics.main else { return target?.metric ?? metrics.first ?? .unknown("value") }
    return target.map { $0.metric.isOfKind(main) ? $0.metric : main } ?? main
  }
}

extension StoredStudy {
  /// The runs of an arm.
  func runs(of arm: StudyHeader.Arm) -> ArmRuns {
    ArmRuns(header: arm, runs: runs.filter { $0.record.identity.arm == arm.name }, metrics: header.metrics)
  }
}
