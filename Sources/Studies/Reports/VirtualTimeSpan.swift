// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension ClosedRange {
  /// From the least of these to the greatest; nothing of none.
  package init?(spanning values: [Bound]) {
    guard let first = values.min(), let last = values.max() else { return nil }
    self = first...last
  }
}

/// Where several runs are in virtual time.
extension ClosedRange<VirtualTime> {
  /// Such as `10 s`, or `10 s to 30 s`.
  package var text: String {
    let (first, last) = (lowerBound.sinceStart.text, upperBound.sinceStart.text)
    return first == last ? first : "\(first) to \(last)"
  }
}
