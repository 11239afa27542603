// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Testing

/// Of agent a: 1 from 2 ns, 0 from 5 ns; of b: 0 from 0 ns.
private func table(recycle: Int64? = nil) -> TraceTable {
  var use = TraceTable.Use()
  use.recycle = recycle.map { VirtualDuration(nanoseconds: $0) }
  return TraceTable(
    use, subjects: [["a"], ["b"]], lines: [2, 3],
    rows: [
      .init(subject: 0, nanoseconds: 2, value: 1), .init(subject: 1, nanoseconds: 0, value: 0),
      .init(subject: 0, nanoseconds: 5, value: 0),
    ])
}

@Test func aValueOfATraceHoldsFromItsTimeToTheNextOfTheSameSubject() {
  #expect((0..<8).map { table().value(of: 0, at: $0) } == [nil, nil, 1, 1, 1, 0, 0, 0])
  #expect((0..<8).map { table().value(of: 1, at: $0) } == Array(repeating: 0, count: 8))
}

@Test func aRecycledTraceBeginsAgainAsItBegan() {
  #expect((0..<16).map { table(recycle: 6).value(of: 0, at: $0) } == (0..<16).map { table().value(of: 0, at: $0 % 6) })
}

@Test(arguments: [nil, 6, 5, 7] as [Int64?])
func betweenTheTimesOfATraceNothingChanges(recycle: Int64?) {
  let table = table(recycle: recycle)
  for subject in 0..<2 {
    var time: Int64 = 0
    while let next = table.nextTime(of: subject, after: time), next < 60 {
      #expect(next > time)
      let value = table.value(of: subject, at: time)
      for between in time..<next { #expect(table.value(of: subject, at: between) == value) }
      time = next
    }
    #expect(recycle != nil || time < 6)
  }
}

@Test func aTraceIsToldFromOthersByWhatItSaysAndHowItIsUsed() {
  #expect(table() == table())
  #expect(table() != table(recycle: 6))
  let other = TraceTable(
    TraceTable.Use(), subjects: [["a"]], lines: [2], rows: [.init(subject: 0, nanoseconds: 2, value: 0.5)])
  #expect(other.checksum != table().checksum)
  #expect(TraceTable(TraceTable.Use(), remembering: other.checksum) == other)
}
