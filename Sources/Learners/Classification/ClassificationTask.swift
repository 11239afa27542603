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

  /// The rows that are left to learn from, of so many with a share kept for tests.
  fileprivate static func trainingCount(of rows: Int, testShare: Double) -> Int { rows - Int(Double(rows) * testShare) }

  /// - Parameter arguments: of the task, with at least one row to learn from for each agent.
  fileprivate init(_ arguments: Arguments, _ table: NumberTable, agents: Int, seed: UInt64, replication: UInt32) {
    let split: Split = arguments.choice("split")
    let count = table.rowCount
    featureCount = table.columnCount - 1
    labels = (0..<count).map { Int(table[$0, table.columnCount - 1]) }
    classCount = table.classCount
    var order = Array(0..<count)
    var draws = Draws(
      StreamFamily(seed: seed, replication: replication, purpose: .taskParameters).key(EntityKey("rows")), at: 0)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(draws.integer(below: UInt32(last + 1))))
    }
    let testCount = count - Self.trainingCount(of: count, testShare: arguments.number("test-share") ?? 0)
    testRows = Array(order.prefix(testCount))
    var training = Array(order.dropFirst(testCount))
    precondition(training.count >= agents, "Every agent has a row.")
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
    features = Self.features(table, isStandardised: arguments.flag("standardise"), training: training)
  }

  /// The features with a one behind them; with mean zero and deviation one over the rows to learn from, where that is
  /// asked for. A feature that is the same everywhere becomes zero.
  private static func features(_ table: NumberTable, isStandardised: Bool, training: [Int]) -> [Double] {
    let width = table.columnCount
    var scales = [(mean: Double, deviation: Double)](repeating: (0, 1), count: width - 1)
    if isStandardised {
      for column in 0..<width - 1 {
        let mean = training.reduce(0) { $0 + table[$1, column] } / Double(training.count)
        let square = training.reduce(0) { $0 + (table[$1, column] - mean) * (table[$1, column] - mean) }
        let deviation = (square / Double(training.count)).squareRoot()
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
    check: fault,
    facts: { arguments in
      let table: NumberTable? = arguments.special("data")
      var facts = TaskFacts(
        parameterCount: table.map { $0.classCount * $0.columnCount } ?? 0, minimisers: .unsaid,
        closedForm: .none("Softmax regression has no closed form."))
      facts.varies = true
      return facts
    },
    draw: { arguments, draw in
      guard let table: NumberTable = arguments.special("data") else { throw Fault.missing("data") }
      return ClassificationTask(
        arguments, table, agents: draw.agents.count, seed: draw.seed, replication: draw.replication)
    })

  /// A number beyond this cannot be squared and summed.
  private static let greatestFeature = 1e100

  @Sendable private static func fault(_ arguments: Arguments, agents: Int?) -> Fault? {
    guard let table: NumberTable = arguments.special("data"), table.rowCount > 0 else { return nil }
    if table.columnCount < 2 { return Fault("data", "has no feature: a row is features and a class") }
    for row in 0..<table.rowCount {
      let kind = table[row, table.columnCount - 1]
      if !(0...9_999).contains(kind) || kind.rounded() != kind {
        return Fault("data", "has a class \(plainNumber(kind))", hint: "classes are whole numbers from 0 to 9999")
      }
      for column in 0..<table.columnCount where abs(table[row, column]) > greatestFeature {
        return Fault("data", "has numbers in column \(column + 1) that are too large to be squared")
      }
    }
    let share = arguments.number("test-share") ?? 0
    let training = ClassificationTask.trainingCount(of: table.rowCount, testShare: share)
    guard let agents, training < agents else { return nil }
    return Fault("data", "leaves \(counted(training, "row")) to learn from, but there are \(agents) agents")
  }
}

extension NumberTable {
  /// How many classes there are where they stand in the last column; none where the numbers are not at hand.
  fileprivate var classCount: Int { maxima.last.map { Int($0) + 1 } ?? 0 }
}
