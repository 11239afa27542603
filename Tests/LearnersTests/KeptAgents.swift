// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Testing

/// What is written down of all agents, with a step under way, is all that there is.
///
/// - Parameters:
///   - one: two agents that have not begun; `other` is made like it.
///   - count: after so many steps it is written down.
func expectThatItGoesOn<Core: ActingCore>(
  _ one: borrowing ActingBank<Core>, _ other: borrowing ActingBank<Core>, after count: UInt64
) throws {
  let size = one.parameterCount
  let increments = Column(repeating: Float.nan, count: 2 * size)
  let copies = Column(repeating: Float.nan, count: 2 * size)
  let w = one.start(0)
  for attempt in 0..<count {
    for agent in 0..<2 { _ = one.taken(agent, attempt: attempt, at: w) }
  }
  one.begin(LocalStep(NodeID(0), attempt: count), at: w, increment: increments.base)
  var written = RunMemory()
  try one.visit(&written, increments: increments.base)
  var read = RunMemory(reading: written.content)
  try other.visit(&read, increments: copies.base)
  try read.end()
  for entry in 0..<size { copies[entry] = increments[entry] }
  #expect(one.finish(NodeID(0)) == other.finish(NodeID(0)))
  for entry in 0..<size { #expect(increments[entry] == copies[entry]) }
  for attempt in count + 1..<2 * count {
    for agent in 0..<2 {
      let (mine, others) = (one.taken(agent, attempt: attempt, at: w), other.taken(agent, attempt: attempt, at: w))
      #expect(mine.d == others.d && mine.work == others.work)
    }
  }
}

/// What is kept of one agent between steps brings it back after it has forgotten all; without it, it starts afresh.
///
/// - Parameter count: after so many steps it is kept.
func expectThatItComesBack<Core: ActingCore>(_ bank: borrowing ActingBank<Core>, after count: UInt64) throws {
  let w = bank.start(0)
  let fresh = (0..<count).map { bank.taken(0, attempt: $0, at: w).d }
  var written = RunMemory()
  try bank.visit(&written, of: NodeID(0))
  let next = bank.taken(0, attempt: count, at: w)
  bank.forget(NodeID(0))
  #expect((0..<count).map { bank.taken(0, attempt: $0, at: w).d } == fresh)
  for attempt in count + 8..<count + 21 { _ = bank.taken(0, attempt: attempt, at: w) }
  var read = RunMemory(reading: written.content)
  try bank.visit(&read, of: NodeID(0))
  try read.end()
  let again = bank.taken(0, attempt: count, at: w)
  #expect(again.d == next.d && again.work == next.work)
}
