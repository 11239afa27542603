// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Randomness
import Schema

/// Agents whose minimisers all lie elsewhere, away from the others' by one vector: slow agents that alone know something
/// are the case in which asynchronous strategies are biased.
package struct TruthOffset: Sendable, Equatable {
  package enum Choice: Sendable, Equatable {
    /// Those that `conditions.compute.stragglers` slows down.
    case stragglers
    case selected(AgentSelector)
  }

  package var agents: Choice
  /// The length of the vector; its direction is drawn once per study.
  package var distance: Double

  package init(agents: Choice, distance: Double) {
    self.agents = agents
    self.distance = distance
  }

  /// M numbers.
  ///
  /// *Randomness*: `truth` of "offset", uniform on the sphere.
  func vector(dimension: Int, from family: StreamFamily) -> [Double] {
    var draws = Draws(family.key(EntityKey("offset")), at: 0)
    var normal = [Double](repeating: 0, count: dimension)
    normal.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
    let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return normal.map { length > 0 ? distance * $0 / length : 0 }
  }
}

// MARK: - As it is written

extension TruthOffset {
  private static let stragglers = "stragglers"

  static let parameter = Parameter(
    "offset",
    Kind.record([
      Parameter(
        "agents",
        .described(
          .either([.word(stragglers), .agents]),
          "stragglers, all, a list of names such as [agent-3], or a map with one of the keys "
            + alternatives(AgentSelector.choices.map(\.name))), "who; stragglers: those of conditions.compute"),
      Parameter("distance", .number(.notNegative), "how far, in a direction that is drawn", .otherwise(.number(1))),
    ]).orWord(), "agents whose minimisers lie away from the others' by one vector", .otherwise(.text("none")))

  init?(_ argument: Argument) {
    guard let record = argument.record, let choice = record["agents"] else { return nil }
    distance = record.number("distance") ?? 1
    if choice.text == Self.stragglers {
      agents = .stragglers
    } else if let selector = AgentSelector(choice) {
      agents = .selected(selector)
    } else {
      return nil
    }
  }

  var argument: Argument {
    let choice: Argument =
      switch agents {
      case .stragglers: .text(Self.stragglers)
      case .selected(let selector): selector.argument
      }
    return .record(["agents": choice, "distance": .number(distance)])
  }
}
