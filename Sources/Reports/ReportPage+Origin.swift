// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results
import Studies
import Summaries

extension ReportPage {
  /// Starts of the program that are listed, the newest.
  private static let mostSessions = 20

  var repeatSection: String {
    let overrides = header.overrides.isEmpty ? "" : " The scenario above has the settings of the command line in it."
    let commands = study.sessions.map(\.provenance.command)
    let isSweep = commands.first?.hasPrefix("starling sweep ") ?? false
    let verb = isSweep ? "sweep" : header.arms.count > 1 ? "compare" : "run"
    let first = commands.first.map { "<p>It was begun by</p>\n<pre tabindex=\"0\">\(escaped($0))</pre>\n" } ?? ""
    let again = "starling \(verb) scenario.yaml"
    let paragraph =
      header.isFork
      ? "<p>The same command on the same results file makes the fork again.</p>"
      : "<p>Without the files of that command: save the scenario of this page as <code>scenario.yaml</code> and type"
        + "</p>\n<pre tabindex=\"0\">\(again)</pre>\n<p>On the same kind of processor every run has the same fingerprint, "
        + "bit for bit: all randomness follows from the seed, \(header.seed).\(overrides)</p>"
    let page =
      "<p>This page is made anew by</p>\n<pre tabindex=\"0\">starling report \(escaped(shellWord(file)))\(escaped(replayOptions))"
      + " -o report.html</pre>"
    return section("repeat", "How to repeat it", first + paragraph + "\n" + page)
  }

  /// What plays the same again.
  private var replayOptions: String {
    guard let first = replays.first else { return "" }
    var options = replays.map { " --replay \(shellWord($0.run.arm))" }.joined()
    let record = study.runs.first { $0.record.identity == first.run }?.record
    if first.run.replication > 0 { options += " --replication \(first.run.replication)" }
    if first.span.lowerBound > 0 { options += " --from '\(first.span.lowerBound) s'" }
    if let end = record?.endTime, first.span.upperBound < end { options += " --until '\(first.span.upperBound) s'" }
    return options
  }

  var provenanceSection: String {
    let sessions = study.sessions.suffix(Self.mostSessions)
    let facts: [(String, (StoredSession) -> String)] = [
      ("started", { $0.started }), ("ended", { $0.ended ?? "killed, or running" }),
      ("version", { $0.provenance.version }), ("revision", { $0.provenance.revision }),
      ("runs at a time", { "\($0.provenance.jobs)" }), ("processor", { $0.provenance.processor }),
      ("BLAS core", { $0.provenance.blasCore }),
      (
        "libraries",
        { $0.provenance.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }
      ),
      ("operating system", { $0.provenance.operatingSystem }),
    ]
    let rows = facts.map { fact in [fact.0] + sessions.map(fact.1) }
    let seconds = study.runs.reduce(0) { $0 + $1.wallSeconds }
    let rest = study.sessions.count - sessions.count
    let all =
      "<p>\(counted(study.runs.count, "run")) that took \(escaped(humanDuration(seconds))) of real time together, of "
      + "random streams <code>\(escaped(study.sessions.last?.provenance.streams ?? "unknown"))</code>; scenario "
      + "<code>\(escaped(header.scenarioHash))</code>.</p>\n"
    let columns = sessions.map { "\($0.number)" }
    let table = sessions.isEmpty ? "" : self.table(columns: columns, rows: rows, name: "session")
    return section(
      "provenance", "Provenance",
      all + table + (rest > 0 ? "\n<p class=\"note\">And \(counted(rest, "earlier session")).</p>" : ""))
  }
}
