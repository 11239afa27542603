// SPDX-License-Identifier: GPL-3.0-or-later

/// What an event is. The raw value is its class: among events of one wave of one instant, lower classes come first.
@frozen
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// A crash or a recovery of an agent.
  case failure = 0
  /// A link or a partition changes.
  case linkChange = 1
  /// A local step ends.
  case computeEnd = 2
  /// A message reaches its receiver.
  case arrival = 3
  /// A timer of an agent fires.
  case timer = 4
  /// An agent combines.
  case combine = 5
  /// A local step starts.
  case computeStart = 6
  /// The metrics are evaluated; always in the last wave of its instant.
  case measurement = 7
  /// The run ends; always in the last wave of its instant.
  case stop = 8
}

/// One event: 16 bytes of plain values. What is larger lives in a pool and is named here by its index.
///
/// The fingerprint of a run sees kind, tag, phase and subject. It does not see `incarnation` and `payload`, which may
/// be indices of pools.
@frozen
public struct Event: Sendable, Hashable {
  /// What the event is.
  public var kind: EventKind
  /// Tells events of one kind apart, for example the timers of an agent.
  public var tag: UInt8
  /// The phase of the local step that the event belongs to.
  public var phase: UInt16
  /// The rank of the agent or link whom the event is about.
  public var subject: UInt32
  /// The incarnation of the subject for which the event is meant; an earlier one than the present is of the past.
  public var incarnation: UInt32
  /// What comes with the event, usually an index into a pool.
  public var payload: UInt32

  /// Makes an event from its parts.
  @inlinable
  public init(
    kind: EventKind, tag: UInt8 = 0, phase: UInt16 = 0, subject: UInt32, incarnation: UInt32 = 0, payload: UInt32 = 0
  ) {
    self.kind = kind
    self.tag = tag
    self.phase = phase
    self.subject = subject
    self.incarnation = incarnation
    self.payload = payload
  }

  /// The parts that the fingerprint sees, in one word.
  @inlinable @inline(__always)
  var identity: UInt64 {
    UInt64(kind.rawValue) | UInt64(tag) << 8 | UInt64(phase) << 16 | UInt64(subject) << 32
  }

  /// All parts, in two words; `identity` is the first.
  @inlinable @inline(__always)
  var words: (UInt64, UInt64) { (identity, UInt64(incarnation) | UInt64(payload) << 32) }

  /// Makes an event from the two words of another one.
  @inlinable @inline(__always)
  init(words: (UInt64, UInt64)) {
    kind = unsafeBitCast(UInt8(truncatingIfNeeded: words.0), to: EventKind.self)
    tag = UInt8(truncatingIfNeeded: words.0 >> 8)
    phase = UInt16(truncatingIfNeeded: words.0 >> 16)
    subject = UInt32(truncatingIfNeeded: words.0 >> 32)
    incarnation = UInt32(truncatingIfNeeded: words.1)
    payload = UInt32(truncatingIfNeeded: words.1 >> 32)
  }
}

/// The name of a scheduled event, for cancelling it. It stays harmless after the event was handled or cancelled.
@frozen
public struct EventHandle: Sendable, Hashable, BitwiseCopyable {
  @usableFromInline let slot: UInt32
  @usableFromInline let generation: UInt32

  /// The handle of no event: cancelling it does nothing.
  @inlinable public static var none: EventHandle { EventHandle(slot: .max, generation: .max) }

  @inlinable
  init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}
