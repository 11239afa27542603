// SPDX-License-Identifier: GPL-3.0-or-later

/// What a random number is for. Two purposes never share a draw.
///
/// Raw values are part of the meaning of a seed: never renumber them.
public enum Purpose: UInt32, Sendable {
  case networkPositions = 1
  case truth = 2
  case taskParameters = 3
  case agentSpeed = 4
  case stragglers = 5
  case learnerParameters = 6
  case networkEdges = 7
  case data = 10
  case computeTime = 11
  case startPhase = 12
  case latency = 13
  case loss = 14
  case acknowledgementLatency = 15
  case acknowledgementLoss = 16
  case initialParameters = 17
  case upTime = 20
  case downTime = 21
  case recoveryPeer = 22
  case bootstrap = 30
  case queueing = 40
  case activity = 50
  case linkClock = 51
  case clockSpeed = 52
  case clockInterval = 53
  case clockPhase = 54
  case gossipPeer = 55
  case gossipTurn = 56
  case gradientNoise = 57
  case episodeStart = 60
  case actionNoise = 61
  case testEpisode = 62
  case replay = 63
  case evaluationStart = 70
  case evaluationAction = 71
  case choice = 80
  case truthChange = 81
  case burstState = 90
  case burstSojourn = 91
  case oneWay = 92
  case hosts = 93
  case linkLatency = 94
  case accessRate = 95
  case duplication = 96
  case copyLatency = 97
  case normalSpell = 100
  case slowSpell = 101
  case traceAssignment = 102
  case groupUp = 110
  case groupDown = 111
  case groupHit = 112
  case linkUp = 113
  case linkDown = 114
  case diurnalPhase = 115
  case diurnal = 116
  case edgePresent = 120
  case edgeAbsent = 121
  case activePeer = 122
  case position = 123
  case heading = 124
  case turn = 125
  case pause = 126
}

/// The identity of an agent, a link or another entity for the purpose of randomness: a hash of its NAME, so that a
/// draw does not depend on how many others there are or in which order they were made.
public struct EntityKey: Sendable, Hashable {
  package let high: UInt64
  package let low: UInt64

  /// The entity of this name.
  public init(_ name: String) {
    var a: UInt64 = 0xCBF2_9CE4_8422_2325
    var b: UInt64 = 0x9AE1_6A3B_2F90_404F
    for byte in name.utf8 {
      a = (a ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      b = scrambled(b &+ UInt64(byte))
    }
    high = scrambled(a)
    low = scrambled(b ^ UInt64(name.utf8.count))
  }

  /// The directed link between two entities.
  package init(from sender: EntityKey, to receiver: EntityKey) {
    high = scrambled(sender.high &* 3 ^ receiver.low)
    low = scrambled(receiver.high &* 5 ^ sender.low)
  }
}

/// All streams of one purpose in one replication: makes the key of an entity without touching its name again.
public struct StreamFamily: Sendable {
  private let root: UInt64

  /// The replication number under which what is drawn once per study is keyed.
  public static let study = UInt32.max

  /// The streams of a purpose in a replication of a seed.
  public init(seed: UInt64, replication: UInt32, purpose: Purpose) {
    root = scrambled(scrambled(seed &+ 0x5354_4152_4C49_4E47) ^ (UInt64(replication) << 32 | UInt64(purpose.rawValue)))
  }

  /// The key of an entity's stream.
  public func key(_ entity: EntityKey) -> StreamKey {
    let key = scrambled(root ^ entity.high)
    return StreamKey(key: key, salt: UInt32(truncatingIfNeeded: scrambled(key ^ entity.low)))
  }
}

/// The key of one random stream. A draw is a pure function of the key and an index: no state is kept anywhere.
public struct StreamKey: Sendable, Hashable, BitwiseCopyable {
  @usableFromInline package let key: UInt64
  @usableFromInline package let salt: UInt32

  @inlinable
  package init(key: UInt64, salt: UInt32) {
    self.key = key
    self.salt = salt
  }

  /// The stream of a purpose and an entity in a replication of a seed.
  package init(seed: UInt64, replication: UInt32, purpose: Purpose, entity: String) {
    self = StreamFamily(seed: seed, replication: replication, purpose: purpose).key(EntityKey(entity))
  }

  /// The key of a stream that belongs to what has just been drawn.
  ///
  /// *Randomness*: three words.
  package init(drawnFrom draws: inout Draws) {
    let (high, low) = (draws.word(), draws.word())
    self.init(key: UInt64(high) << 32 | UInt64(low), salt: draws.word())
  }

  /// The same stream for a later attempt at the same thing; attempt 0 is the stream itself.
  @inlinable @inline(__always)
  package func attempt(_ attempt: UInt32) -> StreamKey {
    StreamKey(key: key, salt: salt ^ (attempt &* 0x9E37_79B1))
  }
}

/// The finaliser of SplitMix64: a bijection of 64 bits in which every input bit reaches every output bit.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, figure 17.
@inlinable
package func scrambled(_ value: UInt64) -> UInt64 {
  var x = value &+ 0x9E37_79B9_7F4A_7C15
  x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
  x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
  return x ^ (x >> 31)
}
