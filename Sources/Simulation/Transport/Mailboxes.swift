// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What an agent has heard over one link: the newest estimate, or that of a phase, or of even or odd rounds. Half a cache
/// line.
struct MailboxSlot: BitwiseCopyable {
  var snapshot = SnapshotHandle.none
  var round: UInt32 = 0
  /// The number of the message, and in the lowest bit whether it is fresh.
  private var numberAndFreshness: UInt64 = 0
  var updates: UInt64 = 0
  var birth = VirtualTime.zero

  init() {}

  init(
    snapshot: SnapshotHandle, sendNumber: UInt64 = 0, updates: UInt64 = 0, round: UInt32, birth: VirtualTime = .zero,
    isFresh: Bool = false
  ) {
    self.snapshot = snapshot
    self.round = round
    numberAndFreshness = sendNumber << 1 | (isFresh ? 1 : 0)
    self.updates = updates
    self.birth = birth
  }

  /// The number of the message that it came with; zero was there before the start.
  var sendNumber: UInt64 { numberAndFreshness >> 1 }

  /// Whether it arrived since the receiver last combined it.
  var isFresh: Bool {
    get { numberAndFreshness & 1 == 1 }
    set { numberAndFreshness = numberAndFreshness & ~1 | (newValue ? 1 : 0) }
  }

  var isEmpty: Bool { snapshot == .none }

  /// The round before the first, of what was there before the start.
  static let roundBeforeStart = UInt32.max

  /// Whether an estimate of a later round is in here.
  func holds(laterThan round: UInt32) -> Bool { !isEmpty && isLater(self.round, than: round) }
}

/// Whether a round comes after another, as sequence numbers do: the round before the first is `UInt32.max`.
private func isLater(_ round: UInt32, than other: UInt32) -> Bool { Int32(bitPattern: round &- other) > 0 }

/// The mailboxes of all agents: one slot per link, or so many that rounds which follow each other are kept apart.
struct Mailboxes: ~Copyable {
  let depth: Int
  private let slots: Column<MailboxSlot>

  init(links: Int, depth: Int) {
    self.depth = depth
    slots = Column(repeating: MailboxSlot(), count: links * depth)
  }

  /// The position of the slot in which a link keeps a round.
  @inline(__always)
  func position(_ link: Int, round: UInt32) -> Int {
    switch depth {
    case 1: link
    case 2: link * 2 + Int(round & 1)
    default: link * depth + Int(round % UInt32(depth))
    }
  }

  /// The position of the newest estimate of a link, or nothing if none was ever heard.
  ///
  /// Where rounds are kept apart, the later round is the newer: an estimate that was sent again has a higher send
  /// number than later rounds.
  @inline(__always)
  func newest(_ link: Int) -> Int? {
    if depth == 1 { return slots[link].isEmpty ? nil : link }
    return newestOfSeveral(link)
  }

  private func newestOfSeveral(_ link: Int) -> Int? {
    let first = link * depth
    var newest: Int?
    for position in first..<first + depth where !slots[position].isEmpty {
      if let known = newest, isLater(slots[known].round, than: slots[position].round) { continue }
      newest = position
    }
    return newest
  }

  /// When the newest estimate of a link was made, of whatever phase, or nothing if none was ever heard.
  func newestBirth(_ link: Int) -> VirtualTime? {
    var newest: VirtualTime?
    for position in positions(link..<link + 1) where !slots[position].isEmpty {
      newest = max(newest ?? .zero, slots[position].birth)
    }
    return newest
  }

  /// The position of the first slot of a link.
  @inline(__always)
  func first(_ link: Int) -> Int { link &* depth }

  /// Asks for the slots of a link.
  @inline(__always)
  func prefetch(_ link: Int) { prefetchLine(of: slots.base + link &* depth) }

  /// Asks for the slots of links that follow each other.
  @inline(__always)
  func prefetch(_ links: Range<Int>) {
    prefetchLines(
      of: slots.base + links.lowerBound &* depth, bytes: links.count &* depth &* MemoryLayout<MailboxSlot>.stride)
  }

  subscript(position: Int) -> MailboxSlot {
    get { slots[position] }
    nonmutating _modify { yield &slots[position] }
  }

  /// The positions of all slots of a range of links.
  func positions(_ links: Range<Int>) -> Range<Int> { links.lowerBound * depth..<links.upperBound * depth }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) { try memory.column("mailboxes", slots) }
}
