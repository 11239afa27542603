// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Records
import Schema

/// What a program adds to Starling's own definitions. Scenarios choose it by name; lists, references, messages, results
/// and figures have it like ours.
public struct Additions: Sendable {
  /// What agents learn from.
  public var tasks: [TaskDefinition]
  /// How agents learn.
  public var learners: [LearnerDefinition]
  /// What agents of task `control` act on.
  public var environments: [EnvironmentDefinition]
  /// What the learners measure; targets of scenarios name them.
  public var metrics: [MetricDefinition]

  /// Nothing but what is given.
  public init(
    tasks: [TaskDefinition] = [], learners: [LearnerDefinition] = [], environments: [EnvironmentDefinition] = [],
    metrics: [MetricDefinition] = []
  ) {
    self.tasks = tasks
    self.learners = learners
    self.environments = environments
    self.metrics = metrics
  }

  /// Makes them known, before any scenario is read: once that has begun, the keys of scenarios are settled.
  ///
  /// - Throws: where a name is taken, a parameter means another kind of thing elsewhere, or it is too late.
  public func register() throws(RegistrationError) {
    try Self.check(TaskDefinition.register.known + tasks, section: "task")
    try Self.check(LearnerDefinition.register.known + learners, section: "learner")
    try MetricDefinition.register.add(metrics)
    try EnvironmentDefinition.register.add(environments)
    try TaskDefinition.register.add(tasks)
    try LearnerDefinition.register.add(learners)
  }

  /// Whether a program has added anything.
  package static var areThere: Bool {
    TaskDefinition.register.hasAdditions || LearnerDefinition.register.hasAdditions
      || EnvironmentDefinition.register.hasAdditions || MetricDefinition.register.hasAdditions
  }

  /// Refuses parameters of one name and different kinds: all definitions of a section share its keys.
  private static func check(_ all: [any Definition], section: String) throws(RegistrationError) {
    var known: [String: (kind: Kind, owner: String)] = [:]
    for definition in all {
      for parameter in definition.parameters {
        guard let (kind, owner) = known[parameter.name] else {
          known[parameter.name] = (parameter.kind, definition.name)
          continue
        }
        if kind == parameter.kind { continue }
        if kind.sharesItsKey(with: parameter.kind) { continue }
        throw RegistrationError(
          description: "the parameter '\(parameter.name)' of \(section) '\(definition.name)' is "
            + "\(parameter.kind.allowed), but of \(section) '\(owner)' it is \(kind.allowed)")
      }
    }
  }
}
