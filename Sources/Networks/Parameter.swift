// SPDX-License-Identifier: GPL-3.0-or-later

/// One thing that can be said about a topology or a combination rule. Reading, errors and printing of scenarios
/// follow from these descriptions.
package struct Parameter: Sendable {
  /// What values it takes.
  package enum Kind: Sendable, Equatable {
    /// A whole number.
    case count(ClosedRange<Int>)
    /// A number above, or where `includesLower` not below, the lower end and at most the upper end.
    case number(lower: Double, includesLower: Bool, upper: Double)
    /// A number from 0 to 1.
    case probability
    /// Yes or no.
    case flag
    /// A list of whole numbers.
    case counts(ClosedRange<Int>)
    /// A list of the agents' names.
    case names
    /// A list of pairs of agents. Scenarios can also read it from a file.
    case edges
    /// A number above zero for all agents, one for each, or the word `noise-variance`.
    case perAgent
    /// A list of rows of numbers.
    case matrix
  }

  /// Whether it must be given.
  package enum Presence: Sendable, Equatable {
    case required
    /// What stands where it is not given.
    case otherwise(Argument)
    /// It may be left out.
    case optional
    /// Exactly one of the parameters of this kind must be given.
    case alternative
  }

  /// The key in scenarios.
  package let name: String
  package let meaning: String
  package let kind: Kind
  package let presence: Presence
  /// A value as it is written, for hints.
  package let example: String?

  package init(
    _ name: String, _ kind: Kind, _ meaning: String, _ presence: Presence = .required, example: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
    self.presence = presence
    self.example = example
  }
}

/// The value of a parameter.
package enum Argument: Sendable, Equatable {
  case count(Int)
  case number(Double)
  case flag(Bool)
  case counts([Int])
  case names([String])
  case edges([NetworkSettings.Edge])
  case numbers([Double])
  case matrix([[Double]])
  /// The noise variance of each agent, which only the task knows.
  case noiseVariance
}

/// The values of the parameters of a topology or a rule, by name.
package struct Arguments: Sendable, Equatable {
  private var values: [String: Argument]

  package init(_ values: [String: Argument] = [:]) { self.values = values }

  package subscript(_ name: String) -> Argument? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// A whole number that must have been given.
  package func count(_ name: String) -> Int {
    guard case .count(let value)? = values[name] else { preconditionFailure("The count ‘\(name)’ was not given.") }
    return value
  }

  /// A number, where it was given.
  package func number(_ name: String) -> Double? {
    if case .number(let value)? = values[name] { value } else { nil }
  }

  /// Yes if it was given and says so.
  package func flag(_ name: String) -> Bool { values[name] == .flag(true) }

  /// A list of whole numbers, empty where it was not given.
  package func counts(_ name: String) -> [Int] {
    if case .counts(let value)? = values[name] { value } else { [] }
  }

  /// These values, and for what is missing what its parameter says stands there.
  package func completed(by parameters: [Parameter]) -> Arguments {
    var all = self
    for parameter in parameters where all[parameter.name] == nil {
      if case .otherwise(let value) = parameter.presence { all[parameter.name] = value }
    }
    return all
  }
}

/// Why values of parameters do not go together: the parameter and what is wrong with it, to follow its name.
package struct ArgumentFault: Error, Sendable, Equatable {
  package let parameter: String
  /// Such as "is 4, but an agent has only 3 others".
  package let fault: String
  /// What probably helps.
  package let hint: String?

  package init(_ parameter: String, _ fault: String, hint: String? = nil) {
    self.parameter = parameter
    self.fault = fault
    self.hint = hint
  }
}

/// A number as a person writes it: without a point where it is whole.
func plain(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}
