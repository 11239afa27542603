// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// How agents search for linear policies of their tasks, each a sparse mixture of the columns of a basis that all share.
///
/// Source: El Bsat, Bou Ammar and Taylor, "Scalable multitask policy gradient reinforcement learning", 2017 (Dist-MTLPS); the
/// equations and numbers are a reconstruction (docs/deviations.md).
package struct PolicySearchSettings: Sendable, Equatable {
  /// How a step searches for a better policy of the agent's task.
  package enum Search: String, Sendable, CaseIterable {
    /// Along the gradient of the return (`SearchEpisodes.gradient`).
    case reinforce
    /// Towards the best of what was tried (`BestPolicies`).
    case power
  }

  /// What a policy is linear in.
  package enum Features: String, Sendable, CaseIterable {
    /// The observation, each number over its usual magnitude.
    case scaled
    /// The observation as it is.
    case raw
  }

  /// The policy from which a step searches.
  package enum Origin: String, Sendable, CaseIterable {
    /// The one that the basis and the agent's code make.
    case shared
    /// What the agent's last step has come to.
    case local
  }

  package var search: Search
  package var features: Features
  /// k, the columns of the basis.
  package var basisSize: Int
  /// The standard deviation of each number of the basis at first.
  package var basisDeviation: Double
  /// μ₁, what the code costs by the magnitudes of its numbers.
  package var sparsity: Double
  /// μ₂, what the basis costs by its squares.
  package var ridge: Double
  /// ρ, of copies of the basis that differ.
  package var penalty: Double
  /// Of a step along the gradient.
  package var stepSize: Double
  /// σ, of actions around their mean; of `reinforce`.
  package var actionDeviation: Double
  /// Of policies around the agent's in the first step, and the factor from step to step; of `power`.
  package var searchDeviation: Double
  package var searchDecay: Double
  /// How many of the best policies count; of `power`.
  package var best: Int
  /// γ; of `reinforce`.
  package var discount: Double
  package var episodesPerStep: Int
  package var origin: Origin

  /// What keeps the weights of directions positive definite, before they get their trace.
  static let weightRidge = 1e-3

  package init(
    search: Search = .reinforce, features: Features = .scaled, basisSize: Int = 2, basisDeviation: Double = 0.1,
    sparsity: Double = 1e-3, ridge: Double = 1e-3, penalty: Double = 1, stepSize: Double = 0.1,
    actionDeviation: Double = 2, searchDeviation: Double = 3, searchDecay: Double = 0.99, best: Int = 10,
    discount: Double = 0.99, episodesPerStep: Int = 5, origin: Origin = .shared
  ) {
    self.search = search
    self.features = features
    self.basisSize = basisSize
    self.basisDeviation = basisDeviation
    self.sparsity = sparsity
    self.ridge = ridge
    self.penalty = penalty
    self.stepSize = stepSize
    self.actionDeviation = actionDeviation
    self.searchDeviation = searchDeviation
    self.searchDecay = searchDecay
    self.best = best
    self.discount = discount
    self.episodesPerStep = episodesPerStep
    self.origin = origin
  }

  /// The policies of an agent's parameters in an environment.
  func policy(in tasks: ControlTasks) -> LinearPolicy {
    let scales = features == .raw ? nil : tasks.environment.observationScales
    return LinearPolicy(
      scales: scales ?? Array(repeating: 1, count: tasks.observationCount), columns: basisSize,
      deviation: search == .reinforce ? actionDeviation : 0)
  }
}

// MARK: - As parameters

extension PolicySearchSettings {
  static let parameters: [Parameter] = [
    .choice("search", Search.reinforce, "reinforce: along the gradient of returns; power: towards the best tried"),
    .choice("features", Features.scaled, "scaled: observations over their usual magnitudes; raw: as they are"),
    Parameter("basis-size", .count(1...64), "columns of the basis that agents share", .otherwise(.count(2))),
    Parameter(
      "basis-deviation", .number(.positive), "of each number of the basis at first", .otherwise(.number(0.1))),
    Parameter("sparsity", .number(.notNegative), "mu1: cost of magnitudes of codes", .otherwise(.number(1e-3))),
    Parameter("basis-ridge", .number(.positive), "mu2: cost of squares of the basis", .otherwise(.number(1e-3))),
    Parameter("copy-penalty", .number(.positive), "rho: of copies of the basis that differ", .otherwise(.number(1))),
    Parameter("search-step-size", .number(.notNegative), "reinforce: along the gradient", .otherwise(.number(0.1))),
    Parameter("action-deviation", .number(.positive), "reinforce: of actions", .otherwise(.number(2))),
    Parameter("search-deviation", .number(.positive), "power: of policies at first", .otherwise(.number(3))),
    Parameter("search-decay", .number(Bounds(0...1)), "power: of that, from step to step", .otherwise(.number(0.99))),
    Parameter("best-policies", .count(1...1000), "power: of how many the step is the mean", .otherwise(.count(10))),
    .discount,
    Parameter("episodes-per-step", .count(1...10_000), "that a local step learns from", .otherwise(.count(5))),
    .choice("search-from", Origin.shared, "shared: the policy of basis and code; local: that of the last step"),
  ]

  fileprivate init(_ arguments: Arguments) {
    self.init(
      search: arguments.choice("search"), features: arguments.choice("features"),
      basisSize: arguments.count("basis-size"), basisDeviation: arguments.number("basis-deviation") ?? 0,
      sparsity: arguments.number("sparsity") ?? 0, ridge: arguments.number("basis-ridge") ?? 0,
      penalty: arguments.number("copy-penalty") ?? 0, stepSize: arguments.number("search-step-size") ?? 0,
      actionDeviation: arguments.number("action-deviation") ?? 0,
      searchDeviation: arguments.number("search-deviation") ?? 0, searchDecay: arguments.number("search-decay") ?? 0,
      best: arguments.count("best-policies"), discount: arguments.number("discount") ?? 0,
      episodesPerStep: arguments.count("episodes-per-step"), origin: arguments.choice("search-from"))
  }

  fileprivate var arguments: Arguments {
    [
      "search": .text(search.rawValue), "features": .text(features.rawValue), "basis-size": .count(basisSize),
      "basis-deviation": .number(basisDeviation), "sparsity": .number(sparsity), "basis-ridge": .number(ridge),
      "copy-penalty": .number(penalty), "search-step-size": .number(stepSize),
      "action-deviation": .number(actionDeviation), "search-deviation": .number(searchDeviation),
      "search-decay": .number(searchDecay), "best-policies": .count(best), "discount": .number(discount),
      "episodes-per-step": .count(episodesPerStep), "search-from": .text(origin.rawValue),
    ]
  }
}

extension LearnerSettings {
  package static func policySearch(_ settings: PolicySearchSettings) -> LearnerSettings {
    LearnerSettings(.policySearch, settings.arguments)
  }

  /// How linear policies are searched for, of that learner.
  package var policySearch: PolicySearchSettings {
    get { PolicySearchSettings(arguments.completed(by: PolicySearchSettings.parameters)) }
    set {
      precondition(algorithm == .policySearch, "Other learners have no linear policies.")
      arguments = newValue.arguments
    }
  }
}
