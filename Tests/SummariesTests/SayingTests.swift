// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

@Test func zerosHaveNoSign() {
  #expect(humanDecibels(-0.004) == "0.00 dB" && humanDecibels(-0.006) == "-0.01 dB")
  #expect(humanInterval(Interval(lower: -0.04, upper: 0.04), of: -1.2) == "[0.0, 0.0]")
  #expect(trimmed(-0.0) == "0.00" && humanShare(-1e-12) == "0 %" && humanShare(-0.0) == "0 %")
  #expect(humanCount(-0.4) == "0" && humanBytes(-0.0) == "0 B" && humanPlain(-0.0) == "0.00")
  #expect(humanRange(Interval(lower: -0.0, upper: 0)) == "[0.00, 0.00]")
}

/// Sums of rounded times leave a trace of waiting.
@Test(arguments: [(1e-10, 0.0), (0, 0), (1e-3, 1e-3 / 600.001)]) func whoNeverWaitsWaitsForNothing(
  waiting: Double, share: Double
) throws {
  var runs = (0..<12).map { run("a", $0, reaches: 1, msd: 1e-4) }
  for index in runs.indices {
    for place in runs[index].record.agents.indices {
      runs[index].record.agents[place].useful = 600
      runs[index].record.agents[place].unfinished = 0
      runs[index].record.agents[place].waiting = waiting
    }
  }
  let summary = StudySummary(study([arm("a")], runs))
  #expect(abs((summary.arms[0].waitingShare ?? .nan) - share) <= 1e-15)
  #expect(summary.text(TerminalStyle(width: 120)).contains("< 0.1 %") == (share > 0))
}

/// One arm that comes to zero to rounding and one that does not: decibels between them tell of the rounding only.
@Test func zeroToRoundingIsSaidSo() throws {
  let runs = (0..<12).flatMap { replication in
    let jitter = 1 + 0.01 * Double(replication % 5)
    return [
      run("plain", replication, reaches: 100 * jitter, msd: 1e-28 * jitter),
      run("other", replication, reaches: 100 * jitter, msd: 1e-4 * jitter),
    ]
  }
  for arms in [["plain", "other"], ["other", "plain"]] {
    let summary = StudySummary(study(arms.map { arm($0) }, runs))
    #expect(summary.comparison("plain", with: "other")?.final?.isToRounding == true)
    let text = summary.text(TerminalStyle(width: 120))
    #expect(text.contains("zero to rounding") && !text.contains("240"), "\(text)")
  }
  let verdict = StudySummary(study([arm("plain", target: nil), arm("other", target: nil)], runs)).verdict
  #expect(verdict.sentence == "plain comes to zero to rounding and so ends better than other in final MSD.")
}

/// Sweeps say which of two cells is better, never how far below zero it is worse.
@Test func cellsThatEndAlikeAreSaidSo() {
  let runs = (0..<12).flatMap { replication in
    ["x=1", "x=2"].map { run($0, replication, reaches: nil, msd: 1e-2 * (1 + 0.01 * Double(replication % 5))) }
  }
  let arms = ["x=1", "x=2"].map { arm($0, target: nil) }
  let places = ["1", "2"].map { SweepSummary.Place(arm: nil, values: [$0]) }
  let sentence = SweepSummary(study(arms, runs), axes: ["x"], places: places).verdict.sentence
  #expect(sentence.hasSuffix(" between x=1 and x=2 in final MSD (the same in every pair)."), "\(sentence)")
}

/// Everything that one of a thing is said of.
@Test func oneIsSingular() {
  let one = study([arm("a"), arm("b")], ["a", "b"].map { run($0, 0, reaches: 5, msd: 1e-4) })
  var text = StudySummary(one).text(TerminalStyle(width: 120))
  let reports: [Warning] = [
    .fewReplications(arm: "a", runs: 1), .incomplete(runs: 1, of: 1), .failed(runs: 1, of: 1, error: "It did."),
    .notPrecise(arm: "a", metric: "msd", precision: 1, replications: 1, needed: 2),
    .fewMeasurements(arm: "a", points: 1, needed: 3), .cutShort(arm: "a", runs: 1, of: 1, target: "-1 dB"),
  ]
  text += reports.cautions.map(\.message).joined(separator: " ")
  let words = text.split(whereSeparator: \.isWhitespace)
  for (number, noun) in zip(words, words.dropFirst()) where number == "1" {
    #expect(!["pairs", "runs", "replications", "times", "cells", "arms", "updates", "are"].contains(noun), "\(text)")
  }
}

/// Whatever the numbers, what is printed of an interval holds what is printed of its point.
@Test func aPrintedIntervalHoldsItsPoint() throws {
  #expect(humanInterval(Interval(lower: -0.21, upper: -0.16), of: -0.17) == "[-0.21, -0.16]")
  #expect(humanRatio(2.06, Interval(lower: 1.99, upper: 2.07)) == ("2.06x", "[1.99, 2.07]"))
  #expect(humanPlains(Interval(lower: 9.97, upper: 10.01), of: 9.99) == "[9.97, 10.01]")
  func numbers(_ text: String) -> [Double] {
    text.matches(of: /-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/).compactMap { Double($0.output.0) }
  }
  func check(_ point: String, _ interval: String) {
    let (value, ends) = (numbers(point), numbers(interval))
    guard value.count == 1, ends.count == 2 else {
      Issue.record("\(point) \(interval)")
      return
    }
    #expect(ends[0] <= value[0] && value[0] <= ends[1], "\(point) \(interval)")
  }
  for step in 1...500 {
    let size = 0.0297 * Double(step)
    for half in [0.0001, 0.004, 0.03, 0.4] {
      for (down, up) in [(half, half), (half, 0), (0, half), (half / 5, half)] {
        let interval = Interval(lower: size - down, upper: size + up)
        check(humanDecibels(-size), humanInterval(Interval(lower: -interval.upper, upper: -interval.lower), of: -size))
        check(humanPlain(size), humanPlains(interval, of: size))
        if interval.lower > 0.01 {
          let text = humanRatio(size, interval)
          check(text.ratio, text.interval)
        }
      }
    }
  }
}

/// What would have been seen is more than nothing.
@Test func aSmallFactorThatWouldHaveBeenSeenIsToldFromOne() {
  let runs = (0..<12).flatMap { replication in
    let jitter = 1e-3 * Double(replication % 5 - 2)
    return [
      run("a", replication, reaches: 100, msd: 1e-4),
      run("b", replication, reaches: 100 * (1 + jitter), msd: 1e-4 * (1 + jitter)),
    ]
  }
  let sentence = StudySummary(study([arm("a"), arm("b")], runs)).verdict.sentence
  #expect(sentence.contains(/; a factor of 1\.00[1-9] would have been seen/), "\(sentence)")
  #expect(sentence.contains(/\(0\.00[1-9] dB would have been seen\)/), "\(sentence)")
}
