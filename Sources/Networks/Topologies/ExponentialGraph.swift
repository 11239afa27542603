// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// The static exponential graph: agent i sends to the agents i + 2ʲ mod N, for all 2ʲ below N. It mixes almost as
  /// fast as a complete graph, with log₂ N links per agent. Undirected, agents also hear whom they send to.
  ///
  /// Source: Ying, Yuan, Chen, Hu, Pan and Yin, "Exponential graph is provably efficient for decentralized deep
  /// training", NeurIPS 2021.
  package static let exponential = TopologyDefinition(
    name: "exponential",
    meaning: "agents on a circle, each linked with those that are a power of two away",
    parameters: [.agents, .directed(true)],
    examples: [1, 2, 3, 8, 13].flatMap { count in
      [false, true].map { Arguments(["agents": .count(count), "directed": .flag($0)]) }
    },
    links: { arguments in
      let agents = arguments.count("agents")
      let offsets = powersOfTwo(below: agents)
      let steps = arguments.flag("directed") ? offsets : Array(Set(offsets.flatMap { [$0, agents - $0] }))
      return Double(agents) * Double(steps.count)
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let agents = arguments.count("agents")
      return try .circulant(
        agents: agents, offsets: powersOfTwo(below: agents), isDirected: arguments.flag("directed"))
    })
}

/// 1, 2, 4 and so on below a bound.
private func powersOfTwo(below bound: Int) -> [Int] {
  (0..<62).map { 1 << $0 }.filter { $0 < bound }
}
