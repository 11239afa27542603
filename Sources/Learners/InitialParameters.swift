// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// Where the agents' parameters start.
///
/// *Randomness*: `initialParameters` of the agent at index 0.
public struct InitialParameters: ~Copyable {
  /// How they are given.
  public enum Choice: Sendable, Equatable {
    /// Every entry of every agent is this number.
    case constant(Double)
    /// Every entry is drawn from a normal law with mean zero and this standard deviation, per replication.
    case normal(standardDeviation: Double)
    /// One number for each agent, in the natural order of their names: every entry of the agent.
    case values([Double])
    /// These M numbers, for every agent.
    case entries([Double])
  }

  private let dimension: Int
  private let choice: Choice
  private let keys: Column<StreamKey>

  /// The initial parameters of some agents in a replication.
  public init(_ choice: Choice, dimension: Int, agents: [EntityKey], seed: UInt64, replication: UInt32) {
    self.dimension = dimension
    self.choice = choice
    let family = StreamFamily(seed: seed, replication: replication, purpose: .initialParameters)
    keys = Column(agents.map { family.key($0) })
  }

  /// Writes an agent's parameters.
  public func write(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    switch choice {
    case .constant(let value):
      parameters.update(repeating: value, count: dimension)
    case .values(let values):
      parameters.update(repeating: values[node.index], count: dimension)
    case .entries(let values):
      for index in 0..<dimension { parameters[index] = values[index] }
    case .normal(let deviation):
      var draws = Draws(keys[node.index], at: 0)
      fillStandardNormal(UnsafeMutableBufferPointer(start: parameters, count: dimension), from: &draws)
      for index in 0..<dimension { parameters[index] *= deviation }
    }
  }
}

// MARK: - As a parameter

extension Parameter {
  /// Where parameters start.
  public static let initial = Parameter(
    "initial",
    .described(
      .either([
        .listPerAgent(.number(.anyNumber)),
        .oneOf([
          Parameter("normal", .record([Parameter("standard-deviation", .number(.notNegative), "")]), ""),
          Parameter("entries", .list(.number(.anyNumber)), ""),
        ]),
        .number(.anyNumber),
      ]),
      "a number, a list with one number per agent, {normal: {standard-deviation: 1}}, or {entries: [M numbers]} for "
        + "every agent"), "where parameters start", .otherwise(.number(0)))
}

extension InitialParameters.Choice {
  /// What the parameter says; zero where it was not given.
  init(_ argument: Argument?) {
    if let values = argument?.numbers {
      self = .values(values)
    } else if let deviation = argument?.record?["normal"]?.record?.number("standard-deviation") {
      self = .normal(standardDeviation: deviation)
    } else if let entries = argument?.record?["entries"]?.numbers {
      self = .entries(entries)
    } else {
      self = .constant(argument?.number ?? 0)
    }
  }

  /// What says it.
  var argument: Argument {
    switch self {
    case .constant(let value): .number(value)
    case .values(let values): .numbers(values)
    case .normal(let deviation): .record(["normal": .record(["standard-deviation": .number(deviation)])])
    case .entries(let entries): .record(["entries": .numbers(entries)])
    }
  }

  /// Whether it is drawn.
  public var varies: Bool { if case .normal(let deviation) = self { deviation > 0 } else { false } }

  /// Why agents do not start from one point, and what to say instead; nothing where they do.
  var apart: (parameter: String, hint: String)? {
    switch self {
    case .constant, .entries: nil
    case .normal, .values: ("initial", "use a number, or {entries: [M numbers]}, for all")
    }
  }

  /// What is wrong with it where agents have so many parameters.
  package func fault(parameterCount: Int) -> Fault? {
    guard case .entries(let entries) = self, entries.count != parameterCount else { return nil }
    return Fault(
      "initial",
      "has \(counted(entries.count, "entry", "entries")), but agents have \(counted(parameterCount, "parameter"))")
  }
}
