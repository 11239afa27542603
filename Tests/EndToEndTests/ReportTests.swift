// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Pages of results files, and the view of a study under way.
@Suite(.serialized) struct ReportTests {
  /// A file of the small scenario, which can be played again.
  private func withResults(_ body: (Program, URL) throws -> Void) throws {
    let program = try Program()
    try withFolder { folder in
      try write(smallScenario, in: folder)
      let made = try program.call("compare", "small.yaml", "--quiet", "-o", "r.sqlite", in: folder)
      #expect(made.status == 0, "\(made.error)")
      try body(program, folder)
    }
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  @Test func aPageSaysWhatSummarizePrints() throws {
    try withResults { program, folder in
      let written = try program.call("report", "r.sqlite", "-o", "report.html", in: folder)
      #expect(written.status == 0 && written.output.isEmpty && written.error.isEmpty)
      let page = try text("report.html", in: folder)
      let summary = try program.call("summarize", "r.sqlite", in: folder, environment: ["COLUMNS": "100"]).output
      let shown = page.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&#39;", with: "'")
        .replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
      #expect(shown.contains(summary.trimmingCharacters(in: .newlines)))
      #expect(page.contains("--replay free") && page.contains("no replay"))
    }
  }

  @Test func aReplayIsOfARunOfTheFile() throws {
    try withResults { program, folder in
      for name in ["a.html", "b.html"] {
        let outcome = try program.call(
          "report", "r.sqlite", "--replay", "free", "--replication", "1", "-o", name, in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
      }
      let page = try text("a.html", in: folder)
      #expect(try text("b.html", in: folder) == page)
      #expect(page.contains("<h3>free, replication 1</h3>") && page.contains("application/json"))
      #expect(page.contains("--replay free --replication 1 -o report.html"))
      #expect(page.utf8.count < 3_000_000)
    }
  }

  @Test func whatCannotBeWrittenOrReadSaysSo() throws {
    try withResults { program, folder in
      try write("nothing", as: "no.sqlite", in: folder)
      func status(_ arguments: String...) throws -> Int32 {
        let outcome = try program.finish(program.start(["report"] + arguments, in: folder), in: folder)
        #expect(outcome.output.isEmpty && !outcome.error.isEmpty)
        return outcome.status
      }
      #expect(try status("none.sqlite", "-o", "p.html") == 66)
      #expect(try status("no.sqlite", "-o", "p.html") == 65)
      #expect(try status("r.sqlite", "-o", "none/p.html") == 73)
      #expect(try status("r.sqlite", "-o", "r.sqlite") == 73)
      #expect(try status("r.sqlite") == 64)
      #expect(try status("r.sqlite", "--replay", "fre", "-o", "p.html") == 64)
      #expect(try status("r.sqlite", "--replay", "free", "--replication", "9", "-o", "p.html") == 64)
      #expect(try status("r.sqlite", "--replay", "free", "--from", "3 s", "--until", "2 s", "-o", "p.html") == 64)
      #expect(try status("r.sqlite", "--from", "3 s", "-o", "p.html") == 64)
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("p.html").path))
    }
  }

  @Test(arguments: [80, 120]) func aViewFitsItsTerminal(_ width: Int) throws {
    let program = try Program()
    try withFolder { folder in
      try writeMadeUpResults(to: folder.appendingPathComponent("r.sqlite").path, replications: 5)
      let process = try program.start(
        ["watch", "r.sqlite", "--once"], in: folder, environment: ["COLUMNS": "\(width)"])
      let outcome = try program.finish(process, in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width } && lines.contains { $0.count > width - 12 })
      #expect(outcome.output.contains("15 of 15 runs done") && outcome.output.contains("5/5"))
      #expect(outcome.output.contains("█") && outcome.output.contains("▁") && outcome.output.contains("-39.8 dB"))
      #expect(!outcome.output.contains("\u{1B}"))
    }
  }

  @Test func aStudyThatNobodyGoesOnWithIsNotWaitedFor() throws {
    let program = try Program()
    try withFolder { folder in
      try writeMadeUpResults(to: folder.appendingPathComponent("r.sqlite").path, replications: 2, planned: 4)
      let outcome = try program.call("watch", "r.sqlite", in: folder)
      #expect(outcome.status == 75)
      #expect(outcome.output.contains("6 of 12 runs done, 6 missing") && outcome.output.contains("nobody writes"))
      #expect(try program.call("watch", "none.sqlite", in: folder).status == 66)
    }
  }

  @Test func aStudyUnderWayIsWatchedToItsEnd() throws {
    let program = try Program()
    try withFolder { folder in
      let own = folder.appendingPathComponent("own")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try write(smallScenario, in: own)
      let study = try program.start(
        ["compare", "small.yaml", "measure.until=2000 s", "--quiet", "--jobs", "1", "-o", "../r.sqlite"], in: own)
      defer { study.waitUntilExit() }
      while try ![0, 75].contains(program.call("status", "r.sqlite", in: folder).status) { usleep(2000) }
      // Under way, or over by then: both are watched to their end.
      let outcome = try program.call("watch", "r.sqlite", in: folder)
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("6 of 6 runs done") && outcome.output.contains("all runs are done"))
    }
  }
}
