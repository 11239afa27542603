// SPDX-License-Identifier: GPL-3.0-or-later
import Records

extension GroupedSummary {
  /// Below this many replications intervals are not to be trusted, and the values themselves are shown.
  package static let fewReplications = 10

  /// A table for each metric.
  func blocks(metrics: [RunMetric]) -> [SummaryBlock] {
    metrics.map { metric in
      let rows = rows.filter { $0.metric == metric.name }
      let areTimes = rows.contains { $0.survival != nil }
      let columns =
        areTimes
        ? ["reached", "median, 95 %", "restricted mean"]
        : ["n", "mean, 95 %", "median, quartiles", "IQM, 95 %", "least", "greatest"]
      var block = SummaryBlock(
        title: "\(metric.title) by \(keys.joined(separator: ", "))", keys: keys, columns: columns,
        rows: rows.map { row in
          // Of a group that none of this is said of there is no count either.
          let none = Array(repeating: Table.Cell(value: "-"), count: columns.count)
          return SummaryBlock.Row(
            names: row.group, cells: areTimes && row.survival == nil ? none : row.cells(metric.scale))
        })
      if rows.allSatisfy({ $0.survival == nil && $0.sample == nil }) {
        block.notes.append("No run has a value.")
      }
      for row in rows where row.replications < Self.fewReplications && !row.observations.isEmpty {
        let values = row.observations.map {
          // A run that nothing but its end censors would have spent more than any that arrived.
          !$0.isCensored || $0.value < .infinity
            ? metric.scale.text($0.value) + ($0.isCensored ? "+" : "") : "never"
        }
        block.notes.append("\(row.group.joined(separator: ", ")): " + values.joined(separator: "; "))
      }
      return block
    }
  }

  /// What is to be known of groups that pool arms.
  var remarks: [String] {
    pooled.map { row in
      "\(row.group.joined(separator: ", ")) pools \(listed(row.arms)): values are averaged over them within each "
        + "replication; a median time of all their runs has no interval."
    }
  }

  // MARK: - CSV

  /// Everything in linear units, a line for each group and metric.
  func commaSeparatedText(metrics: [RunMetric]) -> String {
    let heading =
      keys + [
        "metric", "unit", "replications", "mean", "mean_low", "mean_high", "median", "median_low", "median_high",
        "quartile_1", "quartile_3", "iqm", "iqm_low", "iqm_high", "minimum", "maximum", "reached", "runs",
        "restricted_mean", "restricted_to", "arms", "observations",
      ]
    return commaSeparated(
      [heading]
        + rows.map { row in
          let scale = metrics.first { $0.name == row.metric }?.scale ?? .plain
          return row.fields(unit: scale.unitName)
        })
  }
}

/// A value, or nothing of one that stands for what was never reached.
private func finite(_ value: Double?) -> Double? { value.flatMap { $0 < 1e100 ? $0 : nil } }

extension GroupedSummary.Row {
  fileprivate func cells(_ unit: MetricDefinition.Scale) -> [Table.Cell] {
    func cell(_ value: Double?, _ interval: Interval?) -> Table.Cell {
      guard let value else { return Table.Cell(value: "-") }
      return Table.Cell(value: unit.text(value), aside: interval.map { unit.text($0, of: value) } ?? "")
    }
    if let survival {
      let median =
        survival.median == nil
        ? Table.Cell(value: finite(survival.medianAtLeast).map { "at least \(unit.text($0))" } ?? "-")
        : cell(survival.median, survival.medianInterval)
      return [
        Table.Cell(value: "\(survival.reached) of \(survival.runs)"), median,
        finite(survival.restrictedTo) == nil
          ? Table.Cell(value: "-")
          : Table.Cell(value: unit.text(survival.restrictedMean), aside: "(to \(unit.text(survival.restrictedTo)))"),
      ]
    }
    return [
      Table.Cell(value: "\(replications)"), cell(sample?.mean, sample?.meanInterval),
      cell(sample?.median, sample?.quartiles), cell(sample?.interquartileMean, sample?.interquartileMeanInterval),
      cell(sample?.minimum, nil), cell(sample?.maximum, nil),
    ]
  }

  fileprivate func fields(unit: String) -> [String] {
    let numbers: [Double?] = [
      sample?.mean, sample?.meanInterval?.lower, sample?.meanInterval?.upper, sample?.median ?? survival?.median,
      finite(survival?.medianAtLeast) ?? survival?.medianInterval?.lower, survival?.medianInterval?.upper,
      sample?.quartiles?.lower, sample?.quartiles?.upper, sample?.interquartileMean,
      sample?.interquartileMeanInterval?.lower, sample?.interquartileMeanInterval?.upper, sample?.minimum,
      sample?.maximum,
    ]
    let counts = [survival.map { "\($0.reached)" } ?? "", survival.map { "\($0.runs)" } ?? ""]
    let observed = observations.map { "\($0.value)" + ($0.isCensored ? "+" : "") }
    return group + [metric, unit, "\(replications)"] + numbers.map(plainNumber) + counts
      + [plainNumber(survival?.restrictedMean), plainNumber(survival?.restrictedTo)]
      + [arms.joined(separator: ";"), observed.joined(separator: ";")]
  }
}
