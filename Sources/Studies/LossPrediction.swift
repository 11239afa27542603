// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Simulation

/// What share of all messages gets lost in the mean: of those that links lose by laws that do not ask when they are sent.
///
/// With the mean loss p, alike on all links, and copies of a share d of what is not lost, it is p / (1 + (1 − p) d), as
/// copies count among what is sent.
package struct LossPrediction: Sendable, Codable, Equatable {
  /// Nothing where no closed form covers it.
  package private(set) var share: Double?
  /// Why there is none, as a sentence.
  package private(set) var reason: String?

  /// Nothing where one probability says what is lost, or nothing is.
  package init?(_ settings: SimulationSettings, in world: World) {
    let links = settings.conditions.links
    guard settings.strategy.facts.cooperates, let plan = world.links, settings.linksCanLose || settings.canCutLinks,
      !links.loss.isPlain || links.outages != nil
    else { return nil }
    if let reason = settings.reasonForNoLoss {
      self.reason = reason
      return
    }
    let losses = (0..<world.network.linkCount).map { plan.losses[0].layers.mean($0) }
    guard let mean = losses.first else { return nil }
    guard losses.allSatisfy({ abs($0 - mean) < 1e-12 }) || settings.strategy.timing == .slotted else {
      reason = "Links lose differently, and which of them carry how many messages is not known."
      return
    }
    let average = losses.reduce(0) { $0 + $1 / Double(losses.count) }
    share = average / (1 + (1 - average) * (links.duplication?.probability.value ?? 0))
  }

  /// One sentence that says it.
  package func sentence(percent: (Double) -> String) -> String {
    guard let share else { return "No share of lost messages is predicted. \(reason ?? "")" }
    return "In the mean \(percent(share)) of messages get lost."
  }
}

extension SimulationSettings {
  /// Why no closed form covers how much is lost.
  fileprivate var reasonForNoLoss: String? {
    let links = conditions.links
    if links.outages != nil { return "What is on its way when a link goes down is lost, too." }
    if losesEdges { return "What is on an edge that goes is lost, too." }
    if canCutLinks || !timeline.replacements.isEmpty { return "The timeline changes links." }
    if links.loss.changes {
      return "How much is lost at a time is said by a trace, and when messages are sent is not known."
    }
    if linksCanBeBusy { return "Some messages that wait for their link never start." }
    if usesAcknowledgements, links.loss.bursts.contains(where: { !$0.isInMessages }) {
      return "While a link is bad more messages are sent again."
    }
    return drawsActivity ? "Which links carry how many messages is drawn." : nil
  }

  /// Whether it is drawn who is active in a slot.
  var drawsActivity: Bool { strategy.timing == .slotted && strategy.slots.activeProbability != .law(.constant(1)) }
}
