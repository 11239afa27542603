// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// How a value is read from a tree and written as YAML; what is written reads as an equal value.
package struct Codec<Value> {
  /// Reads a value; the text is the dotted path, for messages.
  let read: (Tree, String) throws(ScenarioError) -> Value
  let write: (Value) -> String
  private let allowedText: () -> String

  /// - Parameter allowed: made when it is asked for, as codecs of laws come and go with every value.
  init(
    allowed: @autoclosure @escaping () -> String, read: @escaping (Tree, String) throws(ScenarioError) -> Value,
    write: @escaping (Value) -> String
  ) {
    (allowedText, self.read, self.write) = (allowed, read, write)
  }

  /// What is allowed, as it follows "must be".
  var allowed: String { allowedText() }
}

extension Codec {
  /// A codec of another type over this one.
  func map<Other>(_ wrap: @escaping (Value) -> Other, _ unwrap: @escaping (Other) -> Value) -> Codec<Other> {
    let (read, write) = (self.read, self.write)
    return Codec<Other>(
      allowed: allowed,
      read: { (tree, path) throws(ScenarioError) -> Other in wrap(try read(tree, path)) },
      write: { write(unwrap($0)) })
  }

  /// The value, or nothing, which is written as `none` (or as another word).
  func orWord(_ word: String = "none") -> Codec<Value?> {
    let (read, write) = (self.read, self.write)
    return Codec<Value?>(
      allowed: "\(allowed), or \(word)",
      read: { (tree, path) throws(ScenarioError) -> Value? in tree.text == word ? nil : try read(tree, path) },
      write: { $0.map(write) ?? word })
  }
}

/// The error that a value is of the wrong type.
func mistyped(_ tree: Tree, _ path: String, mustBe allowed: String) -> ScenarioError {
  tree.text == ""
    ? tree.error("\(path) has no value", hint: "it must be \(allowed)")
    : tree.error("\(path) must be \(allowed), not \(tree.nameOfKind)")
}

extension Codec<String> {
  /// One line of text that says something.
  static var line: Codec {
    Codec(
      allowed: "one line of text",
      read: { (tree, path) throws(ScenarioError) -> String in
        guard let text = tree.text, !text.isEmpty, !text.contains(where: \.isNewline), text.count <= 200 else {
          throw mistyped(tree, path, mustBe: "one line of text, at most 200 characters")
        }
        return text
      }, write: yamlText)
  }

  /// Any text.
  static var text: Codec {
    Codec(
      allowed: "text",
      read: { (tree, path) throws(ScenarioError) -> String in
        guard let text = tree.text, !text.isEmpty else { throw mistyped(tree, path, mustBe: "text") }
        return text
      }, write: yamlText)
  }
}

extension Codec<Int> {
  /// A whole number of a range.
  package static func count(_ range: ClosedRange<Int>) -> Codec {
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Codec(
      allowed: allowed,
      read: { (tree, path) throws(ScenarioError) -> Int in
        guard let text = tree.text, let (number, unit) = numberAndUnit(text), unit.isEmpty else {
          throw mistyped(tree, path, mustBe: allowed)
        }
        switch number.wholeness {
        case .whole(let count) where range.contains(Int(count)): return Int(count)
        case .fraction: throw mistyped(tree, path, mustBe: allowed)
        case .whole, .tooLarge: throw tree.error("\(path) is \(text), out of range", hint: "it must be \(allowed)")
        }
      }, write: { "\($0)" })
  }
}

extension Codec<UInt64> {
  /// A seed.
  static var seed: Codec {
    let allowed = "a whole number from 0 to \(UInt64.max)"
    return Codec(
      allowed: allowed,
      read: { (tree, path) throws(ScenarioError) -> UInt64 in
        guard let text = tree.text, let seed = UInt64(text) else { throw mistyped(tree, path, mustBe: allowed) }
        return seed
      }, write: { "\($0)" })
  }
}

extension Codec<Bool> {
  /// Yes or no.
  package static var flag: Codec {
    Codec(
      allowed: "true or false",
      read: { (tree, path) throws(ScenarioError) -> Bool in
        switch tree.text {
        case "true": return true
        case "false": return false
        default: throw mistyped(tree, path, mustBe: "true or false")
        }
      }, write: { "\($0)" })
  }
}

extension Codec where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enumeration.
  static var choice: Codec {
    let words = Value.allCases.map(\.rawValue)
    let allowed = words.count == 1 ? words[0] : words.dropLast().joined(separator: ", ") + " or " + words.last!
    return Codec(
      allowed: allowed,
      read: { (tree, path) throws(ScenarioError) -> Value in
        guard let word = tree.text, let value = Value(rawValue: word) else {
          let guess = tree.text.flatMap { nearest(to: $0, among: words) }
          guard let guess else { throw mistyped(tree, path, mustBe: allowed) }
          throw tree.error(
            "\(path) must be \(allowed), not \(tree.nameOfKind)", hint: "did you mean '\(guess)'?")
        }
        return value
      }, write: { $0.rawValue })
  }
}

/// A list of values.
func readList<Value>(_ tree: Tree, _ path: String, of codec: Codec<Value>) throws(ScenarioError) -> [Value] {
  guard case .list(let items) = tree.content else {
    throw mistyped(tree, path, mustBe: "a list such as [a, b]")
  }
  var values: [Value] = []
  values.reserveCapacity(items.count)
  var faults = Faults()
  for (index, item) in items.enumerated() where !faults.isFull {
    let inner = "\(path)[\(index)]"
    if let value = faults.gather(at: inner, { () throws(ScenarioError) in try codec.read(item, inner) }) {
      values.append(value)
    }
  }
  try faults.finish()
  return values
}

extension Codec {
  /// A list of values of this kind.
  var list: Codec<[Value]> {
    let codec = self
    return Codec<[Value]>(
      allowed: "a list such as [a, b]",
      read: { (tree, path) throws(ScenarioError) -> [Value] in try readList(tree, path, of: codec) },
      write: { "[" + $0.map(codec.write).joined(separator: ", ") + "]" })
  }
}
