// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Groups of agents, such as racks, that scenarios can name (`conditions.groups`).
package enum AgentGroups: Sendable, Equatable {
  /// By name, with the names of their agents. An agent may be in several groups, or in none.
  case named([String: [String]])
  /// So many agents each, in the natural order of their names: `group-0`, `group-1` and so on. The last may be smaller.
  case size(Int)
}

/// Agents that have something in common: a group of a scenario, or a region.
package struct AgentGroup: Sendable, Equatable {
  package let name: String
  /// In rising order.
  package let ranks: [Int]

  package init(name: String, ranks: [Int]) {
    self.name = name
    self.ranks = ranks
  }
}

extension AgentGroups {
  /// The names of the groups of so many agents, in natural order.
  package func names(agents count: Int) -> [String] {
    switch self {
    case .named(let agents): agents.keys.sorted(by: naturallyPrecedes)
    case .size(let size): (0..<(count + size - 1) / size).map { "group-\($0)" }
    }
  }

  /// The groups of agents that have these names, in the natural order of the groups' own.
  package func groups(of agents: [String]) -> [AgentGroup] {
    switch self {
    case .named(let members):
      let ranks = Dictionary(uniqueKeysWithValues: zip(agents, 0...))
      return names(agents: agents.count).map { name in
        AgentGroup(name: name, ranks: (members[name] ?? []).compactMap { ranks[$0] }.sorted())
      }
    case .size(let size):
      return names(agents: agents.count).enumerated().map { number, name in
        AgentGroup(name: name, ranks: Array(number * size..<min(agents.count, (number + 1) * size)))
      }
    }
  }
}
