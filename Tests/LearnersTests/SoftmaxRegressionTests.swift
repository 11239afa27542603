// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Quantities
import Randomness
import Schema
import Testing
import Workers

/// A table of so many rows with two features and three classes, that of a row its number modulo three.
private func table(rows: Int) -> NumberTable {
  let key = StreamKey(seed: 5, replication: 0, purpose: .data, entity: "table")
  var values: [Double] = []
  for row in 0..<rows {
    var draws = Draws(key, at: UInt64(row))
    values += [4 * draws.uniform(), draws.uniform() - 2, Double(row % 3)]
  }
  return NumberTable(file: "table.csv", names: [], columnCount: 3, values: values)
}

private func settings(rows: Int, _ more: [String: Argument] = [:]) -> TaskSettings {
  TaskSettings(.classification, Arguments(["data": .special(table(rows: rows))].merging(more) { $1 }))
}

private let names = (0..<4).map { EntityKey("agent-\($0)") }

private func drawn(_ settings: TaskSettings, seed: UInt64 = 1) throws -> ClassificationTask {
  let draw = TaskDraw(agents: names, learner: LearnerSettings(.softmaxRegression), seed: seed, replication: 0)
  return try #require(try settings.drawn(draw) as? ClassificationTask)
}

private func bank(
  _ task: ClassificationTask, stepSize: Double, batch: Int, ridge: Double = 0
) -> SoftmaxRegression {
  let learner = LearnerSettings(
    .softmaxRegression,
    ["step-size": .number(stepSize), "batch-size": .count(batch), "ridge": .number(ridge)])
  return SoftmaxRegression(
    task,
    LearningContext(
      learner, task: task, nodes: names, agentCount: 4, testEpisodes: 1, seed: 1, replication: 0,
      steps: StepPool()))
}

struct SoftmaxRegressionTests {
  @Test(arguments: [ClassificationTask.Split.even, .byClass], [0, 0.25])
  func everyRowIsDealtToOneAgentOrKeptForTests(split: ClassificationTask.Split, share: Double) throws {
    let task = try drawn(settings(rows: 41, ["split": .text(split.rawValue), "test-share": .number(share)]))
    #expect((task.rowsOfAgents.flatMap { $0 } + task.testRows).sorted() == Array(0..<41))
    #expect(task.testRows.count == Int(41 * share))
    let counts = task.rowsOfAgents.map(\.count)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    let classes = task.rowsOfAgents.map { Set($0.map { task.labels[$0] }).count }
    if split == .byClass { #expect(classes.allSatisfy { $0 <= 2 }) } else { #expect(classes.reduce(0, +) >= 11) }
    #expect(try drawn(settings(rows: 41), seed: 2).testRows != drawn(settings(rows: 41)).testRows)
  }

  @Test func featuresHaveMeanZeroAndDeviationOneOverTheRowsToLearnFrom() throws {
    let task = try drawn(settings(rows: 60))
    let rows = task.rowsOfAgents.flatMap { $0 }
    for column in 0..<2 {
      let values = rows.map { task.features[$0 * 3 + column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count) - mean * mean
      #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
    }
    #expect(rows.allSatisfy { task.features[$0 * 3 + 2] == 1 })
  }

  /// With a step size of one, and as many rows for every agent, the mean increment of many batches is minus the gradient of
  /// the loss, here by central differences.
  @Test func incrementsAreGradientsOfTheLoss() throws {
    let task = try drawn(settings(rows: 40, ["test-share": .number(0)]))
    let learner = bank(task, stepSize: 1, batch: 2000, ridge: 0.1)
    let count = learner.parameterCount
    let point = (0..<count).map { 0.3 * sin(Double($0 + 1)) }
    let increment = UnsafeMutablePointer<Double>.allocate(capacity: count)
    defer { increment.deallocate() }
    var mean = [Double](repeating: 0, count: count)
    for agent in 0..<4 {
      for attempt in 0..<50 as Range<UInt64> {
        point.withUnsafeBufferPointer {
          learner.begin(LocalStep(NodeID(agent), attempt: attempt), at: $0.baseAddress!, increment: increment)
        }
        for entry in 0..<count { mean[entry] += increment[entry] / 200 }
      }
    }
    for entry in 0..<count {
      var (above, below) = (point, point)
      above[entry] += 1e-5
      below[entry] -= 1e-5
      let slope = (learner.loss(at: above) - learner.loss(at: below)) / 2e-5
      // 400,000 rows of which each changes an entry by less than 2: four deviations of their mean are below 0.013.
      #expect(abs(mean[entry] + slope) < 0.013)
    }
  }

  @Test func aRowForEveryAgentIsNeeded() {
    #expect(settings(rows: 3).fault(agents: 4)?.parameter == "data")
    #expect(settings(rows: 40).fault(agents: 4) == nil)
    let half = NumberTable(file: "half.csv", names: [], columnCount: 2, values: [1, 0.5, 2, 1])
    #expect(TaskSettings(.classification, ["data": .special(half)]).fault(agents: 1)?.parameter == "data")
  }
}
