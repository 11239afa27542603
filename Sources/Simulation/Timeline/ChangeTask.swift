// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Schema

extension DisturbanceDefinition {
  /// Changes what agents learn from. Steps that have begun end with the data and episodes of the old task.
  static let changeTask = DisturbanceDefinition(
    name: "change-task", meaning: "agents learn something else from then on",
    parameters: [
      Parameter("agents", .agents, "whose task changes; by default all", .optional),
      Parameter("truth", truth, "linear regression: the minimisers of these agents move by one vector", .alternative),
      Parameter(
        "shift", .count(-1_000_000...1_000_000),
        "control, five-state and grid-world: each agent takes the task so many places on", .alternative),
    ],
    holds: false,
    change: { .tasks($0.agents, ScriptedTaskChange($0)) })

  private static let truth = Kind.described(
    .oneOf([
      Parameter("distance", .number(.notNegative), "in a direction that is drawn", .optional),
      Parameter("by", .list(.number(.anyNumber)), "these M numbers", .optional),
      Parameter(
        "walk", .number(.notNegative), "each entry by a normal number of this standard deviation", .optional),
    ]), "{distance: 1} in a direction that is drawn, {by: [M numbers]}, or {walk: 0.1}, normal in each entry")
}

/// How tasks change by the timeline.
package enum ScriptedTaskChange: Sendable, Equatable {
  /// Minimisers move so far, in a direction that is drawn.
  case distance(Double)
  case by([Double])
  /// Each entry of minimisers moves by a normal number of this standard deviation.
  case walk(Double)
  case shift(Int)

  init(_ arguments: Arguments) {
    let truth = arguments["truth"]?.record
    if let distance = truth?.number("distance") {
      self = .distance(distance)
    } else if let walk = truth?.number("walk") {
      self = .walk(walk)
    } else if let vector = truth?["by"]?.numbers {
      self = .by(vector)
    } else {
      self = .shift(arguments["shift"]?.count ?? 0)
    }
  }

  /// What tasks have to know of.
  package var kind: TaskChange.Kind {
    switch self {
    case .distance, .by, .walk: .move
    case .shift: .shift
    }
  }

  /// Whether what it does is drawn.
  var isDrawn: Bool {
    switch self {
    case .distance(let size), .walk(let size): size > 0
    case .by, .shift: false
    }
  }
}
