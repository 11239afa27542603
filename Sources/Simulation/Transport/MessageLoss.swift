// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// A way in which what an agent says may never be heard: all there are. Whoever asks if messages can be lost asks here.
package enum MessageLoss: String, Sendable, CaseIterable {
  /// The link loses the message (`conditions.links.loss`).
  case link
  /// The receiver is down when the message arrives, or forgets it when it crashes; or the sender crashes while the
  /// message waits for its link (`conditions.failures`, `timeline`).
  case crash
  /// The link is cut when the message is offered to it, or before it has arrived (`timeline`).
  case cut
  /// A newer message takes the place of the one that waits (`conditions.links.queue: supersede` with a bandwidth).
  case superseding
  /// The receiver rests in the slot in which the message arrives (`strategy.slots.activity: sleep`).
  case sleep
  /// The edge vanishes while the message is on it, which both ends know (`network.edges-come-and-go`, `timeline`).
  case edge
}

extension SimulationSettings {
  /// How messages of this arm can get lost; empty where everything that is sent is heard, some time or other.
  package var messageLosses: Set<MessageLoss> {
    guard strategy.facts.cooperates else { return [] }
    return Set(MessageLoss.allCases.filter(canLose))
  }

  private func canLose(_ way: MessageLoss) -> Bool {
    switch way {
    case .link: linksCanLose
    case .crash: hasOutages || timelineTakesCentreDown
    case .cut: canCutLinks
    case .edge: losesEdges
    case .superseding: linksCanBeBusy && conditions.links.queue == .supersede && canRunAhead
    case .sleep: strategy.timing == .slotted && strategy.facts.combinesNeighbourhood && slotsCanBeSlept
    }
  }

  /// Whether links lose messages, of themselves or while an event of the timeline holds.
  package var linksCanLose: Bool {
    conditions.links.loss.canLose || timeline.replacements.contains { $0.loss?.canLose == true }
  }

  /// Whether a message may find its link busy, or held up.
  package var linksCanBeBusy: Bool {
    conditions.links.bandwidth != nil || timeline.replacements.contains { ![nil, .unlimited].contains($0.bandwidth) }
  }

  /// Whether an agent may send on a link where two of its messages are still to be transmitted. Who waits for all others
  /// in each round has at most one message in service and one behind it.
  private var canRunAhead: Bool {
    switch strategy.timing {
    case .asynchronous, .slotted: !strategy.waitsForAnswers
    case .synchronousGlobal: false
    case .synchronousLocal: strategy.missingNeighbour != .wait
    }
  }

  private var slotsCanBeSlept: Bool {
    strategy.slots.activity == .sleep && strategy.slots.activeProbability != .law(.constant(1))
  }

  /// Whether mass gets lost for good in push-sum, in which plain messages carry shares of the whole.
  package var losesMass: Bool {
    strategy.facts.passesShares && !strategy.pushSum.runningSums && !messageLosses.isEmpty
  }
}
