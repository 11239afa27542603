// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// What is drawn of one run that plays again: agents, flights of messages, and changes of the world.
///
/// Times are seconds of virtual time. It holds no more than its limits allow, and says what is left out.
package struct Replay: Sendable, Equatable {
  /// How much is drawn at most.
  package struct Limits: Sendable, Equatable {
    package var agents: Int
    package var links: Int
    /// Of more messages every second, fourth, eighth … is kept, chosen by a digest of its place in the run.
    package var messages: Int
    /// Beyond so many changes of the world the replay ends.
    package var changes: Int
    /// Columns of the share of time that agents compute.
    package var bins: Int

    /// What a page can hold, and an eye can follow.
    package init(agents: Int = 200, links: Int = 6000, messages: Int = 40_000, changes: Int = 20_000, bins: Int = 240) {
      (self.agents, self.links, self.messages) = (agents, links, messages)
      (self.changes, self.bins) = (changes, bins)
    }
  }

  /// What becomes of a message when it comes to the end of its link.
  package enum Fate: Int, Sendable, CaseIterable {
    case delivered
    case lost
    /// It arrives and is of no use: nobody is up, or a newer one was there before.
    case useless
    /// The run ended while it was under way.
    case inFlight
  }

  /// A message on a link.
  package struct Message: Sendable, Equatable {
    /// The place among `links`.
    package var link: Int
    /// When it went onto the link, and when it came to its end.
    package var start: Double
    package var end: Double
    package var fate: Fate
  }

  /// What can happen to the world; the number stands in pages.
  package enum Kind: Int, Sendable, CaseIterable {
    case crash, recover, join, leave, pause, resume, slow, cut, restore, edgeGoes, edgeComes, change, changeBack
  }

  /// Something that happened to the world.
  package struct Change: Sendable, Equatable {
    package var time: Double
    package var kind: Kind
    /// The rank of the agent, or the place of the link; nothing where it is about neither.
    package var agent: Int?
    package var link: Int?
    /// By what steps take longer.
    package var factor: Double?
    /// A place in `causes`; nothing where it has no name.
    package var cause: Int?
  }

  /// How far agents are from their mean at some times.
  package struct Disagreement: Sendable, Equatable {
    package var times: [Double]
    /// The squared distance of each agent's parameters from the mean over the agents, by time and rank.
    package var values: [[Double]]
  }

  /// Which run it is.
  package var run: RunRecord.Identity
  /// Names by rank; a fusion centre comes last.
  package var names: [String]
  /// Where nodes lie in the unit square at the start; nothing where they have no places.
  package var positions: [SIMD2<Double>]?
  /// How many of the nodes learn; the rest are centres.
  package var agentCount: Int
  /// Sender and receiver of each link.
  package var links: [SIMD2<Int>]
  /// Between what times it plays.
  package var span: ClosedRange<Double>
  /// In the order in which they went onto their links.
  package var messages: [Message]
  /// How many messages there were, of which one in so many is kept.
  package var messageCount: Int
  package var oneInSoMany: Int
  /// In the order of time.
  package var changes: [Change]
  package var causes: [String]
  /// What share of each bin of the span an agent computes, by bin and rank, in per cent.
  package var computing: [[Int]]
  /// Nothing where parameters are too many to keep.
  package var disagreement: Disagreement?
  /// What is not drawn, each as a sentence.
  package var leftOut: [String]
}
