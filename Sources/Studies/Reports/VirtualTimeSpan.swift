// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Where several runs are in virtual time.
extension ClosedRange<VirtualTime> {
  /// From the first of these times to the last; nothing of none.
  package init?(spanning times: [VirtualTime]) {
    guard let first = times.min(), let last = times.max() else { return nil }
    self = first...last
  }

  /// Such as `10 s`, or `10 s to 30 s`.
  package var text: String {
    let (first, last) = (lowerBound.sinceStart.text, upperBound.sinceStart.text)
    return first == last ? first : "\(first) to \(last)"
  }
}
