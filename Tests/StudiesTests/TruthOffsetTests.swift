// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Scenarios
import Simulation
import Testing

/// Ten agents, three of them slow, with minimisers as said.
private func world(_ truth: String, presets: String = "none", replication: UInt32 = 0) throws -> World {
  let slow = ", stragglers: {agents: {share: 30 %}, slowdown: 10}"
  let text = """
    name: offset
    task: {kind: linear-regression, dimension: 5\(truth.isEmpty ? "" : ", truth: \(truth)")}
    network: {topology: ring, agents: 10}
    learner: {step-size: 0.02}
    measure: {until: 1 h, every: 1 min}
    conditions: {compute: {between-agents: 1 s\(presets == "none" ? slow : "")}}
    presets: {data: \(presets)}
    """
  let settings = try Scenario.parse(text: text, file: "s.yaml").arms[0].settings
  return try World(settings, replication: replication)
}

extension World {
  /// By how much the minimiser of each agent differs from that of the same agent in another world.
  fileprivate func differences(from other: World) throws -> [[Double]] {
    let (own, others) = (try #require(regression), try #require(other.regression))
    let size = own.dimension
    return (0..<agentCount).map { agent in
      (agent * size..<(agent + 1) * size).map { own.truths[$0] - others.truths[$0] }
    }
  }
}

private func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

@Test func thoseWhoLieElsewhereLieElsewhereByOneVector() throws {
  let plain = try world("{spread: 0.5}")
  let placed = try world("{spread: 0.5, offset: {agents: stragglers, distance: 2}}")
  let moved = try placed.differences(from: plain)
  let slow = placed.typicalStepDurations.indices.filter { placed.typicalStepDurations[$0] > 5 }
  #expect(slow.count == 3)
  for agent in moved.indices {
    #expect(abs(length(moved[agent]) - (slow.contains(agent) ? 2 : 0)) < 1e-12)
    guard let first = slow.first, slow.contains(agent) else { continue }
    #expect(zip(moved[agent], moved[first]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
  // Regressors are alike, so the optimum is the mean of all minimisers, three tenths of the way.
  let optimum = try #require(placed.regression).networkOptimum
  let before = try #require(plain.regression).networkOptimum
  #expect(abs(length(zip(optimum, before).map(-)) - 0.6) < 1e-12)
}

@Test func aLargerShareThatLiesElsewhereContainsASmaller() throws {
  let plain = try world("")
  func members(_ share: String) throws -> Set<Int> {
    let moved = try world("{offset: {agents: {share: \(share)}}}").differences(from: plain)
    return Set(moved.indices.filter { length(moved[$0]) > 0.5 })
  }
  let (few, many) = (try members("20 %"), try members("60 %"))
  #expect(few.count == 2 && many.count == 6 && few.isSubset(of: many))
}

@Test func thePresetOfSlowAgentsTellsTheirsFromOthers() throws {
  let plain = try world("")
  func members(_ preset: String) throws -> (slow: Set<Int>, elsewhere: Set<Int>) {
    let placed = try world("", presets: preset)
    let moved = try placed.differences(from: plain)
    let slow = moved.indices.filter { placed.typicalStepDurations[$0] > 5 }
    return (Set(slow), Set(moved.indices.filter { abs(length(moved[$0]) - 3) < 1e-12 }))
  }
  let together = try members("{H1: {distance: 3}}")
  #expect(together.slow.count == 3 && together.slow == together.elsewhere)
  let apart = try members("{H1: {distance: 3, correlation: 0}}")
  #expect(apart.slow == together.slow && apart.elsewhere.count == 3 && apart.elsewhere != apart.slow)
}
