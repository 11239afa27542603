// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Records
import Results
import Summaries
import Testing

private let plain = TerminalStyle(width: 80)

@Test(arguments: [
  (4.2e-7, "0.420 us"), (0.342, "342 ms"), (0.99996, "1.00 s"), (12.34, "12.3 s"), (59.96, "1 m 00 s"),
  (542, "9 m 02 s"), (3599.7, "1 h 00 m"), (3900, "1 h 05 m"), (183_600, "2 d 03 h"), (0, "0 s"),
  (.infinity, "never"),
])
func durationsReadAsPeopleWriteThem(_ seconds: Double, _ text: String) {
  #expect(humanDuration(seconds) == text)
}

/// What the program prints of a virtual time can be written into a scenario as it stands: 10,000 durations from
/// nanoseconds to centuries.
@Test func whatIsPrintedOfADurationCanBeRead() throws {
  for number in 0..<10_000 as Range<UInt64> {
    var draws = Draws(StreamKey(seed: 9, replication: 0, purpose: .bootstrap, entity: "durations"), at: number)
    let draw = UInt64(draws.word()) << 32 | UInt64(draws.word())
    let nanoseconds = Int64((draw >> (1 + number % 63)) % UInt64(WrittenDuration.longest))
    let text = humanDuration(Double(nanoseconds) / 1e9)
    let read = try WrittenDuration.nanoseconds(of: text)
    let seconds = Double(nanoseconds) / 1e9
    // Half of what is written last: a third digit, a second, a minute, an hour; minutes and hours are rounded twice.
    let error = seconds < 59.95 ? 0.005 * seconds : seconds < 3600 ? 0.5 : seconds < 86_400 ? 30.5 : 1830.5
    #expect(abs(Double(read) / 1e9 - seconds) <= error * (1 + 1e-9) + 1e-9, "\(text)")
  }
}

@Test func intervalsOfDurationsShareAUnit() {
  #expect(humanDurations(Interval(lower: 520, upper: 565)) == "[8:40, 9:25]")
  #expect(humanDurations(Interval(lower: 0.118, upper: 0.13)) == "[118, 130 ms]")
  #expect(humanDurations(Interval(lower: 0.9, upper: 1.1)) == "[0.900, 1.10 s]")
  #expect(humanDurations(Interval(lower: 32, upper: .infinity)) == "[32.0 s, open)")
  #expect(humanDurations(Interval(lower: 3910, upper: .infinity)) == "[1 h 05 m, open)")
}

@Test func levelsOfRoundingAndOpenEndsAreSaidInWords() {
  #expect(humanDecibels(-200) == "zero to rounding" && humanDecibels(-.infinity) == "zero to rounding")
  #expect(humanDecibels(-199) == "-199.0 dB")
  #expect(humanInterval(Interval(lower: -.infinity, upper: -34.2), of: -36) == "(open, -34.2]")
  #expect(humanInterval(Interval(lower: -310, upper: -301), of: -305) == "")
  #expect(humanRange(Interval(lower: 1.2, upper: .infinity)) == "[1.20, open)")
}

@Test(arguments: [
  (196.21, "196.2"), (-1234.5, "-1234"), (9.996, "10.0"), (0.5, "0.50"), (0, "0.00"), (-0.004, "-0.004"),
  (0.0653, "0.065"),
  (-1e-12, "-1e-12"), (3.5e7, "3.5e+07"), (-.infinity, "diverged"), (.nan, "diverged"),
])
func returnsReadAsPlainNumbers(_ value: Double, _ text: String) {
  #expect(humanPlain(value) == text)
}

@Test func theEndsOfAnIntervalOfReturnsHaveEquallyManyDigits() {
  #expect(humanPlains(Interval(lower: 195.06, upper: 197)) == "[195.1, 197.0]")
  #expect(humanPlains(Interval(lower: -0.3, upper: 1500)) == "[0, 1500]")
  #expect(humanPlains(Interval(lower: -0.04, upper: 12.34)) == "[0.0, 12.3]")
  #expect(humanPlains(Interval(lower: -.infinity, upper: 3)) == "(open, 3.00]")
}

@Test(arguments: [
  ("return", 195, "return 195", "a return of 195"),
  ("return-every-task", 0.7, "every-task return 0.7", "an every-task return of 0.7"),
  ("return-upper-quartile", -0.5, "upper-quartile return -0.5", "an upper-quartile return of -0.5"),
  ("msd", 1e-3, "-30 dB", "-30 dB"), ("disagreement", 1e-3, "disagreement -30 dB", "disagreement -30 dB"),
])
func aTargetIsNamedInHeadingsAndInSentences(
  _ metric: String, _ threshold: Double, _ title: String, _ phrase: String
) throws {
  let definition = try #require(MetricDefinition.all.named(metric))
  let target = StudyHeader.Target(metric: definition, threshold: threshold)
  let header = study([arm("a")], []).header
  #expect(header.targetTitle(target) == title && header.targetPhrase(target) == phrase)
}

@Test(arguments: [(2.0, "2"), (5.0 / 3, "1.67"), (4.16, "4.2"), (31.0, "31")])
func degreesHaveTheDigitsOfRatios(_ degree: Double, _ text: String) {
  #expect(humanDegree(degree) == text)
}

@Test func longHeadingsAreFoldedBeforeTheyBecomeTooWide() {
  var arms = ["global barrier", "asynchronous"].map { controlArm($0) }
  for place in arms.indices {
    arms[place].target = StudyHeader.Target(metric: .everyTaskReturn, threshold: 0.7)
  }
  let runs = arms.flatMap { arm in
    (0..<12).map { replication -> StoredRun in
      var stored = controlRun(arm.name, replication, reaches: nil, returns: [1, 1, 1, 1])
      stored.record.finals["return-every-task"] = 0.5 + 0.01 * Double(replication)
      stored.record.messages.lost = 5
      (stored.record.staleness.count, stored.record.staleness.meanUpdates) = (100, 1.234)
      return stored
    }
  }
  let lines = StudySummary(study(arms, runs)).text(plain).split(separator: "\n")
  for line in lines { #expect(line.count <= 80, "\(line)") }
  #expect(lines.contains { $0.contains("time to every-task return") && !$0.contains("0.7") })
  #expect(lines.joined(separator: " ").contains("every-task return of 0.7"))
}

@Test func episodesAreLeftOutWhereThereAreNone() {
  let runs = asyncAndSync().map { stored in
    var stored = stored
    for place in stored.record.agents.indices {
      (stored.record.agents[place].episodes, stored.record.agents[place].samples) = (0, 0)
    }
    stored.record.series = stored.record.series.map { series in
      guard ["episodes", "samples"].contains(series.metric) else { return series }
      return RunRecord.Series(metric: series.metric, values: series.values.map { _ in 0 })
    }
    return stored
  }
  let summary = StudySummary(study([controlArm("sync"), controlArm("async")], runs))
  let text = summary.text(plain)
  #expect(!text.contains("episode") && !text.contains("samples"), "\(text)")
  #expect(text.contains("updates/agent  least  to target") && summary.arms[1].toTarget?.medianUpdates == 75)
}

@Test(arguments: [(0, "0 B"), (640, "640 B"), (36_200_000, "36.2 MB"), (999_960, "1.00 MB")])
func bytesAreScaledByThousands(_ bytes: Double, _ text: String) {
  #expect(humanBytes(bytes) == text)
}

@Test(arguments: [1, 8, 20, 33, 60, 79, 200])
func noLineIsWiderThanTheTerminal(_ length: Int) {
  let fast = String(repeating: "f", count: length)
  let slow = (0..<length).map { $0 % 9 == 8 ? " " : "s" }.joined() + "."
  let runs = fastAndSlow(fast: fast, slow: slow) + [run(fast, 12, reaches: nil, msd: .infinity)]
  for width in [80, 97, 120] {
    let study = study([arm(slow), arm(fast, agents: 1_000_000)], runs, name: String(repeating: "n", count: length))
    let text = StudySummary(study).text(TerminalStyle(width: width))
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  }
}

@Test func theSummaryHasArmsThenVerdictThenWarnings() throws {
  let text = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow())).text(plain)
  let lines = text.split(separator: "\n").map(String.init)
  #expect(
    lines[0] == "stragglers · 2 agents · ring, degree 2, sigma2 0.94")
  #expect(lines[1] == "  12 paired replications on one network · seed 1")
  let verdict = try #require(lines.firstIndex { $0.hasPrefix("Verdict  fast reaches -30 dB") })
  let warning = try #require(lines.firstIndex { $0.hasPrefix("Warning  fast is sooner than slow") })
  let remedy = try #require(lines.firstIndex { $0.hasPrefix("         -> add `--match final-msd`") })
  #expect(verdict < warning && warning < remedy)
}

@Test func colourIsUsedOnlyWhenAskedForAndChangesNoLetter() {
  let summary = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let coloured = summary.text(TerminalStyle(width: 100, isColoured: true))
  #expect(coloured.contains("\u{1B}[1;32mVerdict\u{1B}[0m"))
  let bare = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  #expect(bare == summary.text(TerminalStyle(width: 100)))
}

@Test func theJSONDocumentHoldsRunsWithIdentityFingerprintAndFinals() throws {
  let study = study([arm("slow"), arm("fast")], fastAndSlow())
  let data = try resultsEncoder().encode(StudyDocument(StudySummary(study), of: study))
  let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  #expect(
    Set(document.keys) == [
      "schema", "study", "arms", "runs", "comparisons", "family", "steady_states", "verdict", "warnings", "failures",
      "sessions",
    ])
  let runs = try #require(document["runs"] as? [[String: Any]])
  #expect(runs.count == 24)
  #expect(runs[3]["arm"] as? String == "fast" && runs[3]["replication"] as? Int == 1)
  #expect(runs[3]["fingerprint"] as? String == "0000000000000001")
  #expect((runs[3]["finals"] as? [String: Double])?["msd"] != nil)
}
