// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// A number for every link that changes in steps: each holds from its time to the next.
package struct LinkSeries: Sendable {
  /// Where the steps of each link begin; one entry more than links.
  let starts: [Int]
  /// Nanoseconds since the start of the run, ascending within a link.
  let times: [Int64]
  let values: [Double]
  /// It begins again after so many nanoseconds; nothing where the last value holds.
  let recycle: Int64?
  /// What holds on a link before its first time, and on one without any.
  let before: Double

  /// The rate of a link without a limit.
  package static let unlimitedRate = Double.infinity

  /// - Parameter steps: the times and values of each link, in order.
  package init(_ steps: [[(time: Int64, value: Double)]], recycle: Int64?, before: Double) {
    var starts = [0]
    starts.reserveCapacity(steps.count + 1)
    for link in steps { starts.append((starts.last ?? 0) + link.count) }
    self.starts = starts
    times = steps.flatMap { $0.map(\.time) }
    values = steps.flatMap { $0.map(\.value) }
    self.recycle = recycle
    self.before = before
  }

  /// The mean over the time that recurs; else over the time to the last step, or that alone. While there is no limit there
  /// is nothing to be averaged.
  package func mean(_ link: Int) -> Double {
    let range = starts[link]..<starts[link + 1]
    guard let first = range.first, let last = range.last else { return before }
    let begin = before.isFinite ? 0 : times[first]
    let end = recycle ?? times[last]
    guard end > begin else { return values[last] }
    var (sum, since, value) = (0.0, begin, before.isFinite ? before : values[first])
    for step in range {
      sum += value * Double(times[step] - since)
      (since, value) = (times[step], values[step])
    }
    return (sum + value * Double(end - since)) / Double(end - begin)
  }

  package func greatest(_ link: Int) -> Double {
    values[starts[link]..<starts[link + 1]].reduce(holdsBefore(link) ? before : -.infinity, max)
  }

  private func holdsBefore(_ link: Int) -> Bool {
    let first = starts[link]
    return first == starts[link + 1] || times[first] > 0
  }
}

/// Steps of several series in columns, to be asked while a run goes on.
struct LinkFunctions: ~Copyable {
  struct Series: BitwiseCopyable {
    /// Where the starts of its links stand.
    var starts: Int
    /// What is added to these to find its steps.
    var offset: Int
    var recycle: Int64
    var before: Double
  }

  private let series: Column<Series>
  private let starts: Column<Int>
  private let times: Column<Int64>
  private let values: Column<Double>

  init(_ all: [LinkSeries]) {
    var entries: [Series] = []
    var (starts, times, values) = ([Int](), [Int64](), [Double]())
    for one in all {
      entries.append(
        Series(starts: starts.count, offset: times.count, recycle: one.recycle ?? 0, before: one.before))
      starts += one.starts
      times += one.times
      values += one.values
    }
    series = Column(entries)
    self.starts = Column(starts)
    self.times = Column(times)
    self.values = Column(values)
  }

  /// What holds on a link.
  ///
  /// *Complexity*: logarithmic in the number of steps of the link.
  func value(_ number: Int, _ link: Int, at now: VirtualTime) -> Double {
    step(number, link, at: now.nanoseconds).value
  }

  /// What holds on a link at a time, and until when.
  func step(_ number: Int, _ link: Int, at now: Int64) -> (value: Double, until: Int64) {
    let one = series[number]
    let turn = one.recycle > 0 ? now / one.recycle * one.recycle : 0
    let time = now - turn
    let first = one.offset + starts[one.starts + link]
    let end = one.offset + starts[one.starts + link + 1]
    var (low, high) = (first, end)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    let next = low < end ? times[low] : one.recycle > 0 ? one.recycle : .max
    let (until, overflows) = turn.addingReportingOverflow(next)
    return (low == first ? one.before : values[low - 1], overflows || next == .max ? .max : until)
  }

  /// After how long a series begins again, in nanoseconds; nothing where the last values hold.
  func recycle(_ number: Int) -> Int64? { series[number].recycle > 0 ? series[number].recycle : nil }
}
