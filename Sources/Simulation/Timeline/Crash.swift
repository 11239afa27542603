// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

extension DisturbanceDefinition {
  /// A cause that takes agents, or the fusion centre, down. Where several causes share an outage, the most forgetful of them says what is known
  /// after it.
  static let crash = DisturbanceDefinition(
    name: "crash",
    meaning:
      "agents go down, and come up again when no cause holds them down any more; a fusion centre keeps its memory",
    parameters: [
      .nodes,
      Parameter(
        "on-recovery", .choice(FailureSettings.Recovery.allCases.map(\.rawValue)),
        "what a recovered agent knows; by default as conditions.failures says, else keep", .optional),
      Parameter(
        "checkpoint-every", .duration(.positiveDuration),
        "with on-recovery checkpoint: agents are written down at multiples of this time; by default as "
          + "conditions.failures says", .optional),
    ],
    holds: true, verb: "crashes",
    change: { arguments in
      switch arguments.nodes {
      case .centre: .centre(.takeDown)
      case .agents(let selector):
        .agents(
          selector,
          .takeDown(
            arguments.text("on-recovery").flatMap(FailureSettings.Recovery.init(rawValue:)),
            checkpointEvery: arguments["checkpoint-every"]?.duration))
      }
    })
}
