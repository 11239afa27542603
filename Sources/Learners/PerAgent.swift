// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

/// A number that agents have each for themselves.
public enum PerAgent: Sendable, Equatable {
  /// Drawn once per study for each agent (a constant gives all the same).
  case law(Distribution)
  /// Given for each agent, in the natural order of the agents' names.
  case values([Double])
}

extension PerAgent {
  /// The numbers of all agents times a factor above zero; nothing where a law does not allow such a size.
  package func scaled(by factor: Double) -> PerAgent? {
    switch self {
    case .law(let law): law.scaled(by: factor).map { .law($0) }
    case .values(let values): .values(values.map { $0 * factor })
    }
  }

  /// The number of each agent; a law is drawn from the agents' streams at an index.
  public func drawn(for agents: [EntityKey], from family: StreamFamily, at index: UInt64) -> [Double] {
    switch self {
    case .law(let law): agents.map { law.sample(family.key($0), at: index) }
    case .values(let values): values
    }
  }

  /// Whether nothing about it is drawn.
  package var isConstant: Bool {
    if case .law(let law) = self { law.isConstant } else { true }
  }

  /// Whether every agent has zero.
  package var isZero: Bool {
    switch self {
    case .law(let law): law == .constant(0)
    case .values(let values): values.allSatisfy { $0 == 0 }
    }
  }
}

// MARK: - As a value of a parameter

extension Kind {
  /// One number for all agents, a law that they are drawn from, or a list with one number for each.
  public static func perAgent(_ rule: LawRule) -> Kind {
    .described(
      .either([.listPerAgent(.quantity(rule.kind, rule.bounds)), .law(rule)]),
      "a number, a law, or a list with one number per agent")
  }
}

extension Arguments {
  /// The numbers of agents that a parameter of kind `perAgent` gives; all zero where it was not given.
  public func perAgent(_ name: String) -> PerAgent {
    self[name]?.perAgent ?? .law(.constant(0))
  }

  /// These values, for what is missing what its parameter says stands there, and a law wherever there can be one, so that
  /// what means the same is equal.
  package func settled(by parameters: [Parameter]) -> Arguments {
    var all = completed(by: parameters)
    for parameter in parameters where parameter.kind.canBeLaw {
      guard let number = all[parameter.name]?.number else { continue }
      all[parameter.name] = .special(Distribution.constant(number))
    }
    return all
  }
}

extension Argument {
  /// The numbers of agents that it says.
  package var perAgent: PerAgent { numbers.map { .values($0) } ?? .law(law) }

  /// What says such numbers.
  package static func perAgent(_ value: PerAgent) -> Argument {
    switch value {
    case .law(let law): .special(law)
    case .values(let values): .numbers(values)
    }
  }
}

extension Kind {
  fileprivate var canBeLaw: Bool {
    switch self {
    case .law: true
    case .described(let kind, _): kind.canBeLaw
    case .either(let kinds): kinds.contains(where: \.canBeLaw)
    default: false
    }
  }
}
