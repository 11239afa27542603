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
/// *Complexity*: scheduling and taking an event O(log n) with few events pending and O(1) on average with many, cancelling
/// O(1) on average. After warm-up no operation allocates memory or counts references.
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
  /// Records in the queue whose events were cancelled.
  @usableFromInline var staleRecords = 0
  @usableFromInline var mostPending = 0
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
    self.init(queue: .automatic, ties: ties, capacity: capacity, account: account)
  }

  /// Makes a schedule whose events are where a test or a benchmark wants them.
  package init(
    queue choice: QueueChoice, ties: TieOrder = .firstInFirstOut, capacity: Int = 1024, account: GrowthAccount? = nil
  ) {
    queue = EventQueue(capacity: capacity, account: account, heapLimit: choice.heapLimit)
    slab = EventSlab(capacity: 64, account: account)
    switch ties {
    case .firstInFirstOut: permutation = nil
    case .random(let seed): permutation = SequencePermutation(seed: seed)
    }
  }

  /// The time of the event handled last; zero before the first.
  @inlinable
  public var now: VirtualTime { clock }

  /// Schedules an event that will not be cancelled.
  ///
  /// - Parameters:
  ///   - event: what shall happen.
  ///   - time: when, now or later; an event at `VirtualTime.never` comes after all others. During the last wave of an
  ///     instant only a later instant is possible, or, for measurement and stop, this one. After a livelock nothing
  ///     more happens.
  @inlinable @inline(__always)
  public mutating func schedule(_ event: Event, at time: VirtualTime) {
    guard let order = order(of: event.kind, at: time) else { return }
    enqueue(EventRecord(time: UInt64(bitPattern: time.nanoseconds), order: order, words: event.words), event.kind)
  }

  /// Schedules an event that can be cancelled; it takes its place in the order as any other.
  ///
  /// - Parameters:
  ///   - event: what shall happen.
  ///   - time: when, as for `schedule`.
  /// - Returns: a handle with which the event can be cancelled; `.none` after a livelock, when nothing more happens.
  @inlinable
  @discardableResult
  public mutating func scheduleCancellable(_ event: Event, at time: VirtualTime) -> EventHandle {
    guard let order = order(of: event.kind, at: time) else { return .none }
    let ticket = slab.insert(event)
    enqueue(EventRecord(time: UInt64(bitPattern: time.nanoseconds), order: order, ticket: ticket), event.kind)
    return ticket
  }

  /// The next place in the order within an instant; nothing after a livelock.
  @inlinable @inline(__always)
  mutating func order(of kind: EventKind, at time: VirtualTime) -> UInt64? {
    var wave = kind.rawValue >= EventKind.measurement.rawValue ? Self.lastWave : 0
    if time.nanoseconds <= clockReading {
      guard let present = waveAtPresent(for: kind, time.nanoseconds) else { return nil }
      wave = present
    }
    var rank = sequence
    if let permutation { rank = permutation(rank) }
    precondition(sequence < SequencePermutation.mask, "A run can schedule at most 2^44 events.")
    sequence &+= 1
    return wave << 48 | UInt64(kind.rawValue) << 44 | rank
  }

  @inlinable @inline(__always)
  mutating func enqueue(_ record: EventRecord, _ kind: EventKind) {
    queue.insert(record)
    scheduledCounts[kind] &+= 1
    if queue.count &- staleRecords > mostPending { mostPending = queue.count &- staleRecords }
  }

  /// Takes the next event, moves the clock to its time and adds it to the fingerprint.
  ///
  /// - Parameter limit: events after this time stay pending.
  /// - Returns: the event, or nothing if none is pending until then or a livelock was found.
  @inlinable
  public mutating func next(until limit: VirtualTime = .never) -> Event? {
    while let record = queue.popFirst(until: UInt64(bitPattern: limit.nanoseconds)) {
      var words = record.words
      if record.isTicket {
        let ticket = record.ticket
        guard slab.isPending(ticket.slot, ticket.generation) else {
          staleRecords &-= 1
          continue
        }
        words = slab.slots[Int(ticket.slot)].words
        slab.release(ticket.slot)
      }
      let event = Event(words: words)
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

  /// An event that is handled after so many others, as far as that is known: others may be scheduled before it, and it may
  /// be cancelled.
  ///
  /// For asking memory for what it will touch. Nothing with few events, where all that they touch is near.
  @inlinable @inline(__always)
  public func upcoming(after count: Int) -> Event? {
    let place = queue.window.head &+ count
    guard place < queue.window.tail else { return nil }
    let record = queue.window.records[place]
    return record.isTicket ? nil : Event(words: record.words)
  }

  /// Cancels an event.
  ///
  /// - Returns: whether the event was still pending.
  ///
  /// *Complexity*: O(1) on average: the record stays in the queue until it comes up, or until more than half of the
  /// records are stale.
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
    queue.retain { !$0.isTicket || slab.isPending($0.ticket.slot, $0.ticket.generation) }
    staleRecords = 0
  }

  /// Adds a word, for example the bits of a metric, to the fingerprint.
  @inlinable
  public mutating func fold(_ bits: UInt64) { trace.fold(bits) }
}
