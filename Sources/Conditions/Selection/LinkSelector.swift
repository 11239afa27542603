// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// Which links something is about.
package enum LinkSelector: Sendable, Equatable {
  /// Which of the two links of an edge.
  package enum Direction: String, Sendable, CaseIterable {
    case both
    /// As a pair is written; what chosen agents send; from the first group to the second; else from the first by name.
    case forward
    case backward
  }

  case all
  /// Two names each.
  case pairs([[String]])
  /// Every link from or to these agents.
  case of(AgentSelector)
  /// Such a share of the edges, at random; a larger share contains a smaller one.
  case share(Double)
  /// Every edge between two groups, or two regions.
  case between(String, String)
  /// Those that an event of the timeline chose when it came last.
  case event(String)
}

extension LinkSelector {
  /// Whether it may turn out in several ways, all else being equal.
  package var isDrawn: Bool {
    switch self {
    case .of(let agents): agents.isDrawn
    case .share(let share): 0 < share && share < 1
    case .all, .pairs, .between, .event: false
    }
  }
}

// MARK: - As it is written

extension Kind {
  /// Links.
  package static let links = Kind.described(
    .either([
      .word(LinkSelector.everything), .list(.described(.list(.line), "two agents such as [a, b]")),
      .oneOf(LinkSelector.choices),
    ]),
    "all, a list of pairs such as [[a, b]], or a map with one of the keys "
      + alternatives(LinkSelector.choices.map(\.name)))
}

extension LinkSelector {
  fileprivate static let everything = "all"

  /// The keys of a map that chooses links.
  package static let choices: [Parameter] = [
    Parameter("of", .agents, "every link from or to these agents", .optional),
    Parameter("share", .probability, "of the edges, at random; a larger share contains a smaller one", .optional),
    Parameter(
      "between", .described(.list(.line), "two groups such as [west, east]"),
      "every edge between two groups of conditions.groups, or two regions", .optional),
    Parameter("event", .line, "those that the event of this name chose, last time", .optional),
  ]

  /// What is written; nothing where it says nothing of links.
  package init?(_ argument: Argument) {
    if argument.text == Self.everything {
      self = .all
    } else if let pairs = argument.list?.map(\.names) {
      self = .pairs(pairs.compactMap { $0 })
    } else if let record = argument.record, let (key, value) = record.values.first, record.values.count == 1 {
      self.init(key, value)
    } else {
      return nil
    }
  }

  private init?(_ key: String, _ value: Argument) {
    switch (key, value) {
    case ("of", _):
      guard let agents = AgentSelector(value) else { return nil }
      self = .of(agents)
    case ("share", .number(let share)): self = .share(share)
    case ("event", .text(let name)): self = .event(name)
    case ("between", _):
      guard let names = value.names, names.count == 2 else { return nil }
      self = .between(names[0], names[1])
    default: return nil
    }
  }

  /// The same as it is written.
  package var argument: Argument {
    switch self {
    case .all: .text(Self.everything)
    case .pairs(let pairs): .list(pairs.map { .names($0) })
    case .of(let agents): .record(["of": agents.argument])
    case .share(let share): .record(["share": .number(share)])
    case .between(let first, let second): .record(["between": .names([first, second])])
    case .event(let name): .record(["event": .text(name)])
    }
  }
}
