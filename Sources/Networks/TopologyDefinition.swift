// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// A topology: its name and parameters, how large its graphs are, and how they are made.
///
/// A topology is one file in `Topologies/` that makes one of these, and a line in `all`.
package struct TopologyDefinition: Definition {
  /// The most agents that a scenario can ask for.
  package static let mostAgents = 1_000_000

  /// The name in scenarios.
  package let name: String
  package let meaning: String
  /// The name in running text, as in "the random geometric graph".
  package let title: String
  package let parameters: [Parameter]
  /// Small graphs of this topology, which tests of all topologies go through.
  package let examples: [Arguments]
  /// The number of agents, `Int.max` where it is too large for a whole number.
  let agents: @Sendable (Arguments) -> Int
  /// The number of directed links, expected where the graph is drawn. It must not take memory or time.
  let links: @Sendable (Arguments) -> Double
  /// What about the values cannot be, beyond what each parameter allows.
  let check: @Sendable (Arguments) -> Fault?
  /// What to change when the graph was never connected; nothing where it is not random.
  let remedy: (@Sendable (Arguments) -> String)?
  let graph: @Sendable (Arguments, GraphDraw) throws(NetworkError) -> Graph

  package init(
    name: String, title: String? = nil, meaning: String, parameters: [Parameter], examples: [Arguments],
    agents: @escaping @Sendable (Arguments) -> Int = { $0.count("agents") },
    links: @escaping @Sendable (Arguments) -> Double,
    check: @escaping @Sendable (Arguments) -> Fault? = { _ in nil },
    remedy: (@Sendable (Arguments) -> String)? = nil,
    graph: @escaping @Sendable (Arguments, GraphDraw) throws(NetworkError) -> Graph
  ) {
    self.name = name
    self.meaning = meaning
    self.title = title ?? name.split(separator: "-").joined(separator: " ")
    self.parameters = parameters
    self.examples = examples
    self.agents = agents
    self.links = links
    self.check = check
    self.remedy = remedy
    self.graph = graph
  }

  /// Whether two networks of one setting can differ.
  package var isRandom: Bool { remedy != nil }

  /// What about the values cannot be, beyond what each parameter allows.
  package func fault(_ arguments: Arguments) -> Fault? { check(arguments) }
}

extension TopologyDefinition {
  /// The topology of a name.
  package static func named(_ name: String) -> TopologyDefinition? { all.first { $0.name == name } }
}

/// Which draw of a random graph is wanted.
package struct GraphDraw: Sendable {
  package let seed: UInt64
  package let replication: UInt32
  /// How often the graph was drawn before.
  package let number: Int

  package init(seed: UInt64, replication: UInt32, number: Int = 0) {
    self.seed = seed
    self.replication = replication
    self.number = number
  }

  /// The random numbers of this draw for an agent, or another part of the graph, by name.
  func draws(_ purpose: Purpose, _ name: String) -> Draws {
    let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
    return Draws(family.key(EntityKey(name)), at: UInt64(number))
  }
}

extension Parameter {
  /// How many agents there are.
  static var agents: Parameter { Parameter("agents", .count(1...TopologyDefinition.mostAgents), "how many there are") }

  /// Whether links go one way only.
  static func directed(_ byDefault: Bool) -> Parameter {
    Parameter("directed", .flag, "whether links go one way only", .otherwise(.flag(byDefault)))
  }
}

/// The product of two counts, or `Int.max`.
func cappedProduct(_ left: Int, _ right: Int) -> Int {
  let (product, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow ? .max : product
}
