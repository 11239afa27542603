// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

extension DisturbanceDefinition {
  /// What it can put another value in the place of: keys of `conditions.links`.
  package static var replacedKeys: [String] {
    changeLinks.parameters.map(\.name).filter { ![Parameter.links.name, Parameter.direction.name].contains($0) }
  }

  /// Puts other values in the place of what the conditions say of links. Of several events that hold the newest counts.
  static let changeLinks = DisturbanceDefinition(
    name: "change-links",
    meaning:
      "links lose, delay, carry or double messages in another way; of events that hold at once the newest counts",
    parameters: [
      .links, .direction,
      Parameter("loss", .ofLinks(.loss), "in place of conditions.links.loss", .optional, example: "30 %"),
      Parameter("latency", .ofLinks(.latency), "in place of conditions.links.latency", .optional, example: "200 ms"),
      Parameter(
        "bandwidth", .ofLinks(.capacity), "in place of conditions.links.bandwidth; 0 holds messages up", .optional,
        example: "1 Mbit/s"),
      Parameter("duplication", .ofLinks(.duplication), "in place of conditions.links.duplication", .optional),
    ],
    holds: true,
    change: { arguments in .links(arguments.links, arguments.direction, .replace(arguments.replacement)) })
}

extension Arguments {
  fileprivate var replacement: LinkReplacement {
    LinkReplacement(
      loss: special("loss"), latency: special("latency"), bandwidth: special("bandwidth"),
      duplication: special("duplication"))
  }
}

extension [TimelineEntry] {
  /// What events put in the place of what the conditions say of links.
  package var replacements: [LinkReplacement] {
    compactMap { entry in
      guard case .links(_, _, .replace(let replacement)) = entry.change else { return nil }
      return replacement
    }
  }
}
