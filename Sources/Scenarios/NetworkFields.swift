// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// The section `network` as it is written; which keys go together is checked once it is read.
struct NetworkDraft {
  enum Topology: String, CaseIterable {
    case ring
    case randomGeometric = "random-geometric"
    case edgeList = "edge-list"
  }

  enum Agents {
    case count(Int)
    case names([String])
  }

  var topology = Topology.ring
  var agents: Agents?
  var radius: Double?
  var meanDegree: Double?
  var edges: [NetworkSettings.Edge]?
  var weights = NetworkSettings.Weights.metropolis
  var requiresConnection = true
  var redraws = 100

  init() {}

  /// The draft that says the same as the settings.
  init(_ settings: NetworkSettings) {
    weights = settings.weights
    requiresConnection = settings.requiresConnection
    redraws = settings.redraws
    switch settings.topology {
    case .ring(let count):
      agents = .count(count)
    case .randomGeometric(let count, let reach):
      topology = .randomGeometric
      agents = .count(count)
      switch reach {
      case .radius(let radius): self.radius = radius
      case .meanDegree(let degree): meanDegree = degree
      }
    case .edgeList(let names, let edges):
      topology = .edgeList
      agents = .names(names)
      self.edges = edges
    }
  }

  static var record: Record<NetworkDraft> {
    Record([
      Field("topology", \.topology, .choice, "how the graph is made", required: true),
      Field("agents", \.agents, agentsCodec.orWord(), "how many agents", hidden: { $0.agents == nil }),
      Field(
        "radius", \.radius, Codec.quantity(.number, Bounds(lower: 0, includesLower: false, upper: 1.5)).orWord(),
        "agents of the unit square hear each other at this distance", hidden: { $0.radius == nil }),
      Field(
        "mean-degree", \.meanDegree, Codec.quantity(.number, .positive).orWord(),
        "mean number of neighbours, instead of a radius", hidden: { $0.meanDegree == nil }),
      Field("edges", \.edges, edgeCodec.list.orWord(), "pairs of agents by name", hidden: { $0.edges == nil }),
      Field("weights", \.weights, .choice, "rule of the combination matrix"),
      Field("require-connected", \.requiresConnection, .flag, "whether a graph in several pieces is refused"),
      Field("redraws", \.redraws, .count(0...1_000_000), "how often a random graph in pieces is drawn again"),
    ])
  }

  private static var agentsCodec: Codec<Agents> {
    let count = Codec<Int>.count(1...Self.mostAgents)
    let names = Codec<String>.line.list
    return Codec(
      allowed: "\(count.allowed); of an edge-list the list of names",
      read: { (tree, path) throws(ScenarioError) -> Agents in
        if case .list = tree.content { return .names(try names.read(tree, path)) }
        return .count(try count.read(tree, path))
      },
      write: { agents in
        switch agents {
        case .count(let number): count.write(number)
        case .names(let list): names.write(list)
        }
      })
  }

  static let mostAgents = 1_000_000

  private static var edgeCodec: Codec<NetworkSettings.Edge> {
    let names = Codec<String>.line.list
    return Codec(
      allowed: "two agents such as [a, b]",
      read: { (tree, path) throws(ScenarioError) -> NetworkSettings.Edge in
        guard case .list(let items) = tree.content, items.count == 2 else {
          throw mistyped(tree, path, mustBe: "two agents such as [a, b]")
        }
        let ends = try names.read(tree, path)
        guard ends[0] != ends[1] else { throw tree.error("\(path) links '\(ends[0])' with itself") }
        return NetworkSettings.Edge(ends[0], ends[1])
      },
      write: { names.write([$0.first, $0.second]) })
  }
}
