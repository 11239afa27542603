// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Randomness
import Testing

private func interval(_ begin: Int64, _ end: Int64, _ set: Int, _ occurrence: Int = 0) -> LinkInterval {
  LinkInterval(begin: begin, end: end, set: set, occurrence: occurrence)
}

/// An event that lasts longer than a newer one holds again when that is over, as the one that it was.
@Test func theNewestEventThatStillHoldsCounts() {
  let windows = [interval(10, 50, 1), interval(20, 30, 2), interval(25, 60, 3, 4)].windows
  #expect(
    windows == [
      LinkWindow(from: 10, set: 1, since: 10, occurrence: 0), LinkWindow(from: 20, set: 2, since: 20, occurrence: 0),
      LinkWindow(from: 25, set: 3, since: 25, occurrence: 4), LinkWindow(from: 60, set: 0, since: 0, occurrence: 0),
    ])
  #expect([interval(10, 50, 1), interval(20, 30, 2)].windows.map(\.set) == [1, 2, 1, 0])
  #expect([interval(10, 50, 1), interval(20, 30, 2)].windows[2].since == 10)
  #expect([interval(10, .max, 1)].windows.map(\.from) == [10])
  // Of two that begin together the later in the file is the newer; one that follows another leaves no gap.
  #expect([interval(10, 20, 1), interval(10, 20, 2)].windows.map(\.set) == [2, 0])
  #expect([interval(10, 20, 1), interval(20, 30, 1, 1)].windows.map(\.from) == [10, 20, 30])
}

/// Against asking each instant anew.
@Test(arguments: 0..<200)
func windowsAreWhatAskingEachInstantGives(trial: UInt64) {
  var draws = Draws(StreamKey(seed: 4, replication: 0, purpose: .data, entity: "windows"), at: trial)
  var intervals: [LinkInterval] = []
  var begin: Int64 = 0
  for set in 1...8 {
    begin += Int64(draws.integer(below: 8))
    intervals.append(interval(begin, begin + 1 + Int64(draws.integer(below: 20)), set))
  }
  let windows = intervals.windows
  #expect(zip(windows, windows.dropFirst()).allSatisfy { $0.from < $1.from })
  for time in 0..<100 as Range<Int64> {
    let expected = intervals.last { $0.begin <= time && time < $0.end }
    let seen = windows.last { $0.from <= time }
    #expect(seen?.set ?? 0 == expected?.set ?? 0)
    #expect(seen?.since ?? 0 == expected?.begin ?? 0)
  }
}
