// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Results
import Scenarios
import Summaries

struct Summarize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a results file holds, without running anything.",
    discussion: """
      Without options the summary is the one that run and compare print. With
      --by, --metric or --where it is a table with a row for each group of arms:
      mean with its interval, median with quartiles, interquartile mean with
      its interval, least and greatest over replications; for what the target
      took, Kaplan-Meier medians and restricted means. A group of several arms
      counts each replication once.

      Examples:
        starling summarize results/stragglers.sqlite
        starling summarize results/stragglers.sqlite --by arm --metric msd
        starling summarize results/loss.sqlite --by links.loss --format csv
        starling summarize results/stragglers.sqlite --steady-state msd
        starling summarize results/stragglers.sqlite --format latex -o table.tex
      """)

  @Argument(help: "The results file.", completion: .file(extensions: ["sqlite"]))
  var file: String

  @Option(
    name: .shortAndLong,
    help: "What to summarise: a final metric, time-to-target, updates …; may be given several times.")
  var metric: [String] = []

  @Option(name: .shortAndLong, help: "Group by arm or by a setting, such as links.loss; may be given several times.")
  var by: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only arms that have this value; may be given several times.", valueName: "key=value"))
  var conditions: [String] = []

  @Option(help: ArgumentHelp("How the warm-up of a metric ends, and its steady state.", valueName: "metric"))
  var steadyState: String?

  @Option(name: .shortAndLong, help: "How it is written.")
  var format: SummaryFormat = .table

  @Option(name: .shortAndLong, help: "Write to this file instead of standard output.", completion: .file())
  var output: String?

  func validate() throws {
    guard steadyState == nil || (metric.isEmpty && by.isEmpty) else {
      throw ValidationError("--steady-state goes without --metric and --by.")
    }
  }

  func run() throws {
    try reporting {
      var study = try ResultsReader.read(file).withRecoveries
      do throws(GroupingError) {
        for condition in conditions {
          guard let sign = condition.firstIndex(of: "=") else { continue }
          let key = try SettingKey(String(condition[..<sign]), in: study.header)
          study = try study.filtered(key, is: String(condition[condition.index(after: sign)...]))
        }
      } catch {
        throw Failure(.usage, error.message)
      }
      if let bad = conditions.first(where: { !$0.contains("=") }) {
        throw Failure(.usage, "error: --where \(bad): write it as key=value")
      }
      try write(text(of: study))
    }
  }

  private func text(of study: StoredStudy) throws -> String {
    let style = output == nil ? Terminal.style : TerminalStyle(width: Terminal.style.width)
    let isPlain = metric.isEmpty && by.isEmpty && conditions.isEmpty && steadyState == nil
    if isPlain, format == .table {
      let texts = study.header.isFork ? try ForkReport(study).texts(style) : [StudySummary(study).text(style)]
      return texts.joined(separator: "\n") + "\n"
    }
    if isPlain, format == .json {
      let document = try resultsEncoder().encode(StudyDocument(StudySummary(study), of: study))
      return String(decoding: document, as: UTF8.self) + "\n"
    }
    let report: SummaryReport
    do throws(GroupingError) {
      report = try SummaryReport(study, question(of: study))
    } catch {
      throw Failure(.usage, error.message)
    }
    if format != .table, format != .json {
      for caution in report.warnings.cautions {
        Terminal.complain("warning: \(caution.message)\n  -> \(caution.remedy)")
      }
    }
    return try report.text(format, style)
  }

  private func question(of study: StoredStudy) throws(GroupingError) -> SummaryReport.Question {
    if let steadyState { return .steadyState(metric: steadyState) }
    var keys: [SettingKey] = []
    for key in by.isEmpty ? ["arm"] : by { keys.append(try SettingKey(key, in: study.header)) }
    var metrics: [RunMetric] = []
    let known = RunMetrics(of: study.header.metrics)
    for name in metric { metrics.append(try known.metric(name)) }
    return .groups(keys: keys, metrics: metrics.isEmpty ? RunMetric.usual(in: study) : metrics)
  }

  private func write(_ text: String) throws {
    guard let output else { return try Terminal.printRaw(text) }
    let file = try OutputFile(output)
    try file.write(Array(text.utf8))
    try file.finish()
  }
}

extension SummaryFormat: ExpressibleByArgument {}

extension GroupingError {
  /// What is wrong, what was probably meant, and what there is.
  var message: String {
    switch self {
    case .unknownMetric(let name, let all, let guess):
      "error: there is no metric '\(name)'\(guess.map { "; did you mean '\($0)'?" } ?? "")\n"
        + "  there are: \(all.joined(separator: ", "))"
    case .unknownKey(let key, let differing, let all):
      "error: there is no setting '\(key)'\(guess(key, all))\n"
        + (differing.isEmpty
          ? "  the arms differ in no setting; group them by 'arm'"
          : "  the arms differ in: \(differing.joined(separator: ", "))")
    case .ambiguousKey(let key, let candidates):
      "error: '\(key)' can mean several settings: \(candidates.joined(separator: ", "))"
    case .unknownValue(let key, let value, let values):
      "error: no arm has \(key)=\(value)\n  there are: \(values.joined(separator: ", "))"
    }
  }

  private func guess(_ word: String, _ all: [String]) -> String {
    let ends = all.compactMap { $0.split(separator: ".").last.map(String.init) }
    let guess = nearest(to: word, among: all) ?? nearest(to: word, among: Array(Set(ends)).sorted())
    return guess.map { "; did you mean '\($0)'?" } ?? ""
  }
}
