// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// The shares that one agent has sent in push-sum with running sums, as far as some receiver has still to hear of them.
///
/// A running sum σ is the sum of all shares so far, and a receiver that stood at ρ adds σ − ρ. As two numbers they lose
/// what is small beside them: an agent whose clock is a hundred times faster than its neighbours' sends shares that
/// shrink by a factor each time, and after some thirty of them σ − ρ has no digit left. So the shares themselves are
/// kept, and σ − ρ is the sum of those between the two, which loses nothing. What messages carry is σ as exact numbers.
///
/// Shares that nobody tells apart any more are added up: those of which no message is on its way and at which no receiver
/// stands. So the history is no longer than twice the number of messages on their way and of receivers, and a few.
///
/// *Complexity*: O(log n) to find a share, amortised O(1) to keep one.
struct ShareHistory<Scalar: ParameterScalar> {
  /// The sum of the shares after the entry before, up to and with that of a number.
  private struct Entry: BitwiseCopyable {
    var number: UInt64
    var shares: SnapshotHandle
  }

  /// In rising order of their numbers.
  private var entries: [Entry] = []
  /// So many entries may there be before the next clearing.
  private var limit = 8

  /// Whether it is time to clear.
  var isFull: Bool { entries.count > limit }

  /// Adds the share of the messages of a number, of which the history becomes a holder.
  mutating func append(_ share: SnapshotHandle, number: UInt64, _ run: inout RunState<Scalar>) {
    run.snapshots.retain(share)
    entries.append(Entry(number: number, shares: share))
  }

  /// The sums of the shares after one number up to and with another, the oldest first.
  func shares(after known: UInt64, upTo number: UInt64) -> some Sequence<SnapshotHandle> {
    let (start, end) = (position(after: known), position(after: number))
    return entries[start..<max(start, end)].lazy.map(\.shares)
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.list("shares", &entries)
    try memory.value("most shares", &limit)
  }

  /// The position of the first entry beyond a number.
  private func position(after number: UInt64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].number <= number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Drops what everybody has heard, and adds up what nobody tells apart.
  ///
  /// - Parameter heard: the numbers that the receivers stand at.
  mutating func clear(heard: [UInt64], _ run: inout RunState<Scalar>) {
    let heardByAll = heard.min() ?? .max
    let places = Set(heard)
    var kept: [Entry] = []
    for entry in entries {
      if entry.number <= heardByAll {
        run.snapshots.release(entry.shares)
        continue
      }
      if let last = kept.last, !places.contains(last.number), run.snapshots.hasOneHolder(last.shares) {
        let (earlier, later) = (run.snapshots.values(last.shares), run.snapshots.values(entry.shares))
        for index in 0..<run.snapshots.length { later[index] = earlier[index] + later[index] }
        if run.realised.carries { run.realised.carried.merge(last.shares.slot, into: entry.shares.slot) }
        run.snapshots.release(last.shares)
        kept.removeLast()
      }
      kept.append(entry)
    }
    entries = kept
    limit = 2 * kept.count + 8
  }
}
