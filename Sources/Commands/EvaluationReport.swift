// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Statistics
import Studies
import Summaries

/// What policies came to in new episodes, as text and as a document.
struct EvaluationReport {
  struct Document: Encodable {
    struct Evaluation: Encodable {
      let agent: String?
      let task: String
      let mean: Double?
      let low: Double?
      let high: Double?
      let standardDeviation: Double?
      let median: Double?
      let least: Double?
      let greatest: Double?
      let returns: [Double]
      /// In metres; nothing unless they were asked for.
      let flights: [Double]?
    }

    let schema = "starling-evaluate/1"
    let study: String
    let arm: String
    let replication: Int
    let time: Double?
    let environment: String
    let timeLimit: Int
    let acting: String
    let episodes: Int
    let seed: UInt64
    let evaluations: [Evaluation]
  }

  private let policies: StoredPolicies
  private let evaluation: PolicyEvaluation
  /// Virtual seconds at which the parameters were kept.
  private let time: Double?
  private let outcomes: [PolicyEvaluation.Outcome]

  init(
    _ policies: StoredPolicies, _ evaluation: PolicyEvaluation, time: Double?, outcomes: [PolicyEvaluation.Outcome]
  ) {
    self.policies = policies
    self.evaluation = evaluation
    self.time = time
    self.outcomes = outcomes
  }

  /// Every return.
  var document: Document {
    Document(
      study: policies.study, arm: policies.arm, replication: policies.replication, time: time,
      environment: policies.environment, timeLimit: policies.tasks.timeLimit, acting: evaluation.acting.rawValue,
      episodes: evaluation.episodes, seed: evaluation.seed,
      evaluations: outcomes.map { outcome in
        let (interval, sorted) = (outcome.mean, outcome.sorted)
        return Document.Evaluation(
          agent: outcome.agent, task: outcome.task, mean: interval?.mean, low: interval?.low, high: interval?.high,
          standardDeviation: interval?.standardDeviation, median: sorted?.median, least: sorted?.values.first,
          greatest: sorted?.values.last, returns: outcome.episodes.returns,
          flights: evaluation.byFlight ? outcome.scores : nil)
      })
  }

  // MARK: - Text

  /// A heading and a table that the style has room for.
  func text(_ style: TerminalStyle) -> String {
    let rows = ReturnMatrix(outcomes).map { self.rows(of: $0, style) } ?? outcomeRows
    return (heading + aligned(rows)).joined(separator: "\n")
  }

  private var heading: [String] {
    let limit = policies.tasks.timeLimit
    let count = counted(evaluation.episodes, "episode")
    return [
      policies.heading(at: time),
      "  \(policies.environment), \(counted(limit, "step")) · \(evaluationName(evaluation.acting)) · \(count)"
        + " · seed \(evaluation.seed)",
    ]
  }

  /// A row for each agent and task.
  private var outcomeRows: [[String]] {
    [["", "task", title, "", "median", "min", "max"]]
      + outcomes.map { outcome in
        let sorted = outcome.sorted
        return [
          outcome.agent ?? evaluationName(evaluation.acting), outcome.task, number(outcome.mean?.mean),
          interval(outcome.mean), number(sorted?.median), number(sorted?.values.first), number(sorted?.values.last),
        ]
      }
  }

  /// A row for each task and one for all: the mean return of every agent where there is room, else quartiles of the
  /// agents' means.
  private func rows(of matrix: ReturnMatrix, _ style: TerminalStyle) -> [[String]] {
    let named = Array(zip(matrix.tasks + ["all tasks"], matrix.means + [matrix.overall]))
    let whole = [[title] + matrix.agents] + named.map { name, row in [name] + row.map(number) }
    if aligned(whole).allSatisfy({ $0.count <= style.width }) { return whole }
    let heading = [counted(matrix.agents.count, "agent"), "min", "lower quartile", "median", "upper quartile", "max"]
    return [heading]
      + named.map { name, row in
        let sorted = SortedSample(row)
        return [name] + [0, 0.25, 0.5, 0.75, 1].map { number(sorted?.quantile($0)) }
      }
  }

  private var title: String { evaluation.byFlight ? "mean flight, m" : "mean return" }

  private func number(_ value: Double?) -> String {
    value.map(humanPlain) ?? "diverged"
  }

  private func interval(_ interval: TInterval?) -> String {
    guard let low = interval?.low, let high = interval?.high else { return "" }
    return humanPlains(Interval(lower: low, upper: high))
  }
}

extension StoredPolicies {
  /// Whose they are.
  ///
  /// - Parameter time: virtual seconds at which the parameters were kept.
  func heading(at time: Double?) -> String {
    "\(study) · \(arm) · replication \(replication)" + (time.map { " · after \(humanDuration($0))" } ?? "")
  }
}

/// Lines of cells behind two blanks, each column as wide as its widest cell.
func aligned(_ rows: [[String]]) -> [String] {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
    var line = "  " + cells.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// What chooses the actions, in words.
func evaluationName(_ acting: PolicyEvaluation.Acting) -> String {
  switch acting {
  case .mean: "mean actions"
  case .drawn: "drawn actions"
  case .zero: "zero actions"
  case .uniform: "uniform actions"
  }
}
