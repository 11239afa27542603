// SPDX-License-Identifier: GPL-3.0-or-later
import Yams

/// Reads YAML text into a tree with places; the only file that knows Yams.
///
/// Yams puts the anchored piece in the place of an alias, and takes exponential time over a key made of nested
/// aliases. So every star is exchanged with a private character of equal width before Yams sees the text: an alias
/// becomes a plain text that begins with it, and is refused where it stands.
struct TreeReader {
  /// Stands for a star while Yams reads.
  private static let star: Unicode.Scalar = "\u{E000}"
  /// Makes the first of two equal keys different from the second.
  private static let mark: Unicode.Scalar = "\u{E001}"
  /// How deep maps and lists may lie in each other.
  private static let deepest = 32

  let source: Source
  /// How many characters of the source's line stand before the text.
  let columnOffset: Int

  /// Reads a text.
  ///
  /// - Returns: nothing when the text is empty but for comments.
  static func read(
    _ text: String, of source: Source, columnOffset: Int = 0
  ) throws(ScenarioError) -> Tree? {
    let reader = TreeReader(source: source, columnOffset: columnOffset)
    try reader.checkCharacters()
    guard let root = try reader.compose(hidingStars(text)) else { return nil }
    return try reader.tree(root, depth: 0)
  }

  private static func hidingStars(_ text: String) -> String { exchanging("*", with: star, in: text) }

  private static func showingStars(_ text: String) -> String { exchanging(star, with: "*", in: text) }

  private static func exchanging(_ old: Unicode.Scalar, with new: Unicode.Scalar, in text: String) -> String {
    guard text.unicodeScalars.contains(old) else { return text }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text.unicodeScalars.lazy.map { $0 == old ? new : $0 })
    return String(scalars)
  }

  /// Refuses characters that YAML forbids or takes for line breaks where editors do not.
  private func checkCharacters() throws(ScenarioError) {
    for (line, scalars) in source.lines.enumerated() {
      for (column, scalar) in scalars.enumerated() where Self.isRefused(scalar) {
        let code = String(scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
        throw ScenarioError(
          "the character \(name) is not allowed in a scenario", at: source.place(line: line + 1, column: column + 1))
      }
    }
  }

  private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar != "\t"
    case .lineSeparator, .paragraphSeparator, .privateUse: true
    default: scalar == "\u{FEFF}" || scalar.value & 0xFFFE == 0xFFFE
    }
  }

  private func place(_ mark: Mark?, width: Int = 1) -> Place {
    source.place(line: mark?.line ?? 1, column: (mark?.column ?? 1) + columnOffset, width: width)
  }

  // MARK: - From Yams' nodes to the tree

  private func tree(_ node: Node, depth: Int) throws(ScenarioError) -> Tree {
    let start = place(node.mark)
    guard depth < Self.deepest else {
      throw ScenarioError("maps and lists lie more than \(Self.deepest) deep in each other", at: start)
    }
    try refuseProperties(at: start)
    switch node {
    case .scalar(let scalar):
      return try tree(scalar, at: start)
    case .sequence(let sequence):
      var list: [Tree] = []
      for item in sequence { list.append(try tree(item, depth: depth + 1)) }
      return Tree(content: .list(list), place: start)
    case .mapping(let mapping):
      return Tree(content: .map(try entries(mapping, depth: depth)), place: start)
    case .alias:
      throw refusal(of: "aliases", at: start)
    }
  }

  private func tree(_ scalar: Node.Scalar, at start: Place) throws(ScenarioError) -> Tree {
    let isPlain = scalar.style == .plain || scalar.style == .any
    if isPlain, scalar.string.unicodeScalars.first == Self.star {
      throw refusal(of: "aliases", at: start, hint: "quote a text that begins with '*'")
    }
    let text = Self.showingStars(scalar.string)
    return Tree(
      content: .text(text),
      place: source.place(line: start.line, column: start.column, width: width(of: text, isPlain: isPlain, at: start)))
  }

  private func entries(_ mapping: Node.Mapping, depth: Int) throws(ScenarioError) -> [Tree.Entry] {
    var entries: [Tree.Entry] = []
    var seen: Set<String> = []
    for (keyNode, valueNode) in mapping {
      let key = try tree(keyNode, depth: depth + 1)
      guard let name = key.text else { throw key.error("a key must be a word, not \(key.nameOfKind)") }
      if name == "<<", case .scalar(let scalar) = keyNode, scalar.style == .plain {
        throw refusal(of: "merge keys", at: key.place)
      }
      guard seen.insert(name).inserted else { throw doubled(name, at: key.place) }
      entries.append(
        Tree.Entry(key: name, keyPlace: key.place, value: try tree(valueNode, depth: depth + 1)))
    }
    return entries
  }

  /// Yams gives the place of an anchor or tag as that of its node, so the character there tells.
  private func refuseProperties(at place: Place) throws(ScenarioError) {
    switch source.scalar(line: place.line, column: place.column) {
    case "&": throw refusal(of: "anchors", at: place, hint: "quote a text that begins with '&'")
    case "!": throw refusal(of: "tags", at: place, hint: "quote a text that begins with '!'")
    default: return
    }
  }

  private func refusal(of what: String, at place: Place, hint: String? = nil) -> ScenarioError {
    ScenarioError("YAML \(what) are not allowed in a scenario: write the value out", at: place, hint: hint)
  }

  private func doubled(_ key: String, at place: Place) -> ScenarioError {
    ScenarioError("key '\(key)' is given twice", at: place, hint: "remove one of the two")
  }

  /// How many characters of the line a text takes in the source.
  private func width(of text: String, isPlain: Bool, at place: Place) -> Int {
    let line = source.lines[place.line - 1]
    guard !isPlain, let quote = source.scalar(line: place.line, column: place.column) else {
      return text.unicodeScalars.prefix { $0 != "\n" }.count
    }
    guard quote == "\"" || quote == "'" else { return 1 }
    var index = place.column
    while index < line.count, line[index] != quote { index += line[index] == "\\" && quote == "\"" ? 2 : 1 }
    return index - place.column + 2
  }

  // MARK: - Yams' errors

  private func compose(_ text: String) throws(ScenarioError) -> Node? {
    do {
      return try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
      let key = keys.first.map(Self.showingStars) ?? ""
      throw doubled(key, at: placeOfSecond(in: text, first: context.mark, key: keys.first))
    } catch {
      throw syntaxError(error)
    }
  }

  /// Yams names only the first of two equal keys; with that one changed, the second is found beside it.
  private func placeOfSecond(in text: String, first: Mark, key: String?) -> Place {
    let fallback = place(first, width: key?.unicodeScalars.count ?? 1)
    guard let key, let changed = Self.changing(text, at: first) else { return fallback }
    do {
      guard let root = try Yams.compose(yaml: changed, .basic, .default, .utf8) else { return fallback }
      let mark = Self.twin(of: first, named: key, in: root, depth: 0)
      return mark.map { place($0, width: key.unicodeScalars.count) } ?? fallback
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) where keys.first == key {
      return place(context.mark, width: key.unicodeScalars.count)
    } catch {
      return fallback
    }
  }

  /// The text with the first letter of the key at a mark exchanged.
  private static func changing(_ text: String, at mark: Mark) -> String? {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Array(Substring($0).unicodeScalars)
    }
    let row = mark.line - 1
    guard lines.indices.contains(row), lines[row].indices.contains(mark.column - 1) else { return nil }
    let isQuoted = lines[row][mark.column - 1] == "\"" || lines[row][mark.column - 1] == "'"
    let column = mark.column - 1 + (isQuoted ? 1 : 0)
    guard lines[row].indices.contains(column) else { return nil }
    lines[row][column] = self.mark
    var result = String.UnicodeScalarView()
    result.append(contentsOf: lines.joined(separator: ["\n"]))
    return String(result)
  }

  private static func twin(of mark: Mark, named key: String, in node: Node, depth: Int) -> Mark? {
    guard depth < deepest else { return nil }
    switch node {
    case .scalar, .alias:
      return nil
    case .sequence(let sequence):
      return sequence.lazy.compactMap { twin(of: mark, named: key, in: $0, depth: depth + 1) }.first
    case .mapping(let mapping):
      if mapping.contains(where: { $0.key.mark?.line == mark.line && $0.key.mark?.column == mark.column }) {
        return mapping.first { $0.key.string == key }?.key.mark
      }
      return mapping.lazy.compactMap { twin(of: mark, named: key, in: $0.value, depth: depth + 1) }.first
    }
  }

  private func syntaxError(_ error: any Error) -> ScenarioError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = place(mark)
      if source.scalar(line: place.line, column: place.column) == "\t" {
        return ScenarioError("a tab cannot indent YAML", at: place, hint: "use spaces")
      }
      let doing = context.map { " \($0.text)" } ?? ""
      return ScenarioError(
        Self.showingStars("not valid YAML: \(problem)\(doing)"), at: place, hint: Self.remedy(problem))
    case .reader(let problem, _, _, _):
      return ScenarioError("not valid YAML: \(problem)", at: place(nil))
    default:
      return ScenarioError("not valid YAML", at: place(nil))
    }
  }

  private static func remedy(_ problem: String) -> String? {
    let remedies = [
      ("mapping values are not allowed", "is a line break or the right indentation missing, or a quote?"),
      ("did not find expected key", "check the indentation and the quotes above"),
      ("could not find expected ':'", "a key needs ': ' behind it"),
      ("did not find expected ','", "is a comma or a closing bracket missing?"),
      ("another document", "remove the line '---' and what follows, a scenario is one document"),
    ]
    return remedies.first { problem.contains($0.0) }?.1
  }
}
