// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// How far the step of an agent has come, and what its steps have lost.
struct StepProgress: BitwiseCopyable {
  var isUnderWay = false
  /// Nanoseconds that the step takes at speed one.
  var work: Int64 = 0
  /// What was left of it at a time, up to which the changes of the timeline are taken into account.
  var left = WorkLeft(nanoseconds: 0)
  var since = VirtualTime.zero
  /// Nanoseconds that earlier steps took longer than at speed one.
  var slowed: Int64 = 0

  mutating func begin(_ work: VirtualDuration, at time: VirtualTime) {
    isUnderWay = true
    self.work = work.nanoseconds
    left = WorkLeft(nanoseconds: work.nanoseconds)
    since = time
  }
}
