// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Any JSON value.
enum JSONValue: Decodable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  var isNull: Bool { if case .null = self { true } else { false } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
}

/// One case of the statistics references.
struct StatisticsCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Tolerance: Decodable, Sendable {
    enum Kind: String, Decodable {
      case absolute, relative
    }
    let kind: Kind
    let value: Double
  }

  /// An answer of Starling.
  enum Answer {
    case number(Double?)
    case numbers([Double?])
    /// A whole number, which must match exactly.
    case count(Int?)
    case flag(Bool)
    case flags([Bool])
  }

  let id: String
  let procedure: String
  let input: [String: JSONValue]
  let parameters: [String: JSONValue]?
  let expected: [String: JSONValue]
  let tolerance: Tolerance

  var testDescription: String { id }

  func numbers(_ key: String) throws -> [Double] { try Self.numbers(input[key]) }

  /// A table with a row for each run.
  func rows(_ key: String) throws -> [[Double]] { try #require(input[key]?.list).map { try Self.numbers($0) } }

  func parameter(_ key: String) throws -> Double { try #require(parameters?[key]?.number) }

  func parameters(_ key: String) throws -> [Double] { try Self.numbers(parameters?[key]) }

  private static func numbers(_ value: JSONValue?) throws -> [Double] {
    try #require(value?.list).map { try #require($0.number) }
  }

  /// Compares answers with everything that the file expects, `null` meaning that there is none.
  func checkAll(_ answers: [String: Answer], sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(!expected.isEmpty, "\(id) expects nothing.", sourceLocation: sourceLocation)
    for (key, wanted) in expected.sorted(by: { $0.key < $1.key }) {
      let answer = try #require(answers[key], "\(id): \(key) is not answered.", sourceLocation: sourceLocation)
      try check(wanted, answer, "\(id): \(key)", sourceLocation)
    }
  }

  private func check(_ wanted: JSONValue, _ answer: Answer, _ what: String, _ location: SourceLocation) throws {
    switch answer {
    case .number(let got): try check(wanted, got, what, location)
    case .numbers(let got):
      let list = try #require(wanted.list, "\(what)", sourceLocation: location)
      #expect(list.count == got.count, "\(what)", sourceLocation: location)
      for (index, pair) in zip(list, got).enumerated() { try check(pair.0, pair.1, "\(what)[\(index)]", location) }
    case .count(let got):
      let isMatched = wanted.isNull ? got == nil : wanted.number != nil && wanted.number == got.map(Double.init)
      #expect(isMatched, "\(what): \(String(describing: got)) instead of \(wanted)", sourceLocation: location)
    case .flag(let got): #expect(wanted.flag == got, "\(what)", sourceLocation: location)
    case .flags(let got):
      let list = try #require(wanted.list, "\(what)", sourceLocation: location)
      #expect(list.map(\.flag) == got, "\(what)", sourceLocation: location)
    }
  }

  private func check(_ expected: JSONValue, _ got: Double?, _ what: String, _ location: SourceLocation) throws {
    if expected.isNull {
      #expect(got == nil, "\(what)", sourceLocation: location)
      return
    }
    let wanted = try #require(expected.number, "\(what)", sourceLocation: location)
    let value = try #require(got, "\(what)", sourceLocation: location)
    let bar = tolerance.kind == .relative ? tolerance.value * abs(wanted) + 1e-12 : tolerance.value
    #expect(abs(value - wanted) <= bar, "\(what): \(value) instead of \(wanted)", sourceLocation: location)
  }
}
