// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Statistics

extension [SteadyState] {
  /// A table of the arms. The cut, the interval of the batches and their autocorrelation are those of the run in the
  /// middle; the mean is that of all runs.
  func block(metric: MetricDefinition) -> SummaryBlock {
    var block = SummaryBlock(
      title: "Steady state of \(metric.title): MSER-5, then \(SteadyState.batches) batches", keys: ["arm"],
      columns: ["settled", "cut", "mean", "of one run", "lag 1"],
      rows: map { SummaryBlock.Row(names: [$0.arm], cells: $0.cells(metric.scale)) })
    for state in self where !state.isSettled {
      let isOne = state.unsettled == 1
      let way = state.isFalling ? "fall" : "rise"
      block.notes.append(
        "\(state.arm): \(state.unsettled) of \(counted(state.runs.count, "run")) \(isOne ? "is" : "are") at the limit "
          + "of MSER-5 and still \(way)\(isOne ? "s" : ""), so "
          + (isOne ? "its mean is not that" : "their means are not those")
          + " of a steady state; lengthen `measure.until`.")
    }
    let correlated = filter { $0.correlated > 0 }.map {
      "\($0.correlated) of \(counted($0.runs.count, "run")) of \($0.arm)"
    }
    if !correlated.isEmpty {
      block.notes.append(
        "Batches resemble their neighbours (lag 1 above \(SteadyState.mostAutocorrelation)) in \(listed(correlated)): "
          + "there the interval of one run is too narrow. That of the mean is over replications, and holds.")
    }
    return block
  }

  /// A line for each run, in linear units and seconds.
  var commaSeparatedText: String {
    let heading = [
      "arm", "metric", "replication", "cut", "settled", "mean", "mean_low", "mean_high", "autocorrelation",
    ]
    let rows = flatMap { state in
      state.runs.map { run in
        [
          state.arm, state.metric, "\(run.replication)", "\(run.cut)", "\(run.isSettled)", "\(run.mean)",
          plainNumber(run.interval?.lower), plainNumber(run.interval?.upper), plainNumber(run.autocorrelation),
        ]
      }
    }
    return commaSeparated([heading] + rows)
  }
}

extension SteadyState {
  fileprivate func cells(_ unit: MetricDefinition.Scale) -> [Table.Cell] {
    func middle(_ values: [Double]) -> Double? { SortedSample(values)?.median }
    // A share of a plain number means nothing, as its zero does not.
    let isRelative = unit != .plain
    let halfWidths = runs.compactMap { run in
      run.interval.map { ($0.upper - $0.lower) / 2 / (isRelative ? abs(run.mean) : 1) }
    }
    let lag = middle(runs.compactMap(\.autocorrelation))
    return [
      Table.Cell(value: "\(runs.count - unsettled) of \(runs.count)"),
      Table.Cell(value: middle(runs.map(\.cut)).map(humanDuration) ?? "-"),
      Table.Cell(value: unit.text(mean), aside: interval.map { unit.text($0, of: mean) } ?? ""),
      Table.Cell(value: middle(halfWidths).map { "+/- \(isRelative ? humanShare($0) : humanPlain($0))" } ?? "-"),
      Table.Cell(value: lag.map { trimmed(($0 * 100).rounded() / 100) } ?? "-"),
    ]
  }
}
