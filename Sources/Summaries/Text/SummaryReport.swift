// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Results

/// How a summary is written.
package enum SummaryFormat: String, Sendable, CaseIterable {
  case table, markdown, latex, csv, json
}

/// What was asked of a results file, ready to be written in any format.
package struct SummaryReport: Sendable {
  /// What the tables are about.
  package enum Question: Sendable, Equatable {
    case groups(keys: [SettingKey], metrics: [RunMetric])
    case steadyState(metric: String)
  }

  private let study: StoredStudy
  private let groups: GroupedSummary?
  private let metrics: [RunMetric]
  private let steadyStates: [SteadyState]
  private let steadyMetric: MetricDefinition
  /// What to beware of; in a table and in JSON it is part of the text.
  package var warnings: [Warning]

  /// Answers a question.
  ///
  /// - Throws: if no run has the series of which the steady state is asked.
  package init(_ study: StoredStudy, _ question: Question) throws(GroupingError) {
    self.study = study
    switch question {
    case .groups(let keys, let metrics):
      groups = GroupedSummary(study, by: keys, metrics: metrics)
      self.metrics = metrics
      (steadyStates, steadyMetric) = ([], .unknown(""))
    case .steadyState(let metric):
      let known = Set(study.runs.flatMap { $0.record.series.map(\.metric) }).sorted()
      guard study.runs.isEmpty || known.contains(metric) else {
        throw .unknownMetric(metric, all: known, guess: nearest(to: metric, among: known))
      }
      (groups, metrics) = (nil, [])
      let definition = study.header.metric(metric)
      steadyMetric = definition
      steadyStates = study.header.arms.compactMap { SteadyState(study.runs(of: $0), metric: definition) }
    }
    let groups = study.header.arms.map(study.runs)
    let few = groups.filter { 1..<GroupedSummary.fewReplications ~= $0.runs.count && !$0.isCertain }
      .min { $0.runs.count < $1.runs.count }
    warnings =
      Warning.aboutTheFile(study) + groups.compactMap(Warning.copies)
      + (few.map { [.fewReplications(arm: $0.header.name, runs: $0.runs.count)] } ?? [])
  }

  private var blocks: [SummaryBlock] {
    groups?.blocks(metrics: metrics) ?? [steadyStates.block(metric: steadyMetric)]
  }

  private var remarks: [String] { groups?.remarks ?? [] }

  /// The report as text that ends with a line end.
  ///
  /// - Throws: if a value cannot be written as JSON.
  package func text(_ format: SummaryFormat, _ style: TerminalStyle) throws -> String {
    switch format {
    case .table:
      let tables = blocks.map { $0.lines(style) } + remarks.map { paragraph($0, indent: 0, style) }
      let lines = tables.joined(separator: [""]) + warnings.cautions.flatMap { $0.lines(style) }
      return lines.joined(separator: "\n") + "\n"
    case .markdown:
      let parts = blocks.map(\.markdown) + remarks.map { [visible($0)] }
      return parts.joined(separator: [""]).joined(separator: "\n") + "\n"
    case .latex:
      let parts = blocks.map(\.latex) + remarks.map { ["% \(visible($0))"] }
      return parts.joined(separator: [""]).joined(separator: "\n") + "\n"
    case .csv: return groups?.commaSeparatedText(metrics: metrics) ?? steadyStates.commaSeparatedText
    case .json:
      let document = Document(
        study: study.header.name, groups: groups, remarks: remarks, steadyStates: groups == nil ? steadyStates : nil,
        warnings: warnings.cautions)
      return visibleJSON(String(decoding: try resultsEncoder().encode(document), as: UTF8.self)) + "\n"
    }
  }

  private struct Document: Encodable {
    let schema = "starling-groups/1"
    let study: String
    let groups: GroupedSummary?
    let remarks: [String]
    let steadyStates: [SteadyState]?
    let warnings: [Caution]
  }
}
