// SPDX-License-Identifier: GPL-3.0-or-later

/// Which part of the queue has the events. It changes no order; tests compare, and benchmarks measure.
package enum QueueChoice: Sendable, Hashable {
  /// The heap for few events, the ladder for many.
  case automatic
  /// The heap for all of them.
  case heap
  /// The ladder as soon as there are two.
  case ladder
  /// The ladder for more than so many.
  case ladderAbove(Int)

  /// The choice of a name, or of a number of events.
  package init?(_ name: String) {
    switch name {
    case "automatic": self = .automatic
    case "heap": self = .heap
    case "ladder": self = .ladder
    default:
      guard let number = Int(name) else { return nil }
      self = .ladderAbove(number)
    }
  }

  var heapLimit: Int {
    switch self {
    case .automatic: EventQueue.usualHeapLimit
    case .heap: .max
    case .ladder: 1
    case .ladderAbove(let count): count
    }
  }
}
