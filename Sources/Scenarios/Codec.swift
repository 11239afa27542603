// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// How a value is read from a tree and written as YAML; what is written reads as an equal value. What is allowed, and
/// how single texts are read and written, is what its kind says.
package struct Codec<Value> {
  let kind: Kind
  /// Reads a value; the text is the dotted path, for messages.
  let read: (Tree, String) throws(ScenarioError) -> Value
  let write: (Value) -> String

  init(
    _ kind: Kind, read: @escaping (Tree, String) throws(ScenarioError) -> Value, write: @escaping (Value) -> String
  ) {
    (self.kind, self.read, self.write) = (kind, read, write)
  }

  /// What is allowed, as it follows "must be".
  var allowed: String { kind.allowed }
}

extension Codec {
  /// A codec of another type over this one.
  func map<Other>(_ wrap: @escaping (Value) -> Other, _ unwrap: @escaping (Other) -> Value) -> Codec<Other> {
    let (read, write) = (self.read, self.write)
    return Codec<Other>(
      kind, read: { (tree, path) throws(ScenarioError) -> Other in wrap(try read(tree, path)) },
      write: { write(unwrap($0)) })
  }

  /// The value, or nothing, which is written as `none` (or as another word).
  func orWord(_ word: String = "none") -> Codec<Value?> {
    let (read, write) = (self.read, self.write)
    return Codec<Value?>(
      kind.orWord(word),
      read: { (tree, path) throws(ScenarioError) -> Value? in tree.text == word ? nil : try read(tree, path) },
      write: { $0.map(write) ?? word })
  }

  /// A list of values of this kind.
  var list: Codec<[Value]> {
    let codec = self
    return Codec<[Value]>(
      .list(kind), read: { (tree, path) throws(ScenarioError) -> [Value] in try readList(tree, path, of: codec) },
      write: { "[" + $0.map(codec.write).joined(separator: ", ") + "]" })
  }
}

/// The error that a value is of the wrong type.
///
/// - Parameter kind: of which it has to be: says how a text that stands in place of a map or a list was probably meant.
func mistyped(_ tree: Tree, _ path: String, mustBe allowed: String, kind: Kind? = nil) -> ScenarioError {
  if let text = tree.text, let guess = kind?.wrapping(text) {
    return tree.error("\(path) must be \(allowed), not \(tree.nameOfKind)", hint: "did you mean \(guess)?")
  }
  return tree.error(.mistyped(path, shown: tree.nameOfKind, isEmpty: tree.text == "", mustBe: allowed))
}

extension Tree {
  /// What is wrong with the text at this place.
  func error(_ wrong: WrongText) -> ScenarioError { error(wrong.message, hint: wrong.hint, note: wrong.note) }

  /// What the text at this place says as a value of a kind.
  func value(of kind: Kind, _ path: String) throws(ScenarioError) -> Argument {
    do throws(WrongText) {
      return try kind.value(of: Written(text: text, shown: nameOfKind, path: path))
    } catch {
      throw self.error(error)
    }
  }
}

/// A list of values.
func readList<Value>(_ tree: Tree, _ path: String, of codec: Codec<Value>) throws(ScenarioError) -> [Value] {
  guard case .list(let items) = tree.content else {
    throw mistyped(tree, path, mustBe: "a list such as [a, b]", kind: .list(codec.kind))
  }
  let texts = items.compactMap(\.text)
  if codec.kind.isList, !texts.isEmpty, texts.count == items.count {
    throw tree.error(
      "\(path) must be a list of lists", hint: "did you mean [[\(texts.joined(separator: ", "))]]?")
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
