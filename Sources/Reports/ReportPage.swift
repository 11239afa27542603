// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results
import Studies
import Summaries

/// What a results file says, as one page of HTML that needs nothing else: no network, no other file.
///
/// The same study, names and replays give the same bytes: it holds no time but those of the file.
package struct ReportPage {
  /// Lengths of texts beyond which the end is left out, so that the page stays one that browsers open at once.
  static let longestText = 200_000

  let study: StoredStudy
  let summary: StudySummary
  /// What `summarize` prints of the file.
  let terminalText: String
  let replays: [Replay]
  /// The results file as commands name it.
  let file: String
  /// The version of the program that writes the page.
  let version: String

  /// - Throws: what `ForkReport` throws.
  package init(_ study: StoredStudy, replays: [Replay] = [], file: String, version: String) throws {
    let whole = study.withRecoveries
    self.study = whole
    (self.replays, self.file, self.version) = (replays, file, version)
    summary = StudySummary(whole)
    let style = TerminalStyle(width: 100)
    terminalText =
      whole.header.isFork
      ? try ForkReport(whole).texts(style).joined(separator: "\n") : summary.text(style)
  }

  /// The page.
  package var html: String {
    let sections = [
      verdictSection, warningSection, tableSection, figureSection, replaySection, armSection, theorySection,
      scenarioSection, repeatSection, provenanceSection, plainSection,
    ].filter { !$0.isEmpty }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'; img-src data:">
      <meta name="generator" content="starling \(escaped(version))">
      <link rel="icon" href="data:,">
      <title>\(escaped(header.name))</title>
      <style>
      \(PageStyle.text)
      </style>
      </head>
      <body>
      <main>
      \(head)
      \(sections.joined(separator: "\n"))
      <footer>Written by starling \(escaped(version)) from <code>\(escaped(file))</code>. This page asks nothing of any \
      other host.</footer>
      </main>
      \(replays.isEmpty ? "" : "<script>\n\(ReplayScript.text)\n</script>")
      </body>
      </html>

      """
  }

  var header: StudyHeader { summary.header }

  private var head: String {
    let facts = summary.headParts.dropFirst().map { "<li>\(escaped($0))</li>" }.joined()
    let question = header.question.map { "<p class=\"question\">\(escaped($0))</p>\n" } ?? ""
    return "<header>\n<h1>\(escaped(header.name))</h1>\n\(question)<ul class=\"facts\">\(facts)</ul>\n</header>"
  }

  /// A section with a heading; nothing where it has no content.
  func section(_ name: String, _ title: String, _ content: String) -> String {
    guard !content.isEmpty else { return "" }
    return
      "<section id=\"\(name)\" aria-labelledby=\"\(name)-title\">\n<h2 id=\"\(name)-title\">\(escaped(title))</h2>\n"
      + content + "\n</section>"
  }

  /// A text of many lines as it is, or its beginning.
  func preformatted(_ text: String) -> String {
    let isLong = text.utf8.count > Self.longestText
    let shown = isLong ? String(text.prefix(Self.longestText)) : text
    return "<pre tabindex=\"0\">\(escaped(shown))</pre>"
      + (isLong ? "\n<p class=\"note\">The rest, to \(text.utf8.count) bytes, is in the results file.</p>" : "")
  }

  // MARK: - What came of it

  private var verdictSection: String {
    let cost = summary.costSentence.map { "\n<p class=\"cost\">Cost: \(escaped($0))</p>" } ?? ""
    return section("verdict", "Verdict", "<p class=\"verdict\">\(escaped(summary.verdictText))</p>\(cost)")
  }

  private var warningSection: String {
    let cautions = summary.warnings.cautions.map { caution in
      "<li><p>\(prose(caution.message))</p><p class=\"remedy\">\(prose(caution.remedy))</p></li>"
    }
    let list = cautions.isEmpty ? "" : "<ul class=\"warnings\">\n\(cautions.joined(separator: "\n"))\n</ul>"
    return section("warnings", cautions.count == 1 ? "Warning" : "Warnings", list)
  }

  private var tableSection: String {
    section("tables", "Arms", summary.tables.map { html($0) }.joined(separator: "\n"))
  }

  private var theorySection: String {
    let lines = summary.theoryLines.map { "<li>\(prose($0))</li>" }
    return section("theory", "Theory", lines.isEmpty ? "" : "<ul>\n\(lines.joined(separator: "\n"))\n</ul>")
  }

  /// By which settings the arms differ.
  private var armSection: String {
    let keys = SettingKey.differing(in: header)
    guard header.arms.count > 1, !keys.isEmpty else { return "" }
    let arms = header.arms.prefix(Self.mostRows)
    let rows = arms.map { arm in
      [arm.name] + keys.map { key in shown(arm.settings[key] ?? "none", longest: 200) }
    }
    return section("settings", "What the arms differ in", table(columns: keys, rows: rows, name: "arm"))
  }

  // MARK: - How it was made

  private var scenarioSection: String {
    section(
      "scenario", "Scenario",
      "<p>Every setting of the study, defaults included. It runs as it stands.</p>\n<details><summary>\(escaped(header.name))"
        + ", \(counted(header.scenario.split(separator: "\n").count, "line"))</summary>\n"
        + preformatted(header.scenario) + "\n</details>")
  }

  private var plainSection: String {
    section(
      "plain", "As text",
      "<details><summary>What <code>starling summarize</code> prints</summary>\n\(preformatted(terminalText))\n</details>"
    )
  }
}
