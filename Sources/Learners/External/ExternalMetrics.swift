// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Schema

/// The metrics that a scenario says a user's program measures.
package enum ExternalMetrics {
  /// How each of them is described.
  static let parameter = Parameter(
    "metrics",
    .dictionary(
      .record([
        Parameter("scale", .choice(MetricDefinition.Scale.allCases.map(\.rawValue)), "what values are measured in"),
        Parameter("better", .choice(MetricDefinition.Sense.allCases.map(\.rawValue)), "which way is better"),
        Parameter("meaning", .line, "what it is, as the end of a sentence", .optional),
      ])),
    "that the program measures, by their names, each as {scale: share, better: more}", .optional)

  /// What the values say; the first of them that is better one way is what arms are judged by.
  package static func definitions(_ argument: Argument?) -> [MetricDefinition] {
    (argument?.entries ?? []).compactMap { name, value in
      guard let record = value.record, let scale = record.text("scale").flatMap(MetricDefinition.Scale.init(rawValue:)),
        let sense = record.text("better").flatMap(MetricDefinition.Sense.init(rawValue:))
      else { return nil }
      return definition(name, scale, sense, record.text("meaning"))
    }
  }

  /// A metric of Starling's own where it is one.
  package static func definition(
    _ name: String, _ scale: MetricDefinition.Scale, _ sense: MetricDefinition.Sense, _ meaning: String?
  ) -> MetricDefinition {
    if let known = MetricDefinition.all.named(name), known.scale == scale, known.sense == sense { return known }
    return MetricDefinition(
      name, meaning ?? "as the learner's program measures it", scale, sense,
      divergesBeyond: sense == .neither ? nil : .infinity, isKeptPerAgent: true)
  }

  /// What cannot be about the names: what is no name, and what means something else already.
  static func fault(_ argument: Argument?) -> Fault? {
    for metric in definitions(argument) {
      if !isName(metric.name) {
        return Fault(
          "metrics", "has a metric '\(shown(metric.name))', which is no name",
          hint: "names are lower-case words with hyphens between them")
      }
      let own = MetricDefinition.ofEveryRun + MetricDefinition.ofEstimation + MetricDefinition.furtherOfEstimation
      if own.contains(where: { $0.name == metric.name }) {
        return Fault("metrics", "has \(metric.name), which runs measure themselves", hint: "choose another name")
      }
      if let known = MetricDefinition.all.named(metric.name), known != metric {
        return Fault(
          "metrics", "has \(metric.name), which means something else in Starling",
          hint: "it is {scale: \(known.scale.rawValue), better: \(known.sense.rawValue)}; choose another name, or this")
      }
    }
    return nil
  }

  private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil }
}
