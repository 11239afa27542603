// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// What agents were at the latest times at which they were written down, one copy of each agent for each interval at which
/// some cause has it written down.
///
/// Agents are written down at the multiples of an interval at which they are up, before anything else of that instant.
/// Who has not been yet is what it was at the start.
struct Checkpoints<Scalar: ParameterScalar>: ~Copyable {
  /// Nanoseconds, ascending.
  private let intervals: [Int64]
  private let agentCount: Int
  private let dimension: Int
  /// The parameters of each copy (intervals × agents × M).
  private let parameters: Column<Scalar>
  /// What the learner keeps for itself, of each copy.
  private var kept: [[UInt8]]
  /// When each copy was written, in nanoseconds; −1 before.
  private let times: Column<Int64>
  /// The instant handled last, in nanoseconds.
  private var handled: Int64 = 0

  init(every intervals: [VirtualDuration], agents: Int, dimension: Int) {
    self.intervals = intervals.map(\.nanoseconds)
    agentCount = agents
    self.dimension = dimension
    let count = intervals.count * agents
    parameters = Column(repeating: 0, count: count * dimension)
    kept = Array(repeating: [], count: count)
    times = Column(repeating: -1, count: count)
  }

  /// When agents are written down next; nothing where they never are.
  func next(after now: VirtualTime) -> VirtualTime? {
    intervals.map { VirtualTime(nanoseconds: (now.nanoseconds / $0 + 1) * $0) }.min()
  }

  /// Takes note that an instant is handled.
  ///
  /// - Returns: whether it was not before, and there is anything that could have to be written down.
  mutating func handle(_ time: VirtualTime) -> Bool {
    guard !intervals.isEmpty, time.nanoseconds > handled else { return false }
    handled = time.nanoseconds
    return true
  }

  /// Writes agents down that are up, for those intervals of which a time is a multiple.
  mutating func write(
    at now: VirtualTime, _ agents: borrowing Column<AgentState>, _ rows: borrowing Column<Scalar>,
    _ learner: borrowing StepBank<Scalar>
  ) {
    for (interval, length) in intervals.enumerated() where now.nanoseconds % length == 0 {
      for rank in 0..<agentCount where agents[rank].isUp {
        let place = interval * agentCount + rank
        (parameters.base + place * dimension).update(from: rows.base + rank * dimension, count: dimension)
        var memory = RunMemory()
        // Writing never fails.
        try? learner.visit(&memory, of: NodeID(rank))
        kept[place] = memory.content
        times[place] = now.nanoseconds
      }
    }
  }

  /// How many copies there can be, those of an interval one after the other.
  var copyCount: Int { times.count }

  /// Whether a copy was written at a time.
  func isWritten(_ place: Int, at time: VirtualTime) -> Bool { times[place] == time.nanoseconds }

  /// The copy to which an agent is to come back: of the two the older one, which is the more forgetful.
  func oldest(of node: NodeID, _ interval: VirtualDuration?, _ other: UInt32?) -> UInt32? {
    guard let number = intervals.firstIndex(where: { $0 == interval?.nanoseconds }) else { return other }
    let place = number * agentCount + node.index
    if let other, times[Int(other)] < times[place] { return other }
    return UInt32(place)
  }

  /// Makes an agent what it was, where it has been written down.
  func recall(
    _ node: NodeID, from place: UInt32, into row: UnsafeMutablePointer<Scalar>, _ learner: borrowing StepBank<Scalar>
  ) {
    let place = Int(place)
    guard times[place] >= 0 else { return }
    row.update(from: parameters.base + place * dimension, count: dimension)
    var memory = RunMemory(reading: kept[place])
    do {
      try learner.visit(&memory, of: node)
    } catch {
      preconditionFailure("An agent reads what it has written itself: \(error).")
    }
  }

  /// Bytes that it holds.
  var bytesHeld: Int { parameters.count * MemoryLayout<Scalar>.stride + kept.reduce(0) { $0 + $1.count } }

  /// What of it changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("parameters of checkpoints", parameters)
    try memory.column("times of checkpoints", times)
    for place in kept.indices { try memory.list("kept at a checkpoint", &kept[place]) }
    try memory.value("checkpoints are handled until", &handled)
  }
}

extension RunState {
  /// Writes down all agents that are to be at this instant.
  mutating func writeCheckpoints() {
    checkpoints.write(at: now, agents, parameters, learner)
    guard realised.carries else { return }
    for place in 0..<checkpoints.copyCount where checkpoints.isWritten(place, at: now) {
      realised.carried.write(NodeID(place % agentCount), at: place)
    }
  }
}
