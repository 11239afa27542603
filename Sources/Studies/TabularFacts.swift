// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Simulation

/// What is known beforehand of agents that learn finite decision processes with a policy gradient.
package struct TabularFacts: Sendable, Codable, Equatable {
  /// Below which step size decentralised ascent is proved to come to a stationary point; nothing where singular values of the
  /// combination matrix are not known.
  package let provenStepLimit: Double?
  /// The step size, where all agents have the same.
  package let stepSize: Double?
  /// The sum over all tasks of what the best way through grid worlds earns that comes to no cell twice.
  package let bestWay: Double?
  /// Whether no other such way is better, or the search was given up.
  package let isBestWaySure: Bool

  /// Nothing where agents learn something else.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard let tasks = world.task as? FiniteTasks, settings.learner.algorithm == .policyGradient else { return nil }
    let agents = 0..<tasks.stepSizes.count
    let singular = world.network.spectrum(workLimit: 1_000_000_000).lastSingularValue
    let cooperates = settings.strategy.facts.cooperates
    provenStepLimit = (cooperates ? singular : 1).map {
      DecentralizedPolicyGradient.provenStepLimit(
        agents.map { tasks.processes[tasks.process(of: $0)] },
        relativeEntropyWeight: settings.learner.relativeEntropyWeight, lastSingularValue: $0)
    }
    let first = tasks.stepSizes.first
    stepSize = tasks.stepSizes.allSatisfy { $0 == first } ? first : nil
    let way = settings.task.gridWorld?.bestPath
    (bestWay, isBestWaySure) = (way?.value, way?.isBest ?? false)
  }

  /// A sentence that says it.
  package func sentence(number: (Double) -> String) -> String {
    var text = ""
    if let provenStepLimit {
      text =
        "Decentralised ascent is proved to come to a stationary point with step sizes below \(number(provenStepLimit))"
      if let stepSize, stepSize >= provenStepLimit {
        text += "; that of this arm, \(number(stepSize)), is beyond what the proof covers"
      }
      text += "."
    }
    if let bestWay {
      text += text.isEmpty ? "" : " "
      text += "The best way through all tasks that comes to no cell twice "
      text += isBestWaySure ? "earns \(number(bestWay)) in sum." : "that was found earns \(number(bestWay)) in sum."
    }
    return text
  }
}
