// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// Kinds whose values are one text each, as values of a type.
extension Codec {
  /// - Parameters:
  ///   - unwrap: never nothing for what the kind reads.
  ///   - wrap: makes a value that the kind writes.
  fileprivate init(
    _ kind: Kind, _ unwrap: @escaping (Argument) -> Value?, _ wrap: @escaping (Value) -> Argument
  ) {
    self.init(
      kind,
      read: { (tree, path) throws(ScenarioError) -> Value in
        guard let value = unwrap(try tree.value(of: kind, path)) else {
          preconditionFailure("A kind reads values of its own type.")
        }
        return value
      },
      write: { kind.text(of: wrap($0)) ?? "none" })
  }
}

extension Codec<String> {
  /// One line of text that says something.
  static var line: Codec { Codec(.line, \.text, Argument.text) }

  /// Any text.
  static var text: Codec { Codec(.text, \.text, Argument.text) }
}

extension Codec<Int> {
  /// A whole number of a range.
  package static func count(_ range: ClosedRange<Int>) -> Codec { Codec(.count(range), \.count, Argument.count) }
}

extension Codec<UInt64> {
  static var seed: Codec { Codec(.seed, \.seed, Argument.seed) }
}

extension Codec<Bool> {
  /// Yes or no.
  package static var flag: Codec { Codec(.flag, \.flag, Argument.flag) }
}

extension Codec<Double> {
  /// A quantity in base units.
  static func quantity(_ kind: QuantityKind, _ bounds: Bounds) -> Codec {
    Codec(.quantity(kind, bounds), \.number, Argument.number)
  }
}

extension Codec<VirtualDuration> {
  /// A duration, exactly as it is written.
  static func duration(_ bounds: Bounds) -> Codec { Codec(.duration(bounds), \.duration, Argument.duration) }
}

extension Codec<VirtualDuration> {
  /// A duration that is multiplied by factors, exactly as it is written.
  static func multipliedDuration(_ bounds: Bounds) -> Codec {
    Codec(.multipliedDuration(bounds), \.duration, Argument.duration)
  }
}

extension Codec<Bandwidth> {
  /// A rate, exactly as it is written.
  static var bandwidth: Codec { Codec(.bandwidth, \.bandwidth, Argument.bandwidth) }
}

extension Codec<Probability> {
  static var probability: Codec {
    Codec<Double>.quantity(.share, .share).map({ Probability($0) ?? .never }, { $0.value })
  }
}

extension Codec<ByteCount> {
  /// A whole number of bytes.
  static var size: Codec { Codec(.bytes, \.bytes, Argument.bytes) }
}

extension Codec where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enumeration.
  static var choice: Codec {
    Codec(
      .choice(Value.allCases.map(\.rawValue)), { $0.text.flatMap(Value.init(rawValue:)) }, { .text($0.rawValue) })
  }
}
