// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

extension DisturbanceDefinition {
  /// A cause that cuts links. Nobody is told.
  static let cut = DisturbanceDefinition(
    name: "cut", meaning: "links are cut: whatever is offered to them is lost, and nobody is told",
    parameters: [
      .links, .direction,
      .inFlight,
      .known,
    ],
    holds: true,
    change: { .links($0.links, $0.direction, .cut($0.inFlight, known: $0.flag("known"))) })
}

extension Parameter {
  /// Which links a disturbance is about.
  static let links = Parameter("links", .links, "which it is about", example: "[[agent-0, agent-1]]")

  /// Which of the two links of each edge.
  static let direction = Parameter(
    "direction", .choice(LinkSelector.Direction.allCases.map(\.rawValue)),
    "which link of an edge: both, forward (as a pair is written, what the agents of 'of' send, from the first group to "
      + "the second, else from the first by name) or backward",
    .otherwise(.text(LinkSelector.Direction.both.rawValue)))
}

extension Parameter {
  /// What becomes of messages on a link that is cut.
  static let inFlight = Parameter(
    "in-flight", .choice(InFlight.allCases.map(\.rawValue)),
    "what has left already is lost, or arrives; what waits or is in service is lost",
    .otherwise(.text(InFlight.lost.rawValue)))

  /// Whether a cut is told.
  static let known = Parameter(
    "known", .flag,
    "whether both ends know: then the edges leave the present graph, nothing is sent over them, nobody waits for them, and "
      + "weights are those of what is left",
    .otherwise(.flag(false)))
}

extension Arguments {
  /// The links that a disturbance is about; all where it does not say it.
  var links: LinkSelector { self["links"].flatMap { LinkSelector($0) } ?? .all }

  var direction: LinkSelector.Direction { text("direction").flatMap(LinkSelector.Direction.init) ?? .both }

  var inFlight: InFlight { text("in-flight").flatMap(InFlight.init) ?? .lost }
}
