// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The token of a sweep, and where it is.
///
/// A *leg* is the way of the token to the agent whose turn it says: number s N + k for the turn of agent k in sweep s, counted
/// from one. Legs only grow, so whoever meets one again knows it.
struct SweepToken: BitwiseCopyable {
  /// The way that it is on, or has come.
  var leg: UInt32
  /// Who has it, or sent it on last.
  var place: NodeID
  /// Whether it is where it was to go.
  var isHeld = true
  /// The link that it is on, else where it was last.
  var link = LinkID(0)
  /// Whether nobody is there to have it, or no way leads on.
  var isStuck = false
}

/// What messages of a sweep say of themselves in their round: estimates twice the number of the sweep, tokens one more than
/// twice their leg. So both lie in a slot of their own wherever rounds are kept apart by their last bit.
enum SweepCode {
  static func estimate(sweep: UInt32) -> UInt32 { sweep << 1 }
  static func token(leg: UInt32) -> UInt32 { leg << 1 | 1 }
  static func isToken(_ round: UInt32) -> Bool { round & 1 == 1 }
  static func number(_ round: UInt32) -> UInt32 { round >> 1 }
}

/// Ways of a token from agent to agent where they are not neighbours: the shortest, by links to lower ranks first.
struct TokenRoutes: ~Copyable {
  private let inPlace = InPlace()
  /// The link over which each agent was reached in the search, by its rank, and who is to be searched from next.
  private let reached: Column<UInt32>
  private let queue: Column<NodeID>

  init(agents: Int) {
    reached = Column(repeating: .max, count: agents)
    queue = Column(repeating: NodeID(0), count: agents)
  }

  /// The first link of the way from one agent to another; nothing where no way leads there.
  ///
  /// - Parameter uses: whether a link can be gone.
  ///
  /// *Complexity*: at most once over all links; neighbours are found at once.
  func next<Scalar>(
    from: NodeID, to: NodeID, _ run: borrowing RunState<Scalar>, uses: (LinkID) -> Bool
  ) -> LinkID? {
    for position in run.topology.outgoing(from) {
      let link = run.topology.outgoing(at: position)
      if run.topology.receivers[link.index] == to, uses(link) { return link }
    }
    for index in 0..<reached.count { reached[index] = .max }
    var (first, end) = (0, 1)
    queue[0] = from
    while first < end {
      let node = queue[first]
      first += 1
      for position in run.topology.outgoing(node) {
        let link = run.topology.outgoing(at: position)
        let receiver = run.topology.receivers[link.index]
        guard receiver != from, reached[receiver.index] == .max, uses(link) else { continue }
        // The first link of the way, which whoever is reached from here takes over.
        reached[receiver.index] = node == from ? link.rank : reached[node.index]
        if receiver == to { return LinkID(rank: reached[receiver.index]) }
        queue[end] = receiver
        end += 1
      }
    }
    return nil
  }
}
