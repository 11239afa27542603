// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema
import Testing

@Test func whatIsWrittenIsJSONAndKeepsItsOrder() throws {
  let value = JSON.object([
    "z": .list([.integer(1), .number(0.5), .flag(true)]), "a": .text("a \"quoted\"\n\u{1}\\ text"),
    "inner": .list([.object(["b": .text(""), "a": .object([])])]),
  ])
  let text = value.lines()
  let read = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  #expect(read["a"] as? String == "a \"quoted\"\n\u{1}\\ text")
  #expect(read["z"] as? [Double] == [1, 0.5, 1])
  #expect(try #require(text.range(of: "\"z\"")).lowerBound < #require(text.range(of: "\"a\"")).lowerBound)
}

@Test func plainScalarsAreWhatYAMLReads() {
  #expect(
    JSON(plain: "12") == .integer(12) && JSON(plain: "1e-3") == .number(0.001) && JSON(plain: "true") == .flag(true))
  for text in ["nan", "inf", "0x10", "5 %", "none", "1 h 30 min"] { #expect(JSON(plain: text) == .text(text)) }
}

/// The pattern that a schema gives to texts of a kind.
private func pattern(_ kind: Kind) throws -> String {
  func found(_ json: JSON) -> String? {
    switch json {
    case .object(let members):
      for member in members {
        if member.key == "pattern", case .text(let text) = member.value { return text }
        if let inner = found(member.value) { return inner }
      }
      return nil
    case .list(let values): return values.lazy.compactMap(found).first
    default: return nil
    }
  }
  return try #require(found(kind.jsonSchema))
}

private let texts = [
  "20 ms", "20ms", "1.5 s", ".5 h", "1e3 us", "1 h 30 min", "3 m 31 s", "2 d 04 h", "20", "20 sec", "5 m", "ms",
  "20 ms x",
  "64 B", "1.5 KiB", "10 Mbit/s", "8 kB/s", "5 %", "5%", "0.05 %", "-30 dB", "30dB", "3 db", "7 days", "1 day",
]

/// What an editor accepts as a text with a unit is what a scenario accepts.
@Test(arguments: texts) func patternsAcceptWhatIsRead(_ text: String) throws {
  let kinds: [Kind] = [
    .duration(.duration), .quantity(.duration, .duration), .bytes, .quantity(.size, .size),
    .quantity(.rate, .positiveRate), .quantity(.share, .share), .quantity(.power, .positive),
  ]
  for kind in kinds {
    let isMatched = text.range(of: try pattern(kind), options: .regularExpression) != nil
    let value = try? kind.value(of: Written(text: text, shown: text, path: "a"))
    let hasUnit = numberAndUnit(text).map { !$0.unit.isEmpty } ?? true
    if hasUnit { #expect(isMatched == (value != nil), "\(kind)") } else { #expect(!isMatched, "\(kind)") }
  }
}

@Test func aMapOfOneKeyHasOneKey() {
  let kind = Kind.oneOf([Parameter("a", .flag, ""), Parameter("b", .flag, "")])
  #expect(
    kind.jsonSchema
      == .object([
        "type": .text("object"),
        "properties": .object([
          "a": .object(["type": .text("boolean")]), "b": .object(["type": .text("boolean")]),
        ]),
        "additionalProperties": .flag(false), "minProperties": .integer(1), "maxProperties": .integer(1),
      ]))
}
