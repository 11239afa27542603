// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Schema

/// Several grid worlds (`GridWorld`) with one agent in each, known exactly to the agents that learn them.
package struct GridWorldSettings: Sendable, Equatable {
  /// Where episodes start that agents learn from.
  package enum Starts: String, Sendable, CaseIterable {
    /// In the corner of the layout.
    case corner
    /// In every cell with the same probability.
    case anywhere
  }

  package var layout: GridLayout
  package var leaving: GridWorld.Leaving
  package var starts: Starts
  /// γ.
  package var discount: Double

  package init(
    layout: GridLayout = .noConflict, leaving: GridWorld.Leaving = .stay, starts: Starts = .corner,
    discount: Double = 0.95
  ) {
    (self.layout, self.leaving, self.starts, self.discount) = (layout, leaving, starts, discount)
  }

  /// The tasks.
  package var worlds: [GridWorld] { layout.worlds(leaving: leaving) }

  /// The best way through all tasks at once that comes to no cell twice.
  package var bestPath: SimplePath { SimplePath(best: worlds, from: layout.corner, discount: discount) }

  /// The processes that agents learn from, and those in which they are judged: the same from the corner.
  func processes() throws(EnvironmentError) -> (learnt: [FiniteDecisionProcess], judged: [FiniteDecisionProcess]) {
    var (learnt, judged) = ([FiniteDecisionProcess](), [FiniteDecisionProcess]())
    for world in worlds {
      let corner = world.start(in: layout.corner)
      judged.append(try world.process(discount: discount, start: corner))
      learnt.append(
        try world.process(discount: discount, start: starts == .corner ? corner : world.startAnywhere))
    }
    return (learnt, judged)
  }
}

extension TaskDefinition {
  /// Grid worlds that agents know exactly.
  package static let gridWorld = TaskDefinition(
    name: "grid-world", meaning: "a goal among obstacles on a grid of 10 x 10 cells, elsewhere for each agent",
    source:
      "Zeng et al., A decentralized policy gradient approach to multi-task reinforcement learning, 2021, figure 2",
    parameters: [
      Parameter(
        "layout", .choice(GridLayout.allCases.map(\.rawValue)),
        "where goals and obstacles are, of four or six tasks, and from which corner agents start",
        .otherwise(.text(GridLayout.noConflict.rawValue))),
      Parameter(
        "leaving", .choice(GridWorld.Leaving.allCases.map(\.rawValue)),
        "whether a step across the border leaves the agent where it is, or ends the episode with -1",
        .otherwise(.text(GridWorld.Leaving.stay.rawValue))),
      Parameter(
        "starts", .choice(GridWorldSettings.Starts.allCases.map(\.rawValue)),
        "where episodes start that agents learn from; returns are those from the corner",
        .otherwise(.text(GridWorldSettings.Starts.corner.rawValue))),
      Parameter(
        "discount", .number(Bounds(lower: 0, upper: FiveStateSettings.greatestDiscount)), "of rewards, per step",
        .otherwise(.number(0.95))),
    ], usualLearner: "policy-gradient", scoresEveryTask: true,
    facts: { arguments in
      var facts = TaskFacts(
        parameterCount: GridLayout.noConflict.worlds()[0].cellCount * GridWorld.actionCount, minimisers: .unknownAscent,
        closedForm: .none("There is no closed form for agents that act."))
      facts.changes = [.shift]
      return facts
    },
    draw: { arguments, draw in
      try FiniteTasks(
        GridWorldSettings(arguments), stepSize: draw.learner.stepSize, agents: draw.agents, seed: draw.seed,
        replication: draw.replication)
    })
}

extension TaskSettings {
  package static func gridWorld(_ settings: GridWorldSettings) -> TaskSettings {
    TaskSettings(
      .gridWorld,
      [
        "layout": .text(settings.layout.rawValue), "leaving": .text(settings.leaving.rawValue),
        "starts": .text(settings.starts.rawValue), "discount": .number(settings.discount),
      ])
  }

  /// The settings of grid worlds, where they are the task.
  package var gridWorld: GridWorldSettings? { definition == .gridWorld ? GridWorldSettings(arguments) : nil }
}

extension GridWorldSettings {
  fileprivate init(_ arguments: Arguments) {
    self.init(
      layout: arguments.choice("layout"), leaving: arguments.choice("leaving"), starts: arguments.choice("starts"),
      discount: arguments.number("discount") ?? 0)
  }
}
