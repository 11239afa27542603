// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Synchronization

/// What the causes of changes of the world are called, by the order in which they have first done something.
package final class CauseNames: Sendable {
  private let names = Mutex<[String]>([])

  package init() {}

  /// The number of a cause, from one.
  func number(of name: String) -> UInt16 {
    names.withLock { names in
      if let place = names.firstIndex(of: name) { return UInt16(place + 1) }
      // Beyond so many, which no timeline of a person has, the rest have no name.
      guard names.count < Int(UInt16.max) else { return 0 }
      names.append(name)
      return UInt16(names.count)
    }
  }

  /// The name of a cause; nothing of what has none.
  package func name(_ number: UInt16) -> String? {
    names.withLock { number == 0 ? nil : $0[Int(number) - 1] }
  }
}

/// A strip of memory on which a run writes what happens, one after the other.
struct OccurrenceTape {
  var next: UnsafeMutablePointer<Occurrence>
  var end: UnsafeMutablePointer<Occurrence>
  /// The cause of the present change of the world.
  var cause: UInt16 = 0
}

/// Hears what happens in a run, in its order, on the thread of the run.
///
/// A run without one asks a field whether there is one, and nothing else.
package final class RunObserver {
  package typealias Strip = UnsafeMutableBufferPointer<Occurrence>

  /// What changes of the world are blamed on.
  package let causes: CauseNames
  /// Where the run writes; it goes with the observer.
  let tape: UnsafeMutablePointer<OccurrenceTape>
  /// Told of every event before it is handled.
  let began: ((Event, VirtualTime) -> Void)?
  private var strip: Strip
  private let take: (Strip, Int) -> Strip
  private let ownsStrip: Bool

  /// - Parameter hear: told of all that happens, at once.
  package convenience init(_ hear: @escaping (Occurrence) -> Void) { self.init(began: nil, hear) }

  /// - Parameters:
  ///   - strip: for so many occurrences; it stays the caller's.
  ///   - causes: where the names of causes are kept.
  ///   - take: gets a strip with the number of occurrences on it, and gives the next, which may be the same.
  package convenience init(strip: Strip, causes: CauseNames, take: @escaping (Strip, Int) -> Strip) {
    self.init(strip, ownsStrip: false, causes, began: nil, take)
  }

  /// - Parameters:
  ///   - began: told of every event before it is handled.
  ///   - causes: those of another observer that hears the same.
  convenience init(
    began: ((Event, VirtualTime) -> Void)?, causes: CauseNames = CauseNames(), _ hear: @escaping (Occurrence) -> Void
  ) {
    self.init(.allocate(capacity: 1), ownsStrip: true, causes, began: began) { strip, count in
      if count > 0 { hear(strip[0]) }
      return strip
    }
  }

  private init(
    _ strip: Strip, ownsStrip: Bool, _ causes: CauseNames, began: ((Event, VirtualTime) -> Void)?,
    _ take: @escaping (Strip, Int) -> Strip
  ) {
    (self.strip, self.ownsStrip, self.causes, self.began, self.take) = (strip, ownsStrip, causes, began, take)
    guard let start = strip.baseAddress else { preconditionFailure("A strip has room for an occurrence.") }
    tape = .allocate(capacity: 1)
    tape.initialize(to: OccurrenceTape(next: start, end: start + strip.count))
  }

  deinit {
    if ownsStrip { strip.deallocate() }
    tape.deallocate()
  }

  /// Hands on what is on the strip. Whoever keeps many occurrences on one calls it when the run is over.
  package func handOn() {
    guard let start = strip.baseAddress else { return }
    strip = take(strip, tape.pointee.next - start)
    guard let fresh = strip.baseAddress else { return }
    tape.pointee.next = fresh
    tape.pointee.end = fresh + strip.count
  }

  /// Hears something that another observer of the same run has heard.
  func tell(_ occurrence: Occurrence) {
    tape.pointee.next.initialize(to: occurrence)
    tape.pointee.next += 1
    if tape.pointee.next == tape.pointee.end { handOn() }
  }
}
