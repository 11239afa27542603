// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Testing

/// Values of each kind whose values are one text, with texts that say them in other words.
private let readable: [(kind: Kind, text: String, value: Argument)] = [
  (.count(1...10), "1e1", .count(10)),
  (.count(-5...5), "-5", .count(-5)),
  (.seed, "18446744073709551615", .seed(.max)),
  (.number(.anyNumber), "-1.5e-3", .number(-0.0015)),
  (.probability, "5 %", .number(0.05)),
  (.quantity(.power, .positive), "-30 dB", .number(0.001)),
  (.quantity(.duration, .duration), "1 h 30 min", .number(5400)),
  (.quantity(.rate, .positiveRate), "8 kbit/s", .number(1000)),
  (.duration(.positiveDuration), "20 ms", .duration(VirtualDuration(nanoseconds: 20_000_000))),
  (.multipliedDuration(.duration), "90 s", .duration(VirtualDuration(nanoseconds: 90_000_000_000))),
  (.bytes, "1.5 KiB", .bytes(ByteCount(1536))),
  (.bandwidth, "80 kbit/s", .bandwidth(.bytesPerSecond(10_000))),
  (.flag, "true", .flag(true)),
  (.line, "two words", .text("two words")),
  (.text, "two\nlines", .text("two\nlines")),
  (.word("auto"), "auto", .text("auto")),
  (.choice(["push", "pull"]), "pull", .text("pull")),
  (.file("a text file"), "numbers.csv", .text("numbers.csv")),
  (.described(.flag, "yes or no"), "false", .flag(false)),
]

private func read(_ kind: Kind, _ text: String?) throws(WrongText) -> Argument {
  try kind.value(of: Written(text: text, shown: text.map { "'\($0)'" } ?? "a list", path: "a.b"))
}

/// What is wrong with a text, as message, hint and note in one.
private func wrong(_ kind: Kind, _ text: String?) -> String? {
  do throws(WrongText) {
    _ = try read(kind, text)
    return nil
  } catch {
    return [error.message, error.hint, error.note].compactMap { $0 }.joined(separator: " | ")
  }
}

@Test(arguments: readable.map(\.text)) func aTextSaysAValueThatIsWrittenBack(_ text: String) throws {
  let one = try #require(readable.first { $0.text == text })
  #expect(try read(one.kind, text) == one.value)
  let written = try #require(one.kind.text(of: one.value))
  // Quotes belong to YAML, not to the text.
  let plain = written.hasPrefix("\"") ? text : written
  #expect(try read(one.kind, plain) == one.value)
}

@Test func whatIsNoValueIsSaidWithWhatIsAllowed() {
  #expect(wrong(.count(1...3), "4") == "a.b is 4, out of range | it must be a whole number from 1 to 3")
  #expect(wrong(.count(1...3), "1.5") == "a.b must be a whole number from 1 to 3, not '1.5'")
  #expect(wrong(.count(1...3), "") == "a.b has no value | it must be a whole number from 1 to 3")
  #expect(wrong(.flag, nil) == "a.b must be true or false, not a list")
  #expect(wrong(.choice(["push", "pull"]), "pul") == "a.b must be push or pull, not 'pul' | did you mean 'pull'?")
  #expect(wrong(.probability, "2") == "a.b is 2, out of range | it must be at least 0 and at most 1: did you mean 2 %?")
  #expect(wrong(.probability, "1.5") == "a.b is 1.5, out of range | it must be at least 0 and at most 1")
  #expect(wrong(.number(.positive), "1e999") == "a.b is 1e999, too large a number")
  #expect(wrong(.number(.positive), "1e-999") == "a.b is 1e-999, too small a number")
  #expect(wrong(.number(.positive), "3 ms") == "a.b is a pure number, without a unit such as 'ms' | leave the unit out")
  #expect(
    wrong(.duration(.duration), "3 kB")
      == "'kB' is a unit of sizes, a.b is a duration such as '20 ms' | allowed units: ns, us, ms, s, min, h, day")
  #expect(wrong(.duration(.duration), "0.5 ns") == "a.b is 0.5 ns | a duration is a whole number of nanoseconds")
  #expect(wrong(.multipliedDuration(.duration), "100000000.000000001 s")?.contains("too long to be held") == true)
  #expect(wrong(.bandwidth, "0.00000000000000000001 B/s")?.contains("more digits than are counted") == true)
  #expect(wrong(.bytes, "0.3 B") == "a.b is '0.3 B', not a whole number of bytes")
}

@Test func listsAndMapsAreNotReadFromATextAlone() {
  for kind in [Kind.edges, .matrix, .record([]), .oneOf([]), .dictionary(.flag), .law(.duration), .anything] {
    #expect(!kind.isText)
    #expect(wrong(kind, "x") == "a.b must be \(kind.allowed), not 'x'")
  }
}

@Test func boundsHoldTheirEndsAsTheySay() {
  let half = Bounds(lower: 0, includesLower: false, upper: 1)
  #expect(!half.contains(0) && half.contains(0.0.nextUp) && half.contains(1) && !half.contains(1.0.nextUp))
  #expect(!half.contains(.nan) && !Bounds.anyNumber.contains(.infinity))
  #expect(half.text(.number) == "above 0 and at most 1")
  #expect(Bounds.size.withoutCap.text(.size) == "at least 0")
  #expect(Bounds.anyNumber.positivePart == .positive && Bounds(2...3).positivePart == Bounds(2...3))
}

@Test func aParameterOfALawTakesWhatTheLawTakes() {
  let rule = LawRule(kind: .share, bounds: .share, needsPositiveMean: true, isFactor: true)
  #expect(Kind.quantityOfLaw(isPositive: false).resolved(for: rule) == .probability)
  let positive = Kind.quantityOfLaw(isPositive: true).resolved(for: rule)
  #expect(positive == .quantity(.share, Bounds(lower: 0, includesLower: false, upper: 1)))
  // A part may be zero where the whole may not.
  #expect(Kind.lawOfLaw.resolved(for: rule) == .law(LawRule(kind: .share, bounds: .share, isFactor: true)))
}

@Test func whatIsWrittenForAnyOfSeveralKindsIsThatOfTheOneThatHasIt() {
  let kind = Kind.either([.word("auto"), .list(.count(1...9)), .number(.positive)])
  #expect(kind.allowed == "auto, or a list such as [a, b], or a number above 0")
  #expect(kind.text(of: .text("auto")) == "auto" && kind.text(of: .text("none")) == nil)
  #expect(kind.text(of: .counts([1, 2])) == "[1, 2]")
  #expect(kind.text(of: .number(0.5)) == "0.5")
}
