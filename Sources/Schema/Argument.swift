// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The value of a parameter.
public enum Argument: Sendable, Equatable {
  case count(Int)
  case seed(UInt64)
  /// In base units: seconds, bytes, bytes per second or plain.
  case number(Double)
  /// Exactly as it was written.
  case duration(VirtualDuration)
  case bytes(ByteCount)
  case bandwidth(Bandwidth)
  case flag(Bool)
  /// A line, a word or a path.
  case text(String)
  case list([Argument])
  /// A map with known keys.
  case record(Arguments)
  /// What a room above makes of what is written, such as a law.
  case special(any SpecialValue)

  /// Whether both are of one kind and say the same.
  public static func == (left: Argument, right: Argument) -> Bool {
    switch (left, right) {
    case (.count(let left), .count(let right)): left == right
    case (.seed(let left), .seed(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.duration(let left), .duration(let right)): left == right
    case (.bytes(let left), .bytes(let right)): left == right
    case (.bandwidth(let left), .bandwidth(let right)): left == right
    case (.flag(let left), .flag(let right)): left == right
    case (.text(let left), .text(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.record(let left), .record(let right)): left == right
    case (.special(let left), .special(let right)): left.equals(right)
    default: false
    }
  }
}

/// A value that a room above gives to parameters: a law, the edges of a graph, the numbers of a file.
public protocol SpecialValue: Sendable, Equatable {}

extension SpecialValue {
  fileprivate func equals(_ other: any SpecialValue) -> Bool { other as? Self == self }
}

extension Argument {
  package static func counts(_ values: [Int]) -> Argument { .list(values.map { .count($0) }) }
  package static func numbers(_ values: [Double]) -> Argument { .list(values.map { .number($0) }) }
  package static func names(_ values: [String]) -> Argument { .list(values.map { .text($0) }) }
  package static func matrix(_ rows: [[Double]]) -> Argument { .list(rows.map { .numbers($0) }) }

  /// A map with keys that the writer chose, in its order.
  package static func entries(_ entries: [(name: String, value: Argument)]) -> Argument {
    .list(entries.map { .record(["name": .text($0.name), "value": $0.value]) })
  }

  package var count: Int? { if case .count(let value) = self { value } else { nil } }
  package var seed: UInt64? { if case .seed(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  package var duration: VirtualDuration? { if case .duration(let value) = self { value } else { nil } }
  package var bytes: ByteCount? { if case .bytes(let value) = self { value } else { nil } }
  package var bandwidth: Bandwidth? { if case .bandwidth(let value) = self { value } else { nil } }
  package var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
  package var text: String? { if case .text(let value) = self { value } else { nil } }
  package var list: [Argument]? { if case .list(let value) = self { value } else { nil } }
  package var record: Arguments? { if case .record(let value) = self { value } else { nil } }
  package var counts: [Int]? { all(\.count) }
  package var numbers: [Double]? { all(\.number) }
  package var names: [String]? { all(\.text) }
  package var matrix: [[Double]]? { all(\.numbers) }

  /// What was made by `entries(_:)`; nothing for any other value, and for an empty list.
  package var entries: [(name: String, value: Argument)]? {
    let entries = list?.compactMap { element -> (name: String, value: Argument)? in
      guard let name = element.record?.text("name"), let value = element.record?["value"] else { return nil }
      return (name, value)
    }
    guard let entries, !entries.isEmpty, entries.count == list?.count else { return nil }
    return entries
  }

  /// A value of a room above, if it is one of this type.
  package func special<Value: SpecialValue>(_: Value.Type = Value.self) -> Value? {
    if case .special(let value) = self { value as? Value } else { nil }
  }

  /// The elements of a list, if all are of one type.
  private func all<Value>(_ value: (Argument) -> Value?) -> [Value]? {
    guard let list else { return nil }
    var values: [Value] = []
    values.reserveCapacity(list.count)
    for element in list {
      guard let value = value(element) else { return nil }
      values.append(value)
    }
    return values
  }
}
