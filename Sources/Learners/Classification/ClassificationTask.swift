// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// Rows of features with a class each, from a CSV file, dealt out to agents; some of them are kept for tests.
///
/// *Randomness*: `taskParameters` of "rows" at index 0 for the order in which rows are dealt.
package struct ClassificationTask: DrawnTask {
  /// Who gets which rows.
  package enum Split: String, Sendable, CaseIterable {
    /// Rows in a random order, one after the other to each agent in turn.
    case even
    /// The same after sorting by class: agents have few classes each, and none of the others.
    case byClass = "by-class"
  }

  /// d, the features of a row; with the constant one behind them a class has d + 1 parameters.
  package let featureCount: Int
  /// C.
  package let classCount: Int
  /// All rows with the constant one behind each (n × (d + 1)), standardised where that is asked for.
  package let features: [Double]
  /// The class of each row, from zero.
  package let labels: [Int]
  /// The rows of each agent.
  package let rowsOfAgents: [[Int]]
  package let testRows: [Int]

  /// - Throws: `Fault` where an agent would have no row.
  package init(_ arguments: Arguments, agents: Int, seed: UInt64, replication: UInt32) throws(Fault) {
    guard let table: NumberTable = arguments.special("data") else { throw .missing("data") }
    let split: Split = arguments.choice("split")
    let count = table.rowCount
    featureCount = table.columnCount - 1
    labels = (0..<count).map { Int(table[$0, table.columnCount - 1]) }
    classCount = (labels.max() ?? 0) + 1
    var order = Array(0..<count)
    var draws = Draws(
      StreamFamily(seed: seed, replication: replication, purpose: .taskParameters).key(EntityKey("rows")), at: 0)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(draws.integer(below: UInt32(last + 1))))
    }
    let testCount = Int(Double(count) * (arguments.number("test-share") ?? 0))
    testRows = Array(order.prefix(testCount))
    var training = Array(order.dropFirst(testCount))
    guard training.count >= agents else {
      throw Fault("data", "leaves \(counted(training.count, "row")) to learn from, but there are \(agents) agents")
    }
    if split == .byClass {
      let labels = labels
      training.sort { labels[$0] < labels[$1] }
    }
    rowsOfAgents = (0..<agents).map { agent in
      switch split {
      case .even: stride(from: agent, to: training.count, by: agents).map { training[$0] }
      case .byClass: Array(training[agent * training.count / agents..<(agent + 1) * training.count / agents])
      }
    }
    features = try Self.features(table, isStandardised: arguments.flag("standardise"), training: training)
  }

  /// The features with a one behind them; with mean zero and deviation one over the rows to learn from, where that is
  /// asked for. A feature that is the same everywhere becomes zero.
  private static func features(
    _ table: NumberTable, isStandardised: Bool, training: [Int]
  ) throws(Fault) -> [Double] {
    let width = table.columnCount
    var scales = [(mean: Double, deviation: Double)](repeating: (0, 1), count: width - 1)
    if isStandardised {
      for column in 0..<width - 1 {
        let mean = training.reduce(0) { $0 + table[$1, column] } / Double(training.count)
        let square = training.reduce(0) { $0 + (table[$1, column] - mean) * (table[$1, column] - mean) }
        let deviation = (square / Double(training.count)).squareRoot()
        guard deviation.isFinite else {
          throw Fault("data", "has numbers in column \(column + 1) that are too large to be squared")
        }
        scales[column] = (mean, deviation > 0 ? deviation : 1)
      }
    }
    return (0..<table.rowCount).flatMap { row in
      scales.indices.map { (table[row, $0] - scales[$0].mean) / scales[$0].deviation } + [1]
    }
  }
}

extension TaskDefinition {
  /// Classes of rows.
  package static let classification = TaskDefinition(
    name: "classification", meaning: "rows of features from a file, each with its class, dealt out to the agents",
    parameters: [
      Parameter("data", .table, "a row of features and, in the last column, its class: 0, 1 and so on"),
      Parameter(
        "split", .choice(ClassificationTask.Split.allCases.map(\.rawValue)),
        "even: every agent has rows of all classes; by-class: agents have few classes each", .otherwise(.text("even"))),
      Parameter(
        "test-share", .quantity(.share, Bounds(lower: 0, upper: 0.9)), "of the rows, kept for tests",
        .otherwise(.number(0.2))),
      Parameter(
        "standardise", .flag, "whether features get mean 0 and deviation 1 over the rows to learn from",
        .otherwise(.flag(true))),
    ], usualLearner: "softmax-regression",
    check: { arguments, agents in
      guard let table: NumberTable = arguments.special("data"), table.rowCount > 0 else { return nil }
      let classes = (0..<table.rowCount).map { table[$0, table.columnCount - 1] }
      if table.columnCount < 2 { return Fault("data", "has no feature: a row is features and a class") }
      if let wrong = classes.first(where: { $0 < 0 || $0 > 9_999 || $0.rounded() != $0 }) {
        return Fault("data", "has a class \(plainNumber(wrong))", hint: "classes are whole numbers from 0 to 9999")
      }
      guard let agents else { return nil }
      do throws(Fault) {
        _ = try ClassificationTask(arguments, agents: agents, seed: 0, replication: 0)
        return nil
      } catch {
        return error
      }
    },
    facts: { arguments in
      guard let table: NumberTable = arguments.special("data"), table.rowCount > 0 else {
        return TaskFacts(parameterCount: 0, minimisers: .unsaid, closedForm: .none("The data are not at hand."))
      }
      let greatest = (0..<table.rowCount).map { table[$0, table.columnCount - 1] }.max() ?? 0
      var facts = TaskFacts(
        parameterCount: (Int(greatest) + 1) * table.columnCount, minimisers: .unsaid,
        closedForm: .none("Softmax regression has no closed form."))
      facts.varies = true
      return facts
    },
    draw: { arguments, draw in
      try ClassificationTask(
        arguments, agents: draw.agents.count, seed: draw.seed, replication: draw.replication)
    })
}
