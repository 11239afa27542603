// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// Whom something is about: agents by name, at random, by their place in the network, or whom something else chose.
package enum AgentSelector: Sendable, Equatable {
  /// So many of those that are there.
  package enum Extent: Sendable, Equatable {
    case count(Int)
    /// Rounded to the nearest number of agents.
    case share(Double)

    /// How many that is, where there are so many.
    package func count(of all: Int) -> Int {
      switch self {
      case .count(let count): min(count, all)
      case .share(let share): Int((share * Double(all)).rounded())
      }
    }
  }

  case all
  case named([String])
  /// At random; a larger extent contains a smaller one.
  case random(Extent)
  /// Those with the most neighbours, of equal ones the first by name.
  case highestDegree(Extent)
  /// A group of `conditions.groups`; nothing means one that is drawn.
  case group(String?)
  /// A region of `conditions.links.latency.regions`; nothing means one that is drawn.
  case region(String?)
  /// Whom an event of the timeline chose when it came last.
  case event(String)
}

extension AgentSelector {
  /// Whether it may turn out in several ways, all else being equal.
  package var isDrawn: Bool {
    switch self {
    case .random(.count), .group(nil), .region(nil): true
    case .random(.share(let share)): 0 < share && share < 1
    case .all, .named, .highestDegree, .group, .region, .event: false
    }
  }
}

// MARK: - As it is written

extension Kind {
  /// Agents.
  package static let agents = Kind.described(
    .either([.word(AgentSelector.everybody), .list(.line), .oneOf(AgentSelector.choices)]),
    "all, a list of names such as [agent-3], or a map with one of the keys "
      + alternatives(AgentSelector.choices.map(\.name)))
}

extension AgentSelector {
  fileprivate static let everybody = "all"
  /// Stands for a group or region that is drawn.
  package static let anyOne = "any"
  private static let properShare = Bounds(lower: 0, includesLower: false, upper: 1, includesUpper: false)

  /// The keys of a map that chooses agents.
  package static let choices: [Parameter] = [
    Parameter("share", .probability, "of the agents, at random; a larger share contains a smaller one", .optional),
    Parameter("count", .count(1...Int(Int32.max)), "so many agents, at random", .optional),
    Parameter(
      "highest-degree",
      .described(
        .either([.count(1...Int(Int32.max)), .quantity(.share, properShare)]),
        "how many agents, or a share such as 10 %"), "those with the most neighbours", .optional),
    Parameter("group", .line, "of conditions.groups, by its name; any: one that is drawn", .optional),
    Parameter("region", .line, "of the latency's regions, by its name; any: one that is drawn", .optional),
    Parameter("event", .line, "whom the event of this name chose, last time", .optional),
  ]

  /// What is written; nothing where it says nothing of agents.
  package init?(_ argument: Argument) {
    if argument.text == Self.everybody {
      self = .all
    } else if let names = argument.names {
      self = .named(names)
    } else if let record = argument.record, let (key, value) = record.values.first, record.values.count == 1 {
      self.init(key, value)
    } else {
      return nil
    }
  }

  private init?(_ key: String, _ value: Argument) {
    func name(_ text: String) -> String? { text == Self.anyOne ? nil : text }
    switch (key, value) {
    case ("share", .number(let share)): self = .random(.share(share))
    case ("count", .count(let count)): self = .random(.count(count))
    case ("highest-degree", .count(let count)): self = .highestDegree(.count(count))
    case ("highest-degree", .number(let share)): self = .highestDegree(.share(share))
    case ("group", .text(let text)): self = .group(name(text))
    case ("region", .text(let text)): self = .region(name(text))
    case ("event", .text(let text)): self = .event(text)
    default: return nil
    }
  }

  /// The same as it is written.
  package var argument: Argument {
    func extent(_ extent: Extent) -> Argument {
      switch extent {
      case .count(let count): .count(count)
      case .share(let share): .number(share)
      }
    }
    switch self {
    case .all: return .text(Self.everybody)
    case .named(let names): return .names(names)
    case .random(.share(let share)): return .record(["share": .number(share)])
    case .random(.count(let count)): return .record(["count": .count(count)])
    case .highestDegree(let size): return .record(["highest-degree": extent(size)])
    case .group(let name): return .record(["group": .text(name ?? Self.anyOne)])
    case .region(let name): return .record(["region": .text(name ?? Self.anyOne)])
    case .event(let name): return .record(["event": .text(name)])
    }
  }
}
