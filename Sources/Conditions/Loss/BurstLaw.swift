// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

/// The two states of a link that loses messages in bursts.
package struct BurstLaw: Sendable, Equatable {
  /// What moves the state.
  package enum Course: Sendable, Equatable {
    /// Every message after the first: the probabilities of the other state.
    case messages(goodToBad: Double, badToGood: Double)
    /// Time: laws of how long a state lasts, seconds.
    case time(good: Distribution, bad: Distribution)
  }

  /// Who shares a state.
  package enum Scope: String, Sendable, CaseIterable {
    case link
    /// Both directions of an edge.
    case edge
    /// All links from an agent.
    case sender
    /// All links to an agent.
    case receiver
    /// All links there are.
    case network
  }

  package let course: Course
  /// The share of time, or of messages, in the bad state.
  package let share: Double
  /// The probability that a message is lost in the bad state.
  package let whenBad: Double
  package let scope: Scope

  /// Whether messages move the state.
  package var isInMessages: Bool { if case .messages = course { true } else { false } }

  /// How long a bad state lasts in the mean: messages, or seconds.
  package var meanLength: Double {
    switch course {
    case .messages(_, let badToGood): 1 / badToGood
    case .time(_, let bad): bad.mean
    }
  }

  /// Seconds between two changes of a state, in the mean; nothing where messages move it.
  package var meanSojourn: Double? {
    if case .time(let good, let bad) = course { (good.mean + bad.mean) / 2 } else { nil }
  }
}

extension BurstLaw.Scope {
  /// Who shares a state on a link: its number among all of them, and what its streams are keyed by.
  func sharer(of link: LinkID, in network: Network) -> (number: Int, key: EntityKey) {
    let (sender, receiver) = (network.senders[link.index], network.receivers[link.index])
    switch self {
    case .link: return (link.index, network.key(link))
    case .edge:
      let back = network.reverse[link.index]
      return (back == Network.noLink ? link.index : min(link, back).index, network.edgeKey(link))
    case .sender: return (sender.index, network.keys[sender.index])
    case .receiver: return (receiver.index, network.keys[receiver.index])
    case .network: return (0, EntityKey("network"))
    }
  }

  /// How many numbers of those who share there are.
  func sharers(in network: Network) -> Int {
    switch self {
    case .link, .edge: network.linkCount
    case .sender, .receiver: network.nodeCount
    case .network: 1
    }
  }
}
