// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// When agents are slow: spells that follow each other without an end, the same in every arm.
///
/// The speed of an agent is a function of time. No event is made of its changes; whoever asks keeps the piece of it that
/// holds and goes on to the next. A spell has a whole number of nanoseconds, one at least.
///
/// *Randomness*: `normalSpell` and `slowSpell` of the agent, one draw for each spell at its number from 1 on; whether an
/// agent begins slow is a uniform number of `normalSpell` at 0.
struct SlowSpells: ~Copyable {
  private let slowdown: Double
  private let normal: Distribution
  private let slow: Distribution
  /// The probability that an agent begins slow.
  private let slowAtStart: Double
  private let normalKeys: Column<StreamKey>
  private let slowKeys: Column<StreamKey>
  private let isConcerned: Column<Bool>

  /// The spells of one replication; without settings there are none.
  ///
  /// - Parameter concerned: the ranks of the agents that have some.
  init(_ settings: SlowSpellSettings?, of concerned: [Int], network: Network, seed: UInt64, replication: UInt32) {
    slowdown = settings?.slowdown ?? 1
    normal = settings?.normal ?? .constant(.infinity)
    slow = settings?.slow ?? .constant(0)
    slowAtStart = settings.map { $0.resolvedStart == .stationary ? $0.shareOfTime : 0 } ?? 0
    let normalFamily = StreamFamily(seed: seed, replication: replication, purpose: .normalSpell)
    let slowFamily = StreamFamily(seed: seed, replication: replication, purpose: .slowSpell)
    let keys = settings == nil ? [] : network.keys
    normalKeys = Column(keys.map { normalFamily.key($0) })
    slowKeys = Column(keys.map { slowFamily.key($0) })
    isConcerned = Column(repeating: false, count: keys.count)
    if settings != nil { for rank in concerned { isConcerned[rank] = true } }
  }

  /// The spell in which an agent begins.
  func first(of node: NodeID) -> SpeedPiece {
    guard node.index < isConcerned.count, isConcerned[node.index] else { return .usual }
    let isSlow = normalKeys[node.index].uniform(at: 0) < slowAtStart
    return spell(isSlow ? 3 : 2, of: node, from: .zero)
  }

  /// The spell that follows another one.
  func next(after piece: SpeedPiece, of node: NodeID) -> SpeedPiece {
    spell(piece.number + 1, of: node, from: piece.until)
  }

  /// The normal spell n has the number 2n, the slow one that follows it 2n + 1.
  private func spell(_ number: UInt64, of node: NodeID, from start: VirtualTime) -> SpeedPiece {
    let isSlow = number & 1 == 1
    let seconds =
      isSlow
      ? slow.sample(slowKeys[node.index], at: number >> 1) : normal.sample(normalKeys[node.index], at: number >> 1)
    return SpeedPiece(
      until: start + max(.nanosecond, VirtualDuration(seconds: seconds)), slowdown: isSlow ? slowdown : 1,
      number: number)
  }
}
