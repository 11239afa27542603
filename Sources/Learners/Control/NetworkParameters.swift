// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Schema

/// What can be said of several learners whose networks act.
extension Parameter {
  static let hiddenUnits = Parameter(
    "hidden-units",
    .described(.list(.count(1...100_000)), "a list with a number for each layer such as [64, 64]"),
    "units of each hidden layer, in both networks", .otherwise(.counts([64, 64])))
  /// Of learners whose agents distil, and what goes with it.
  static let smallHiddenUnits = Parameter(
    "hidden-units", hiddenUnits.kind, "units of each hidden layer, in every network", .otherwise(.counts([50, 50])))
  static let leakyActivation = choice("activation", ActorCriticSettings.Unit.leakyRectifier, "of hidden units")
  static let shortDiscount = Parameter("discount", .probability, "of rewards, per step", .otherwise(.number(0.95)))
  static let activation = choice("activation", ActorCriticSettings.Unit.rectifier, "of hidden units")
  static let optimiser = choice("optimiser", ActorCriticSettings.OptimiserRule.adam, "moments stay with the agent")
  static let discount = Parameter("discount", .probability, "of rewards, per step", .otherwise(.number(0.99)))
  static let gradientClip = Parameter(
    "gradient-clip", Kind.number(.positive).orWord(), "longest norm, of each network", .otherwise(.text("none")))
  static let hiddenStart = choice("hidden-start", ActorCriticSettings.HiddenStart.uniform, "how weights start")
  static let networkStart = choice(
    "start", ActorCriticSettings.Start.common, "whether all agents start from the same parameters")

  /// Of learners that replay.
  static let batch = Parameter(
    "batch", .count(1...1_000_000), "transitions that a step learns from", .otherwise(.count(128)))
  static let replay = Parameter(
    "replay", .count(1...100_000_000), "of how many of its latest transitions an agent learns",
    .otherwise(.count(10_000)))
  static let randomFirst = Parameter(
    "random-first", .count(0...1_000_000_000), "steps of the environment with uniform actions before an agent learns",
    .otherwise(.count(1000)))
  static let stepsPerUpdate = Parameter(
    "steps-per-update", .count(1...1_000_000), "steps of the environment in a local step", .otherwise(.count(1)))

  /// A parameter that is one of the words of an enumeration.
  static func choice<Word: RawRepresentable & CaseIterable>(
    _ name: String, _ usual: Word, _ meaning: String
  ) -> Parameter where Word.RawValue == String {
    Parameter(name, .choice(Word.allCases.map(\.rawValue)), meaning, .otherwise(.text(usual.rawValue)))
  }
}

/// What such learners cannot have.
extension Fault {
  static func ofHiddenUnits(_ units: [Int]) -> Fault? {
    (1...14).contains(units.count) ? nil : Fault("hidden-units", "must name 1 to 14 hidden layers")
  }

  static func ofReplay(_ replay: Int, batch: Int) -> Fault? {
    guard replay < batch else { return nil }
    return Fault(
      "replay", "keeps \(counted(replay, "transition")), but a batch has \(batch)", hint: "keep at least \(batch)")
  }
}

/// Which actions go with which learners.
extension EnvironmentDefinition {
  /// What is wrong with a learner here that acts with numbers.
  var faultOfNumbers: Fault? {
    guard actionChoices != nil else { return nil }
    return .whole(
      "acts with numbers, but an action in environment \(name) is \(actionWords)", hint: "use dqn, which chooses")
  }

  /// What is wrong with a learner here that chooses among actions.
  var faultOfChoices: Fault? {
    guard actionChoices == nil else { return nil }
    return .whole(
      "chooses among actions, but an action in environment \(name) is \(actionWords)",
      hint: "use actor-critic, which acts with numbers")
  }
}
