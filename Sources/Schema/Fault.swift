// SPDX-License-Identifier: GPL-3.0-or-later

/// What is wrong with the values of parameters, without the place: this is found by the names of the parameters.
public struct Fault: Error, Sendable, Equatable {
  package enum Subject: Sendable, Equatable {
    /// What the parameters are of, such as a topology or a law.
    case whole
    /// The value of a parameter.
    case parameter(String)
    /// A parameter that it cannot do without.
    case missing(String)
    /// One of these is needed.
    case noneOf([String])
    /// Only one of the two can be given.
    case both(String, String)
  }

  package let subject: Subject
  /// Follows the name of the subject, such as "is 4, but an agent has only 3 others".
  package let trouble: String
  /// What probably helps.
  package let hint: String?
  /// What is allowed.
  package let allowed: String?

  /// The parameter that it is about; of two the second, and nothing where it is about all or about an absence.
  package var parameter: String? {
    switch subject {
    case .parameter(let name), .both(_, let name): name
    case .whole, .missing, .noneOf: nil
    }
  }

  private init(_ subject: Subject, _ trouble: String, hint: String?, allowed: String?) {
    (self.subject, self.trouble, self.hint, self.allowed) = (subject, trouble, hint, allowed)
  }

  /// What is wrong with the value of a parameter.
  public init(_ parameter: String, _ trouble: String, hint: String? = nil, allowed: String? = nil) {
    self.init(.parameter(parameter), trouble, hint: hint, allowed: allowed)
  }

  /// What is wrong with all values together.
  public static func whole(_ trouble: String, hint: String? = nil) -> Fault {
    Fault(.whole, trouble, hint: hint, allowed: nil)
  }

  package static func missing(_ parameter: String) -> Fault {
    Fault(.missing(parameter), "has no '\(parameter)'", hint: nil, allowed: nil)
  }

  package static func noneOf(_ parameters: [String]) -> Fault {
    Fault(.noneOf(parameters), "needs \(alternatives(parameters.map { "'\($0)'" }))", hint: nil, allowed: nil)
  }

  package static func both(_ first: String, _ second: String) -> Fault {
    Fault(.both(first, second), "has both '\(first)' and '\(second)'", hint: "give one of the two", allowed: nil)
  }
}
