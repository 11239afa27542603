// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Results
import Summaries
import Testing

private let arms = [
  (name: "synchronous-global", hasTarget: true), (name: "asynchronous", hasTarget: true),
  (name: "with timeout", hasTarget: true), (name: "without target", hasTarget: false),
]

private func read(_ text: String) throws(RequirementError) -> Requirement {
  try Requirement(text, arms: arms, metrics: known)
}

/// What is said of a wrong requirement.
private func complaint(_ text: String) -> String {
  do throws(RequirementError) {
    _ = try read(text)
    return "no complaint"
  } catch { return error.description }
}

@Test func requirementsNameArmsInFullByTheirBeginningsAndInQuotes() throws {
  for arm in ["asynchronous", "async", "a", "\"asynchronous\"", "'with timeout'", "synchronous-global"] {
    #expect(try read("\(arm).final-msd < 1").metricNames == ["final-msd"], "\(arm)")
  }
  #expect(complaint("with.final-msd < 1").contains("'with' begins the names of several arms: 'with timeout', 'without"))
  #expect(complaint("\"async\".final-msd < 1").contains("unknown arm 'async'\n"))
  #expect(complaint("asynchronos.final-msd < 1").contains("^~~~~~~~~~~ did you mean 'asynchronous'?"))
}

@Test func aStudyOfOneArmNeedsNotNameIt() throws {
  let one = try Requirement("msd < -30 dB", arms: [(name: "asynchronous", hasTarget: false)], metrics: known)
  #expect(one.metricNames == ["final-msd"])
  #expect(complaint("msd < -30 dB").contains("'msd' of which arm?"))
}

@Test func mistakesAreShownWithTheirPlaceAndWhatIsAllowed() {
  #expect(
    complaint("async.final-mds < -30 dB").hasPrefix(
      """
      error: --require: unknown metric 'final-mds'
        async.final-mds < -30 dB
              ^~~~~~~~~ did you mean 'final-msd'?
        metrics: time-to-target, updates-to-target,
      """))
  let cases = [
    ("async.msd", "there is no comparison"), ("async.msd < ", "something is missing at the end"),
    ("async.msd = 1", "'=' means nothing here"), ("async.msd < -20", "a squared error, which is never below zero"),
    ("-20 > async.msd", "write -20.0 dB"), ("async.msd / 0 < 1", "nothing is divided by zero"),
    ("async.msd < 1 < 2", "there is a second comparison"),
    ("async.msd < 1 and async.lost < 1", "the requirement should end here"),
    ("async.msd < 1 && async.lost < 1", "'&' means nothing here"), ("(async.msd < 1", "')' is missing here"),
    ("async.msd < 1 dB + sync.msd", "decibels are not added"),
    ("async.msd < sync.msd - 3 dB", "decibels are not added"),
    ("async.msd < -(3 dB)", "a power has no sign"), ("1 < 2", "this names no metric"),
    ("async.time-to-target < 60", "a duration cannot be compared with a plain number"),
    ("async.time-to-target < 2 MB", "a duration cannot be compared with a number of bytes"),
    ("async.time-to-target + 1 < 2 s", "a plain number cannot be added to a duration"),
    ("async.time-to-target < 60 sec", "unknown unit 'sec'"), ("async.time-to-target < 5 m", "did you mean 'min'?"),
    ("async.time-to-target < 1 d", "did you mean 'day'?"), ("async.time-to-target < 1 h 3 x", "unknown unit 'x'"),
    ("async.time-to-target < 3 min 1 h", "'3 min 1 h' is no duration"), ("async.bytes < 2 Mb", "unknown unit 'Mb'\n"),
    ("async.time-to-target < 2 s 5", "'2 s 5' is no duration"), ("async.msd < 1e-999", "is too small a number"),
    ("async.updates-5 < 60", "unknown metric 'updates-5'"),
    ("\"without target\".time-to-target < 60 s", "'without target' has no target"),
    ("async.msd < 1e999", "is too large a number"), ("\"async", "this quotation mark is never closed"),
    ("async < 1", "a point and a metric should follow the arm"), ("", "something is missing at the end"),
    (String(repeating: "(", count: 5000), "is not read"), (String(repeating: "(", count: 500), "nested too deeply"),
    (String(repeating: "-", count: 500), "nested too deeply"),
  ]
  for (text, part) in cases { #expect(complaint(text).contains(part), "\(text): \(complaint(text))") }
  #expect(complaint("async.updates-5 < 60").contains("put blanks around a minus"))
}

@Test func unitsAreThoseOfScenarios() throws {
  for text in [
    "async.time-to-target < 54 s", "async.time-to-target < 2 min", "async.time-to-target < 1.5e3ms",
    "async.time-to-target < 1 h - 3 us * 2",
    "async.time-to-target < 1 h 30 min", "async.time-to-target < 3 m 31 s * 2", "2 d 04 h > async.time-to-target",
    "async.bytes-to-target <= 3 MB", "async.bytes > 4KiB", "async.lost < 5 %",
    "async.lost < 5%", "async.msd < 0.001", "async.msd >= 1 dB * sync.msd", "async.staleness-time < 0",
    "async.bytes / async.time-to-target < 3 kB / 1 s", "async.time-to-target / sync.time-to-target < .5",
  ] {
    #expect(throws: Never.self, "\(text)") {
      try read(text)
    }
  }
}

// MARK: - Random expressions

/// Random numbers of a test.
private struct Chance: RandomNumberGenerator {
  private var draws: Draws

  init(_ number: Int) {
    draws = Draws(StreamKey(seed: 9, replication: 0, purpose: .bootstrap, entity: "requirements"), at: UInt64(number))
  }

  mutating func next() -> UInt64 {
    (0..<2).reduce(0) { word, _ in word << 32 | UInt64(draws.integer(below: .max)) }
  }
}

/// A random expression as text, with as few parentheses as precedence allows, and its value by Swift's arithmetic.
private struct Expression {
  var text: String
  var value: Double
  /// 3 for what stands by itself, 2 for products, 1 for sums.
  var strength: Int

  static func random(depth: Int, _ chance: inout Chance, metrics: [String: Double]) -> Expression {
    let choice = depth == 0 ? Int.random(in: 0..<2, using: &chance) : Int.random(in: 0..<8, using: &chance)
    func blank(_ chance: inout Chance) -> String { Bool.random(using: &chance) ? " " : "  " }
    switch choice {
    case 0:
      let number = Double(Int.random(in: 0..<1000, using: &chance)) / 8
      return Expression(text: "\(number)", value: number, strength: 3)
    case 1:
      let name = metrics.keys.sorted().randomElement(using: &chance) ?? ""
      return Expression(text: name, value: metrics[name] ?? .nan, strength: 3)
    case 2:
      let inner = random(depth: depth - 1, &chance, metrics: metrics)
      return Expression(text: "-" + inner.standing(3), value: -inner.value, strength: 3)
    case 3:
      let inner = random(depth: depth - 1, &chance, metrics: metrics)
      return Expression(text: "(\(inner.text))", value: inner.value, strength: 3)
    default:
      let left = random(depth: depth - 1, &chance, metrics: metrics)
      let right = random(depth: depth - 1, &chance, metrics: metrics)
      let (sign, level) = [("+", 1), ("-", 1), ("*", 2), ("/", 2)][choice - 4]
      let value: Double =
        switch sign {
        case "+": left.value + right.value
        case "-": left.value - right.value
        case "*": left.value * right.value
        default: left.value / right.value
        }
      let text = left.standing(level) + blank(&chance) + sign + blank(&chance) + right.standing(level + 1)
      return Expression(text: text, value: value, strength: level)
    }
  }

  private func standing(_ least: Int) -> String { strength < least ? "(\(text))" : text }
}

@Test func randomExpressionsHaveTheValueThatSwiftGivesThem() throws {
  let one = study([arm("a"), arm("b b")], [run("a", 0, reaches: 8, msd: 0.5), run("b b", 0, reaches: 4, msd: 0.25)])
  let metrics = ["a.final-msd": 0.5, "'b b'.msd": 0.25, "a.updates-to-target": 16.0, "a.messages": 1000.0]
  for number in 0..<2000 {
    var chance = Chance(number)
    let left = Expression.random(depth: 5, &chance, metrics: metrics)
    let right = Expression.random(depth: 4, &chance, metrics: metrics)
    let text = "\(left.text) < \(right.text) + 0 * a.updates"
    let requirement = try Requirement(text, arms: [("a", true), ("b b", true)], metrics: known)
    let outcome = requirement.judge(one)
    #expect(outcome.left == left.value || outcome.left.isNaN && left.value.isNaN, "\(left.text)")
    let other = right.value + 0 * 400
    #expect(outcome.right == other || outcome.right.isNaN && other.isNaN, "\(right.text)")
  }
}

@Test func noTextWhateverCrashesTheParser() {
  let pieces = [
    "async", ".", "final-msd", "<", "<=", ">", "=", "(", ")", "+", "-", "*", "/", "-30 dB", "dB", "1e", "1.5e-3", " ",
    "\"", "'", "with timeout", "%", "s", "\u{0}", "é", "e\u{301}", "👩‍👩‍👧", "\n", "\r\n", "µs", "٣", "..", "0x1F", "nan",
    "time-to-target", "synchronous-global.", "\u{202E}", "9999999999999999999999",
  ]
  var accepted = 0
  for number in 0..<20_000 {
    var chance = Chance(100_000 + number)
    let count = Int.random(in: 0..<12, using: &chance)
    let text = (0..<count).map { _ in pieces.randomElement(using: &chance) ?? "" }.joined()
    do throws(RequirementError) {
      _ = try read(text)
      accepted += 1
    } catch {
      // The caret stands under the text or just behind it.
      #expect(error.place.lowerBound <= error.text.unicodeScalars.count, "\(text)")
      #expect(error.description.split(separator: "\n").count >= 2)
    }
  }
  // Hardly any of it makes sense.
  #expect(accepted < 200)
}
