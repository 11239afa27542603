// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// A change to a scenario from the command line, such as `conditions.links.loss=0,0.1`.
package struct Override: Sendable, Equatable {
  /// The full dotted path of a key.
  package let path: String
  /// The YAML of each value, as it was typed or as a range gives it; more than one value multiplies the arms.
  package let values: [String]
  /// The override as it was typed.
  package let text: String
  /// Where each value stands in the text.
  private let spots: [Spot]

  /// A run of characters in the text.
  private struct Spot: Equatable {
    let column: Int
    let width: Int
    /// Whether a range stands there, of which the value is one.
    let isRange: Bool
  }

  /// Takes `PATH=VALUE[,VALUE...]` apart; commas in brackets, braces and quotes do not separate values, and a value
  /// may be a range, `FROM:TO:STEP` or `log(FROM:TO:POINTS)`.
  ///
  /// - Throws: when there is no `=`, no path, an empty value or a range that is none.
  package init(_ text: String) throws(ScenarioError) {
    let source = Source(override: text)
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw ScenarioError(
        "an override is PATH=VALUE or PATH=VALUE,VALUE", at: source.place(line: 1, column: 1),
        hint: "such as conditions.links.loss=0,0.1")
    }
    let path = String(text[..<equals])
    var values: [String] = []
    var spots: [Spot] = []
    var column = path.unicodeScalars.count + 2
    for part in Self.separated(text[text.index(after: equals)...]) {
      let width = part.unicodeScalars.count
      let place = source.place(line: 1, column: column, width: width)
      guard !part.allSatisfy(\.isWhitespace) else { throw ScenarioError("\(path) has an empty value", at: place) }
      let range = try Self.range(part, path, at: place)
      values += range ?? [part]
      spots += Array(
        repeating: Spot(column: column, width: width, isRange: range != nil), count: range?.count ?? 1)
      column += width + 1
    }
    (self.path, self.values, self.text, self.spots) = (path, values, text, spots)
  }

  /// Takes several overrides apart.
  ///
  /// - Throws: what is wrong with any of them.
  package static func all(_ texts: [String]) throws(ScenarioError) -> [Override] {
    var faults = Faults()
    let overrides = texts.compactMap { text in
      faults.gather { () throws(ScenarioError) in try Override(text) }
    }
    try faults.finish()
    return overrides
  }

  /// The values of a range; nothing for any other value, and for the keys that hold free text.
  private static func range(_ text: String, _ path: String, at place: Place) throws(ScenarioError) -> [String]? {
    guard !ScenarioDraft.sharedKeys.contains(path) else { return nil }
    do throws(ValueRange.Trouble) {
      return try ValueRange(text)?.values()
    } catch {
      throw ScenarioError("the range '\(text)' \(error.reason)", at: place, hint: error.hint)
    }
  }

  private static func separated(_ text: Substring) -> [String] {
    var values = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      switch character {
      case "\"", "'": quote = quote == nil ? character : (quote == character ? nil : quote)
      case "[", "{": depth += quote == nil ? 1 : 0
      case "]", "}": depth -= quote == nil ? 1 : 0
      case "," where depth <= 0 && quote == nil:
        values.append("")
        continue
      default: break
      }
      values[values.count - 1].append(character)
    }
    return values
  }

  /// The path and the values with their places.
  ///
  /// - Parameters:
  ///   - folder: that of the scenario which is overridden, for the files that a value names.
  func settings(folder: String) throws(ScenarioError) -> (path: DottedPath, values: [Tree]) {
    let source = Source(override: text, folder: folder)
    let dotted = DottedPath(path, at: source.place(line: 1, column: 1, width: path.unicodeScalars.count))
    try checkKey(dotted, of: "an override")
    var trees: [Tree] = []
    for (value, spot) in zip(values, spots) {
      let place = source.place(line: 1, column: spot.column, width: spot.width)
      guard !spot.isRange else {
        trees.append(Tree(content: .text(value), place: place))
        continue
      }
      guard let tree = try TreeReader.read(value, of: source, columnOffset: spot.column - 1) else {
        throw ScenarioError("\(path) has an empty value", at: place)
      }
      trees.append(tree)
    }
    return (dotted, trees)
  }
}

/// Refuses a key that is set twice, or set as a whole and in part: one of the two would say nothing.
func refuseTwice(_ paths: [DottedPath]) throws(ScenarioError) {
  var seen: Set<String> = []
  var above: Set<String> = []
  for path in paths {
    let names = path.parts.map(\.name)
    let prefixes = (1..<max(1, names.count)).map { names.prefix($0).joined(separator: ".") }
    if let outer = prefixes.first(where: seen.contains) {
      throw ScenarioError(
        "'\(path.text)' is set, and so is the whole of '\(outer)'", at: path.place, hint: "leave one of the two out")
    }
    guard !above.contains(path.text) else {
      throw ScenarioError(
        "the whole of '\(path.text)' is set, and so is a part of it", at: path.place, hint: "leave one of the two out")
    }
    guard seen.insert(path.text).inserted else {
      throw ScenarioError("'\(path.text)' is set twice", at: path.place, hint: "leave one of the two out")
    }
    above.formUnion(prefixes)
  }
}

/// Checks that a path is a key of a scenario that an override or arm can set.
func checkKey(_ path: DottedPath, of setter: String) throws(ScenarioError) {
  guard path.parts.count <= TreeReader.deepest else {
    throw ScenarioError(
      "a path of \(path.parts.count) parts leads nowhere", at: path.place,
      note: "\(setter) sets a key by its full dotted path, such as conditions.links.loss")
  }
  guard let key = ScenarioSchema.key(at: path) else {
    let guess = ScenarioSchema.suggestion(for: path.text)
    throw ScenarioError(
      "unknown key '\(shown(path.text))'", at: path.place, hint: guess.map { "did you mean '\($0)'?" },
      note: "\(setter) sets a key by its full dotted path, such as conditions.links.loss")
  }
  let words = ["arms": "arms are written in the file", "sweep": "a sweep is written in the file"]
  guard !key.isGroup, words[key.path] == nil else {
    let below = ScenarioSchema.keys.filter { $0.path.hasPrefix(key.path + ".") }.map(\.path)
    throw ScenarioError(
      words[key.path] ?? "\(setter) cannot set '\(key.path)' as a whole",
      at: path.place, hint: below.first.map { "set one of its keys, such as \($0)" })
  }
  if let empty = path.parts.first(where: { $0.name.isEmpty }) {
    throw ScenarioError("the path '\(path.text)' has an empty part", at: empty.place)
  }
}
