// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Records

/// Metrics that the scenario at hand says its learner has (`learner.metrics`). Other sections may name them, and are read
/// without knowing the learner.
enum DeclaredMetrics {
  /// Those of the scenario, or of the arm, that is being read.
  @TaskLocal static var present: [MetricDefinition] = []

  /// Reads what may name the metrics that a scenario declares.
  static func known<Value>(
    from tree: Tree, _ read: () throws(ScenarioError) -> Value
  ) throws(ScenarioError) -> Value {
    let result: Result<Value, ScenarioError> = $present.withValue(declared(in: tree)) {
      do throws(ScenarioError) { return .success(try read()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Those that are described as they have to be; what is wrong with others is said where they are read.
  private static func declared(in tree: Tree) -> [MetricDefinition] {
    let entries = tree.entry("learner")?.value.entry("metrics")?.value.entries ?? []
    return entries.compactMap { entry in
      func text(_ key: String) -> String? { entry.value.entry(key)?.value.text }
      guard let scale = text("scale").flatMap(MetricDefinition.Scale.init(rawValue:)),
        let sense = text("better").flatMap(MetricDefinition.Sense.init(rawValue:))
      else { return nil }
      return ExternalMetrics.definition(entry.key, scale, sense, text("meaning"))
    }
  }
}
