// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Quantities
import Randomness
import Testing
import Workers

/// What two agents of the ways room-4 and room-5 come to in 8,000 steps, as the thesis has it: two columns learn soonest.
///
/// Bounds are those of an independent calibration with other random numbers, of which they leave out little: medians of six
/// seeds over those in which nobody is stuck, of whom up to two may be. Seeds are fixed, so no alarm is false.
struct TwoRoomCalibrationTests {
  private static let shortest = [13, 9]

  /// The episodes of an agent, by their lengths.
  private struct Walks {
    var lengths: [Int] = []
    private var sinceStart = 0

    mutating func step(_ work: StepWork) {
      sinceStart += Int(work.environmentSteps)
      guard work.episodes > 0 else { return }
      lengths.append(sinceStart)
      sinceStart = 0
    }

    private func mean(_ lengths: some Collection<Int>) -> Double {
      Double(lengths.reduce(0, +)) / Double(lengths.count)
    }

    /// After how many episodes the latest ten take at most twice the shortest way; nothing if they never do.
    func solved(shortest: Int) -> Int? {
      guard lengths.count >= 10 else { return nil }
      return (10...lengths.count).first { mean(lengths[$0 - 10..<$0]) <= 2 * Double(shortest) }
    }

    /// Of the last 20 episodes.
    var end: Double { mean(lengths.suffix(20)) }

    /// Its episodes end by the limit of 1,000 steps.
    var isStuck: Bool { end > 300 }
  }

  /// Both agents, who make a step of the shared policy by the sum of their gradients where there is one.
  private func walks(_ form: SoftQSettings.Form, seed: UInt64) -> [Walks] {
    let nodes = keys(3)
    let bank = SoftQLearning(
      SoftQSettings(form: form), task: ControlSettings(environment: .twoRoom, tasks: .named(["room-4", "room-5"])),
      agents: nodes, learners: 2, testEpisodes: 1, seed: seed, replication: 0, steps: StepPool())
    let shared = form == .alone ? 0 : bank.layout.sharedCount
    var parameters = [bank.start(0), bank.start(1)]
    var walks = [Walks(), Walks()]
    var vectors = parameters
    var sum = [Float](repeating: 0, count: parameters[0].count)
    for attempt in 0..<8000 {
      for index in 0..<shared { sum[index] = 0 }
      for agent in 0..<2 {
        let work = vectors[agent].withUnsafeMutableBufferPointer { vector in
          bank.begin(
            LocalStep(NodeID(agent), attempt: UInt64(attempt)), at: parameters[agent], increment: vector.baseAddress!)
          return form == .alone ? bank.finish(NodeID(agent)) : bank.finishGradient(NodeID(agent))
        }
        walks[agent].step(work)
        for index in 0..<shared { sum[index] += vectors[agent][index] }
        for index in shared..<vectors[agent].count { parameters[agent][index] += vectors[agent][index] }
      }
      guard shared > 0 else { continue }
      sum.withUnsafeMutableBufferPointer { bank.turnIntoIncrement($0.baseAddress!, of: NodeID(2)) }
      for agent in 0..<2 { for index in 0..<shared { parameters[agent][index] += sum[index] } }
    }
    return walks
  }

  private func ends(_ walks: [[Walks]], of agent: Int) -> Double {
    median(walks.map { $0[agent] }.filter { !$0.isStuck }.map(\.end))
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .infinity }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  @Test func twoColumnsLearnSoonestAndOneColumnNever() {
    let seeds: [UInt64] = [1, 2, 3, 4, 5, 6]
    let two = seeds.map { walks(.twoColumns(.learnt), seed: $0) }
    let alone = seeds.map { walks(.alone, seed: $0) }
    let one = seeds.map { walks(.oneColumn(.learnt), seed: $0) }
    for agent in 0..<2 {
      let shortest = Self.shortest[agent]
      let free = two.map { $0[agent] }.filter { !$0.isStuck }
      let solved = free.map { $0.solved(shortest: shortest).map(Double.init) ?? .infinity }
      #expect(free.count >= 4)
      #expect(median(solved) <= 25)
      #expect(ends(two, of: agent) <= [17, 12][agent])
      #expect(one.allSatisfy { $0[agent].solved(shortest: shortest) == nil })
    }
    #expect(ends(alone, of: 0) >= 1.5 * ends(two, of: 0))
  }
}
