// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Simulation
import Theory

/// What theory says about an arm before it runs, or why it says nothing.
package struct Prediction: Sendable, Codable, Equatable {
  /// How fast the arm converges in the long run.
  package struct Convergence: Sendable, Codable, Equatable {
    /// The factor of each unit.
    package let factor: Double
    /// What shrinks by the factor.
    package let quantity: String
    /// A round, a slot, a tick.
    package let unit: String
  }

  /// The network MSD in the steady state, linear: the exact mean over infinitely many runs.
  package internal(set) var deviation: Double?
  /// The network MSD through what a timeline does, where that is known; there is no steady state then.
  package internal(set) var curve: PredictedCurve?
  /// The same in the limit of small steps, for comparison; at practical steps it is too low.
  package internal(set) var smallStepDeviation: Double?
  package internal(set) var convergence: Convergence?
  /// The mean squared distance of the agents from their average, linear, in the mean of the final window, where agents come
  /// and go; they are after no value then.
  package internal(set) var disagreement: Double?
  /// What the prediction rests on, in words.
  package internal(set) var basis: String?
  /// Why there is neither a steady-state deviation nor a curve, as a sentence.
  package internal(set) var reason: String?

  /// Agents beyond which nothing is tried: the matrices alone would be too large.
  private static let mostAgents = 2000
  /// Multiplications that one is willing to wait for: a second or so.
  package static let operationLimit = 3e9

  init(reason: String? = nil) { self.reason = reason }

  /// Whether equations of so many unknowns take more multiplications than one is willing to wait for.
  static func isTooLarge(_ dimension: Int, limit: Double = operationLimit) -> Bool {
    let size = Double(dimension)
    return size * size * size > limit
  }

  /// The prediction for an arm in its world.
  ///
  /// - Parameter limit: multiplications that one is willing to wait for.
  package init(_ settings: SimulationSettings, in world: World, limit: Double = operationLimit) {
    guard settings.resample.isEmpty else {
      self.init(reason: "What the prediction rests on is drawn anew in every replication.")
      return
    }
    guard settings.conditions.outageCauses.isEmpty, settings.recoveries.isSubset(of: [.keep]) else {
      self.init(reason: "There is no closed form for crashes and recoveries.")
      return
    }
    if let gossip = OpenGossipTheory(settings, in: world) {
      self = gossip.prediction
      return
    }
    guard
      !settings.changesMembers,
      !settings.strategy.facts.cooperates || !settings.network.changesByItself && settings.network.sendTo == .all
    else {
      self.init(reason: "There is no closed form for a network that changes.")
      return
    }
    guard settings.conditions.links.outages == nil else {
      self.init(reason: "There is no closed form for links that go down and come up.")
      return
    }
    guard settings.strategy.forgetAfter == nil else {
      self.init(reason: "There is no closed form for estimates that are forgotten.")
      return
    }
    guard !settings.roundsMessages else {
      self.init(reason: "There is no closed form for messages that are rounded.")
      return
    }
    guard world.network.nodeCount <= Self.mostAgents else {
      self.init(reason: "The exact recursions are not tried for more than \(Self.mostAgents) agents.")
      return
    }
    do throws(TheoryError) {
      switch settings.task.facts.closedForm {
      case .averaging where !settings.learning.followsTheory, .regression where !settings.learning.followsTheory:
        self.init(reason: "There is no closed form for learner \(settings.learner.algorithm.name).")
      case .averaging: self = try AveragingTheory(settings, world, limit: limit).prediction
      case .regression:
        guard let task = world.regression, !Self.isTooLarge(task.dimension, limit: limit) else {
          self.init(reason: "The exact recursions are not tried for \(settings.parameterCount) parameters.")
          return
        }
        self = try RegressionTheory(settings, world, task, limit: limit).prediction
      case .none(let reason): self.init(reason: reason)
      }
    } catch {
      self.init(reason: "\(error)")
    }
  }

  /// One or two sentences that say it.
  package func sentence(
    decibels text: (Double) -> String, number: (Double) -> String, seconds: (Double) -> String
  ) -> String {
    var sentences: [String] = []
    if let curve { sentences.append(curve.sentence(decibels: text, seconds: seconds) + ": \(basis ?? "").") }
    if let deviation {
      let small = smallStepDeviation.map { " (the small-step formula gives \(text($0)))" } ?? ""
      let level = deviation > 0 ? text(deviation) : "zero"
      sentences.append("Theory predicts a steady-state MSD of \(level)\(small): \(basis ?? "").")
    }
    if let convergence {
      sentences.append(
        "In the long run \(convergence.quantity) shrinks by a factor of \(number(convergence.factor)) per "
          + "\(convergence.unit).")
    }
    if let disagreement {
      let level = disagreement > 0 ? text(disagreement) : "zero"
      sentences.append("Theory predicts a mean disagreement of \(level) in the final window: \(basis ?? "").")
    }
    if deviation == nil, curve == nil, let reason { sentences.append("No MSD is predicted. \(reason)") }
    return sentences.joined(separator: " ")
  }
}
