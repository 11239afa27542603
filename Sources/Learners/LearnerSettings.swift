// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// A learner with the values of its parameters.
public struct LearnerSettings: Sendable, Equatable {
  /// The learner.
  public var algorithm: LearnerDefinition
  /// The values of its parameters, all of them.
  public var arguments: Arguments

  package init(_ algorithm: LearnerDefinition, _ arguments: Arguments = Arguments()) {
    self.algorithm = algorithm
    self.arguments = arguments.settled(by: algorithm.parameters)
  }
}

// MARK: - Parameters that several learners have

extension LearnerSettings {
  /// μ_k; zero where the learner has no such parameter.
  public var stepSize: PerAgent {
    get { arguments.perAgent("step-size") }
    set { arguments["step-size"] = .perAgent(newValue) }
  }

  /// Where an agent's parameters start.
  public var initial: InitialParameters.Choice {
    get { InitialParameters.Choice(arguments["initial"]) }
    set { arguments["initial"] = newValue.argument }
  }

  /// The settings of a learner with one step size for each agent.
  package init(
    algorithm: LearnerDefinition = .leastMeanSquares, stepSize: PerAgent,
    initial: InitialParameters.Choice = .constant(0)
  ) {
    self.init(algorithm)
    func has(_ name: String) -> Bool { algorithm.parameters.contains { $0.name == name } }
    if has("step-size") { self.stepSize = stepSize }
    if has("initial") { self.initial = initial }
  }
}

extension Parameter {
  /// μ_k.
  public static let stepSize = Parameter(
    "step-size", .perAgent(LawRule(kind: .number, bounds: .notNegative)), "of each adapt step", example: "0.01")
}
