// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The clock of a run and the events still to come, in one total order.
///
/// Events are ordered by (time, wave, class, sequence); the class is the kind. An event scheduled for a later instant
/// is in wave 0 of it. An event scheduled for the present instant stays in the present wave if its class comes after
/// the class being handled, else it belongs to the next wave. Measurement and stop are always in the last wave. So no
/// event is ever handled before one that it could still have followed.
///
///     var scheduler = Scheduler()
///     scheduler.schedule(Event(kind: .timer, subject: 3), at: VirtualTime(seconds: 0.5))
///     while let event = scheduler.next() { handle(event, at: scheduler.now) }
///
/// *Complexity*: scheduling and taking an event O(log n), cancelling O(1) on average. After warm-up no operation
/// allocates memory or counts references.
public struct Scheduler: ~Copyable {
  /// The last wave of an instant, which holds only measurement and stop.
  @usableFromInline static let lastWave: UInt64 = 0xFFFF

  @usableFromInline var queue: EventQueue
  @usableFromInline var slab: EventSlab
  @usableFromInline var clock = VirtualTime.zero
  /// The present time in nanoseconds: −1 before the first event, the greatest number after a livelock, so that the one
  /// comparison which `schedule` needs anyway also finds these two.
  @usableFromInline var clockReading: Int64 = -1
  /// Wave and class (20 bits) of the event being handled.
  @usableFromInline var presentRank: UInt64 = 0
  @usableFromInline var presentSubject: UInt32 = 0
  @usableFromInline var sequence: UInt64 = 0
  @usableFromInline let permutation: SequencePermutation?
  @usableFromInline var trace = Fingerprint()
  @usableFromInline var staleRecords = 0
  @usableFromInline let scheduledCounts = KindCounts()
  @usableFromInline let handledCounts = KindCounts()
  @usableFromInline let cancelledCounts = KindCounts()
  @usableFromInline var tieCount: UInt64 = 0
  @usableFromInline var tieAtOneAgentCount: UInt64 = 0
  @usableFromInline var livelockTime: VirtualTime?
  /// Events that the last wave of one instant scheduled for itself, and that instant in nanoseconds.
  @usableFromInline var lastWaveRepeats = (count: 0, instant: Int64(-1))

  /// Makes a schedule without events, at time zero.
  ///
  /// - Parameters:
  ///   - ties: the order of events that agree in time, wave and class.
  ///   - capacity: pending events for which memory is taken at once; more are no error, they only allocate once.
  ///   - account: told of the memory that more events take.
  public init(ties: TieOrder = .firstInFirstOut, capacity: Int = 1024, account: GrowthAccount? = nil) {
    queue = EventQueue(capacity: capacity, account: account)
    slab = EventSlab(capacity: capacity, account: account)
    switch ties {
    case .firstInFirstOut: permutation = nil
    case .random(let seed): permutation = SequencePermutation(seed: seed)
    }
  }

  /// The time of the event handled last; zero before the first.
  @inlinable
  public var now: VirtualTime { clock }

  /// Schedules an event.
  ///
  /// - Parameters:
  ///   - event: what shall happen.
  ///   - time: when, now or later; an event at `VirtualTime.never` comes after all others. During the last wave of an
  ///     instant only a later instant is possible, or, for measurement and stop, this one.
  /// - Returns: a handle with which the event can be cancelled; `.none` after a livelock, when nothing more happens.
  @inlinable
  @discardableResult
  public mutating func schedule(_ event: Event, at time: VirtualTime) -> EventHandle {
    var wave = event.kind.rawValue >= EventKind.measurement.rawValue ? Self.lastWave : 0
    if time.nanoseconds <= clockReading {
      guard let present = waveAtPresent(for: event.kind, time.nanoseconds) else { return .none }
      wave = present
    }
    var rank = sequence
    if let permutation { rank = permutation(rank) }
    precondition(sequence < SequencePermutation.mask, "A run can schedule at most 2^44 events.")
    sequence &+= 1
    let handle = slab.insert(event)
    queue.insert(
      EventRecord(
        time: UInt64(bitPattern: time.nanoseconds), order: wave << 48 | UInt64(event.kind.rawValue) << 44 | rank,
        slot: handle.slot,
        generation: handle.generation),
      slots: slab.slots)
    scheduledCounts[event.kind] &+= 1
    return handle
  }

  /// Takes the next event, moves the clock to its time and adds it to the fingerprint.
  ///
  /// - Parameter limit: events after this time stay pending.
  /// - Returns: the event, or nothing if none is pending until then or a livelock was found.
  @inlinable
  public mutating func next(until limit: VirtualTime = .never) -> Event? {
    while let record = queue.popFirst(until: UInt64(bitPattern: limit.nanoseconds)) {
      let place = slab.slots + Int(record.slot)
      guard place.pointee.generation == record.generation else {
        staleRecords &-= 1
        continue
      }
      let event = Event(words: place.pointee.words)
      slab.release(record.slot)
      advance(to: record, event)
      return event
    }
    return nil
  }

  /// Makes an event the present one and counts it.
  @inlinable @inline(__always)
  mutating func advance(to record: EventRecord, _ event: Event) {
    let rank = record.order >> 44
    let reading = Int64(bitPattern: record.time)
    let isTie = reading == clockReading && rank == presentRank
    tieCount &+= isTie ? 1 : 0
    tieAtOneAgentCount &+= isTie && event.subject == presentSubject ? 1 : 0
    clock = VirtualTime(nanoseconds: reading)
    clockReading = reading
    presentRank = rank
    presentSubject = event.subject
    handledCounts[event.kind] &+= 1
    trace.fold(record.time, event.identity)
  }

  /// Cancels an event.
  ///
  /// - Returns: whether the event was still pending.
  ///
  /// *Complexity*: O(1) on average: the key stays in the heap until it comes up, or until more than half of the keys
  /// are stale.
  @inlinable
  @discardableResult
  public mutating func cancel(_ handle: EventHandle) -> Bool {
    guard slab.isPending(handle.slot, handle.generation) else { return false }
    cancelledCounts[Event(words: slab.slots[Int(handle.slot)].words).kind] &+= 1
    slab.release(handle.slot)
    staleRecords &+= 1
    if staleRecords > 32 && staleRecords > queue.count / 2 { dropStaleRecords() }
    return true
  }

  @usableFromInline
  mutating func dropStaleRecords() {
    queue.retain { slab.isPending($0.slot, $0.generation) }
    staleRecords = 0
  }

  /// Adds a word, for example the bits of a metric, to the fingerprint.
  @inlinable
  public mutating func fold(_ bits: UInt64) { trace.fold(bits) }
}
