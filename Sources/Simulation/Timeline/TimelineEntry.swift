// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema

/// An entry of the timeline: when something happens, how often, for how long, and what.
package struct TimelineEntry: Sendable, Equatable {
  /// A point of time.
  package enum Moment: Sendable, Equatable {
    case after(VirtualDuration)
    /// A share of the length of the run.
    case share(Double)

    /// Since the start of a run of some length.
    package func duration(in run: VirtualDuration) -> VirtualDuration {
      switch self {
      case .after(let duration): duration
      case .share(let share): run.scaled(by: share)
      }
    }
  }

  /// When it happens first, or several such times.
  package var moments: [Moment]
  /// It comes again so often, from each of these.
  package var every: VirtualDuration?
  /// So many times in all from each of these; nothing means to the end of the run.
  package var times: Int?
  /// It is undone after so long; nothing means that it holds until its counterpart comes, or the run ends.
  package var length: VirtualDuration?
  package var name: String?
  /// The name of the disturbance.
  package var action: String
  package var arguments: Arguments

  package init(
    at moments: [Moment], every: VirtualDuration? = nil, times: Int? = nil, for length: VirtualDuration? = nil,
    name: String? = nil, action: String, _ arguments: Arguments
  ) {
    self.moments = moments
    self.every = every
    self.times = times
    self.length = length
    self.name = name
    self.action = action
    self.arguments = arguments
  }

  /// Its name, or what it does first and when: the name that it has unless others of the timeline would be called so too.
  package func title(in run: VirtualDuration) -> String {
    let first = moments.first.map { $0.duration(in: run).seconds } ?? 0
    return name ?? "\(action)@\(plainNumber(first))s"
  }

  /// When it comes for the first time in a run of some length.
  package func firstBegin(in run: VirtualDuration) -> VirtualDuration {
    moments.map { $0.duration(in: run) }.min() ?? .zero
  }

  /// When it comes for the last time.
  package func lastBegin(in run: VirtualDuration) -> VirtualDuration {
    let last = moments.map { $0.duration(in: run) }.max() ?? .zero
    guard let every else { return last }
    let most = max(0, Int((run - last).count(of: every)))
    return last + every * min(most, (times ?? .max) - 1)
  }

  /// What it does, where there is such a disturbance.
  package var change: ScriptedChange? { definition?.change(arguments) }

  /// What is known of what it does.
  package var definition: DisturbanceDefinition? { DisturbanceDefinition.named(action) }

  /// When it comes, and is undone, in a run of some length.
  func occurrences(in run: VirtualDuration) -> Occurrences {
    Occurrences(
      firsts: moments.map { $0.duration(in: run).nanoseconds }, every: every?.nanoseconds, times: times,
      length: length?.nanoseconds)
  }
}

extension [TimelineEntry] {
  /// The name of each entry in a run of some length. It keys what the entry draws, and names the cause in records. Of those
  /// that would have one name the second gets `#2` and so on.
  package func names(in run: VirtualDuration) -> [String] {
    var taken = Set(compactMap(\.name))
    return map { entry in
      if let name = entry.name { return name }
      let title = entry.title(in: run)
      let numbered = (2...).lazy.map { "\(title)#\($0)" }
      let name = taken.contains(title) ? numbered.first { !taken.contains($0) } ?? title : title
      taken.insert(name)
      return name
    }
  }
}

/// When something of the timeline comes, and is undone: whole nanoseconds since the start.
///
/// *Complexity*: of one that does not come again, logarithmic in the number of its times.
struct Occurrences: Sendable {
  /// Ascending.
  let firsts: [Int64]
  let every: Int64?
  let times: Int?
  let length: Int64?

  init(firsts: [Int64], every: Int64?, times: Int?, length: Int64?) {
    self.firsts = firsts.sorted()
    self.every = every
    self.times = times
    self.length = length
  }

  func begins(at time: Int64) -> Bool {
    guard let every else {
      let place = place(of: time)
      return place < firsts.count && firsts[place] == time
    }
    return firsts.contains { first in
      guard time > first else { return time == first }
      let (number, rest) = (time - first).quotientAndRemainder(dividingBy: every)
      return rest == 0 && number < Int64(times ?? .max)
    }
  }

  /// How often it has begun before a time.
  func count(before time: Int64) -> Int {
    guard let every else { return place(of: time) }
    return firsts.reduce(0) { sum, first in
      guard first < time else { return sum }
      return sum + min(times ?? .max, Int((time - first - 1) / every) + 1)
    }
  }

  /// The number of first times before a time.
  private func place(of time: Int64) -> Int {
    var (low, high) = (0, firsts.count)
    while low < high {
      let middle = (low + high) / 2
      if firsts[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func ends(at time: Int64) -> Bool { length.map { begins(at: time - $0) } ?? false }

  /// The first time after another one at which it begins or ends.
  func next(after time: Int64) -> Int64? {
    let begin = nextBegin(after: time)
    guard let length, let earlier = nextBegin(after: time - length) else { return begin }
    let (end, overflow) = earlier.addingReportingOverflow(length)
    return overflow ? begin : min(begin ?? end, end)
  }

  private func nextBegin(after time: Int64) -> Int64? {
    guard let every else {
      let next = firsts[place(of: time)...].first { $0 > time }
      return next
    }
    return firsts.compactMap { first -> Int64? in
      if first > time { return first }
      let number = (time - first) / every + 1
      let (time, overflow) = number.multipliedReportingOverflow(by: every)
      let sum = first.addingReportingOverflow(time)
      return number < Int64(times ?? .max) && !overflow && !sum.overflow ? sum.partialValue : nil
    }.min()
  }

  /// How often it begins in a run of so many nanoseconds.
  func count(in run: Int64) -> Double {
    firsts.reduce(0) { sum, first in
      guard first < run else { return sum }
      guard let every else { return sum + 1 }
      return sum + min(Double(times ?? .max), (Double(run - first) / Double(every)).rounded(.up))
    }
  }
}
