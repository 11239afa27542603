// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Summaries

extension ReportPage {
  /// Arms whose curves are drawn at most: more can be told apart by nobody.
  private static let mostCurves = 12
  /// Rows of a chart of intervals at most.
  private static let mostIntervals = 24

  var figureSection: String {
    let shown = Array(header.arms.prefix(Self.mostCurves).enumerated())
    var figures = curveMetrics.enumerated().compactMap { index, metric in
      curves(metric, "curve-\(index)", shown.map { ($1.name, $0) })
    }
    let legend = figures.isEmpty ? "" : self.legend(shown.map { ($1.name, $0) })
    figures += [timesToTarget, finals].compactMap(\.self)
    guard !figures.isEmpty else { return "" }
    let note =
      header.arms.count > shown.count
      ? "\n<p class=\"note\">Of \(header.arms.count) arms the curves of the first \(shown.count) are drawn, and the intervals "
        + "of the first \(min(header.arms.count, Self.mostIntervals)); the tables have more.</p>" : ""
    return section(
      "figures", "Figures", legend + "<div class=\"figures\">\n\(figures.joined(separator: "\n"))\n</div>\(note)")
  }

  /// What curves are drawn of: what arms are judged by, what their target is of, and how far agents are apart.
  private var curveMetrics: [MetricDefinition] {
    var metrics = [summary.metric]
    let further = [header.target?.metric, header.metrics.first { $0.name == MetricDefinition.disagreement.name }]
    for case .some(let metric) in further where !metrics.contains(where: { $0.name == metric.name }) {
      metrics.append(metric)
    }
    return metrics
  }

  private func legend(_ arms: [(name: String, look: Int)]) -> String {
    let labels = labels
    let entries = arms.map { arm in
      let dash = dashes(arm.look)
      return "<li><svg class=\"sample\" viewBox=\"0 0 28 10\" aria-hidden=\"true\"><path class=\"curve "
        + "\(lookClass(arm.look))\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") d=\"M0 5H28\"/></svg>"
        + "\(escaped(labels[arm.name] ?? arm.name))</li>"
    }
    return "<ul class=\"legend\">\(entries.joined())</ul>\n"
  }

  private var labels: [String: String] { armLabels(header.arms.map(\.name)) }

  private func figure(_ svg: String, _ caption: String) -> String {
    "<figure>\n\(svg)\n<figcaption>\(escaped(caption))</figcaption>\n</figure>"
  }

  private func curves(_ metric: MetricDefinition, _ identifier: String, _ arms: [(name: String, look: Int)]) -> String?
  {
    let entries = arms.compactMap { arm in
      MetricCurve(metric.name, of: study, arm: arm.name).map { CurveChart.Entry(curve: $0, look: arm.look) }
    }
    guard entries.contains(where: { $0.curve.means.contains(where: \.isFinite) }) else { return nil }
    let target = header.target.flatMap { $0.metric.name == metric.name ? $0 : nil }
    let chart = CurveChart(identifier: identifier, metric: metric, entries: entries, bound: target?.threshold)
    let hasBands = entries.contains { $0.curve.intervals.contains { $0 != nil } }
    let counts = entries.map(\.curve.runs)
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    let count = least == most ? counted(most, "replication") : "\(least) to \(most) replications"
    return figure(
      chart.svg,
      "\(metric.label): \(metric.meaning). Mean over \(count)"
        + (hasBands ? ", and its 95 % interval at each time by itself" : "")
        + (target.map { "; the dotted line is the target, \(header.targetTitle($0))" } ?? "") + ".")
  }

  private var timesToTarget: String? {
    let arms = summary.arms.prefix(Self.mostIntervals)
    let labels = labels
    guard let target = header.target, arms.contains(where: { $0.toTarget != nil }) else { return nil }
    let unit = TimeUnit(longest: header.arms.map(\.until).max() ?? 1)
    let rows = arms.enumerated().map { index, arm in
      let time = arm.toTarget
      let isReached = time?.medianTime != nil
      return IntervalChart.Row(
        name: labels[arm.name] ?? arm.name, look: index, value: time?.medianTime,
        low: isReached ? time?.interval?.lower : time.map { $0.medianAtLeast ?? $0.restrictedTo },
        high: isReached ? time?.interval?.upper : .infinity,
        text: time.map { "\($0.medianText) \($0.intervalText)" } ?? "-")
    }
    let values = rows.flatMap { [$0.value, $0.low, $0.high].compactMap(\.self) }
    let isOpen = rows.contains { $0.high.map { !$0.isFinite } ?? false }
    let title = "virtual time to \(header.targetTitle(target)), \(unit.name)"
    let chart = IntervalChart(
      identifier: "times", title: "Time to target", axis: Axis(positive: values, title: title, size: unit.size),
      rows: rows)
    return figure(
      chart.svg,
      "Time to \(header.targetTitle(target)): Kaplan-Meier median and its 95 % interval"
        + (isOpen ? "; an arrow where it is open, as runs never reached the target." : "."))
  }

  private var finals: String? {
    let arms = summary.arms.prefix(Self.mostIntervals)
    let labels = labels
    let metric = summary.metric
    let rows = arms.enumerated().map { index, arm in
      let final = arm.final(metric.name)
      func drawn(_ value: Double?) -> Double? { value.map(metric.drawn) }
      let low = drawn(final?.interval?.lower)
      return IntervalChart.Row(
        name: labels[arm.name] ?? arm.name, look: index, value: drawn(final?.mean),
        low: low.map { $0.isFinite ? $0 : -1e9 },
        high: drawn(final?.interval?.upper), text: final.map { "\($0.levelText) \($0.intervalText)" } ?? "-")
    }
    let values = rows.flatMap { [$0.value, $0.low, $0.high].compactMap(\.self) }.filter { $0.isFinite && $0 > -1e8 }
    guard !values.isEmpty else { return nil }
    let unit = metric.axisUnit
    let title = "final \(metric.title)" + (unit.isEmpty ? "" : ", \(unit)")
    let chart = IntervalChart(identifier: "finals", title: "Final values", axis: Axis(values, title: title), rows: rows)
    return figure(
      chart.svg, "Final \(metric.title), the mean over the final window of each run, and its 95 % interval.")
  }
}
