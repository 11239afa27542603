// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import MadeUp
import Records
import Reports
import Results
import Summaries
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A made-up study, whose texts would be tags and entities if they came through.
private func awkward(_ replications: Int = 6) -> StoredStudy {
  let names = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(2)> & 'so'"]
  let header = MadeUp.header(
    name: "</title><script>alert(0)</script>", question: "Is 1 < 2 & \"yes\"?", scenario: "name: </pre><script>\n",
    replications: replications,
    arms: names.map { name in
      MadeUp.arm(name, until: 400, target: (.msd, 1e-3), settings: ["learner.step-size": "<b>\(name.count)</b>"])
    })
  let grid = (0...400).map(Double.init)
  let runs = names.enumerated().flatMap { position, name in
    (0..<replications).map { replication -> StoredRun in
      let level = 1e-4 * Double(position + 1) * (1 + 0.02 * Double(replication * 7 % 5))
      let isCensored = position == 1 && replication == 0
      return MadeUp.run(
        name, replication, endTime: 400, grid: grid,
        series: [("msd", grid.map { max(level, 1 - $0 / 60) }), ("updates", grid)],
        finals: ["msd": level, "updates": 400],
        target: isCensored
          ? nil : RunRecord.TargetReached(time: 60 + level, updates: 120, messages: 180, bytes: 14_400), sent: 1000,
        lost: 50, age: (updates: 0.5, seconds: 0.25),
        agents: ["a", "b"].map { MadeUp.agent($0, updates: 400, useful: 300, waiting: 100, finalMSD: level) })
    }
  }
  var session = StoredSession(
    number: 1, provenance: MadeUp.provenance(command: "starling compare '<i>.yaml'"), started: "2026-01-01T00:00:00Z",
    ended: "2026-01-01T00:01:00Z")
  session.provenance.processor = "<u>fast</u>"
  return StoredStudy(header: header, runs: runs, sessions: [session])
}

private func page(_ study: StoredStudy) throws -> ReportPage {
  try ReportPage(study, file: "it's <r>.sqlite", version: "1")
}

/// A text as it stands in HTML, by the rule alone.
private func inHTML(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
    "\"", with: "&quot;"
  )
  .replacing("'", with: "&#39;")
}

@Suite struct PageTests {
  @Test func noTextOfAStudyIsMarkup() throws {
    let html = try page(awkward()).html
    #expect(html.contains("&lt;script&gt;alert(0)&lt;/script&gt;"))
    for tag in ["<script>alert", "<img", "<b>", "<u>", "<i>", "<r>"] { #expect(!html.contains(tag)) }
    // Without a replay nothing is run.
    #expect(!html.contains("<script"))
  }

  @Test func nothingIsAskedOfAnybody() throws {
    let html = try page(awkward()).html
    for place in ["http://", "https://", "src=", "@import", "url(", "<link rel=\"stylesheet"] {
      #expect(!html.replacing("src=x", with: "").contains(place), "\(place)")
    }
    #expect(html.contains("default-src 'none'"))
  }

  @Test func figuresAreWellFormed() throws {
    let html = try page(awkward()).html
    let figures = html.matches(of: /(?s)<svg .*?<\/svg>/).map { String($0.output) }
    #expect(figures.count >= 5)
    for figure in figures {
      let parser = XMLParser(data: Data(figure.utf8))
      #expect(!figure.contains("nan") && !figure.contains("inf"))
      #expect(parser.parse(), "\(String(describing: parser.parserError)): \(figure.prefix(200))")
    }
  }

  @Test func itSaysWhatTheSummarySays() throws {
    let study = awkward()
    let summary = StudySummary(study)
    let html = try page(study).html
    #expect(html.contains("<p class=\"verdict\">\(inHTML(summary.verdictText))</p>"))
    #expect(html.contains(inHTML(summary.text(TerminalStyle(width: 100)))))
    #expect(summary.tables.count == 2 && !summary.warnings.isEmpty)
    for titled in summary.tables {
      for row in titled.table.rows {
        #expect(html.contains("<th scope=\"row\">\(inHTML(row.name))</th>"))
        for cell in row.cells { #expect(html.contains("<td>\(inHTML(cell.value))")) }
      }
    }
    let words = html.replacing("<code>", with: "`").replacing("</code>", with: "`")
    for caution in summary.warnings.cautions {
      #expect(words.contains(inHTML(caution.message)) && words.contains(inHTML(caution.remedy)))
    }
  }

  @Test func theSameFileGivesTheSameBytes() throws {
    let html = try page(awkward()).html
    #expect(try page(awkward()).html == html)
    #expect(html.utf8.count < 200_000)
  }

  @Test func elementsCloseInTheirOrder() throws {
    let html = try page(awkward()).html
    let bare: Set = ["meta", "link", "input", "br"]
    var open: [String] = []
    for match in html.matches(of: /<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>/) {
      let name = String(match.output.2)
      if bare.contains(name) || match.output.3.hasSuffix("/") { continue }
      if match.output.1.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
    }
    #expect(open.isEmpty)
  }

  @Test func aStudyWithoutRunsHasAPageToo() throws {
    var study = awkward()
    study.runs = []
    let html = try page(study).html
    #expect(html.contains("no run has finished"))
  }
}

@Suite struct ArmLabelTests {
  @Test func pathsLoseWhatAllOfThemHaveBefore() {
    let names = ["learner.step-size=0.1, conditions.links.loss=0", "learner.step-size=0.2, conditions.links.loss=0.1"]
    let labels = armLabels(names)
    #expect(labels[names[0]] == "step-size=0.1, loss=0" && labels[names[1]] == "step-size=0.2, loss=0.1")
  }

  @Test func keysStayDifferentAndOtherNamesWhatTheyAre() {
    for names in [["a.loss=1, b.loss=2", "a.loss=2, b.loss=2"], ["waits, always", "lossy"], ["a.b=1"]] {
      #expect(names.allSatisfy { armLabels(names)[$0] == $0 })
    }
  }
}
