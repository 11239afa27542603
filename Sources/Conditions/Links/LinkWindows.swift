// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Which of several sets of values holds on a link at a time: that of the conditions, numbered 0, or that of an event.
package struct LinkWindow: Sendable, Equatable, BitwiseCopyable {
  /// From when it holds, in nanoseconds; until the next one of its link does.
  package var from: Int64
  package var set: Int
  /// When what brought the set began, which may be earlier, as another event can have held meanwhile.
  package var since: Int64
  /// How often that had come before.
  package var occurrence: Int

  package init(from: Int64, set: Int, since: Int64, occurrence: Int) {
    (self.from, self.set, self.since, self.occurrence) = (from, set, since, occurrence)
  }
}

/// The windows of all links in columns; without any the values of the conditions hold for ever.
struct LinkWindows: ~Copyable {
  private let starts: Column<Int>
  private let windows: Column<LinkWindow>

  /// - Parameter windows: of each link in the order of time; empty where no event ever changes any.
  init(_ windows: [[LinkWindow]]) {
    var starts: [Int] = windows.isEmpty ? [] : [0]
    for link in windows { starts.append((starts.last ?? 0) + link.count) }
    self.starts = Column(starts)
    self.windows = Column(windows.flatMap { $0 })
  }

  /// What holds at a time: which set, since when what brought it has come and how often before, and until when.
  typealias Holding = (set: Int, since: Int64, occurrence: Int, until: Int64)

  /// The set that holds on a link at a time.
  ///
  /// *Complexity*: logarithmic in the number of the link's windows.
  @inline(__always)
  func holding(_ link: Int, at time: Int64) -> Holding {
    windows.count == 0 ? (0, 0, 0, .max) : search(link, time)
  }

  private func search(_ link: Int, _ time: Int64) -> Holding {
    let (first, end) = (starts[link], starts[link + 1])
    var (low, high) = (first, end)
    while low < high {
      let middle = (low + high) / 2
      if windows[middle].from <= time { low = middle + 1 } else { high = middle }
    }
    let until = low < end ? windows[low].from : .max
    guard low > first else { return (0, 0, 0, until) }
    let window = windows[low - 1]
    return (window.set, window.since, window.occurrence, until)
  }
}
