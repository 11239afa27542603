// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Schema

/// What can be said of several learners whose networks act.
extension Parameter {
  static let hiddenUnits = Parameter(
    "hidden-units",
    .described(.list(.count(1...100_000)), "a list with a number for each layer such as [64, 64]"),
    "units of each hidden layer, in both networks", .otherwise(.counts([64, 64])))
  static let activation = choice("activation", ActorCriticSettings.Unit.rectifier, "of hidden units")
  static let optimiser = choice("optimiser", ActorCriticSettings.OptimiserRule.adam, "moments stay with the agent")
  static let discount = Parameter("discount", .probability, "of rewards, per step", .otherwise(.number(0.99)))
  static let gradientClip = Parameter(
    "gradient-clip", Kind.number(.positive).orWord(), "longest norm, of each network", .otherwise(.text("none")))
  static let hiddenStart = choice("hidden-start", ActorCriticSettings.HiddenStart.uniform, "how weights start")
  static let networkStart = choice(
    "start", ActorCriticSettings.Start.common, "whether all agents start from the same parameters")

  /// A parameter that is one of the words of an enumeration.
  static func choice<Word: RawRepresentable & CaseIterable>(
    _ name: String, _ usual: Word, _ meaning: String
  ) -> Parameter where Word.RawValue == String {
    Parameter(name, .choice(Word.allCases.map(\.rawValue)), meaning, .otherwise(.text(usual.rawValue)))
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
