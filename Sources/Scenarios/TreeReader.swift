// SPDX-License-Identifier: GPL-3.0-or-later
import Yams

/// Reads YAML text into a tree with places; only this type knows Yams.
///
/// Yams puts the anchored piece in the place of an alias, and takes exponential time over a key made of nested
/// aliases. So every star is exchanged with a private character of equal width before Yams sees the text: an alias
/// becomes a plain text that begins with it, and is refused where it stands.
struct TreeReader {
  /// Stands for a star while Yams reads.
  static let star: Unicode.Scalar = "\u{E000}"
  /// Makes the first of two equal keys different from the second.
  static let mark: Unicode.Scalar = "\u{E001}"
  /// How deep maps and lists may lie in each other.
  static let deepest = 32

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

  static func showingStars(_ text: String) -> String { exchanging(star, with: "*", in: text) }

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

  /// The end of a text lies for Yams at the start of the line behind it.
  func place(_ mark: Mark?, width: Int = 1) -> Place {
    let line = mark?.line ?? 1
    let column = line > source.lines.count ? .max : (mark?.column ?? 1) + columnOffset
    return source.place(line: line, column: column, width: width)
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
    guard !text.utf8.contains(0) else {
      throw ScenarioError(
        "the character U+0000 is not allowed in a scenario, however it is written", at: placeOfNUL(behind: start))
    }
    return Tree(
      content: .text(text),
      place: source.place(line: start.line, column: start.column, width: width(of: text, isPlain: isPlain, at: start)))
  }

  /// Where the first escape for U+0000 stands in a text in double quotes, which alone has escapes.
  private func placeOfNUL(behind start: Place) -> Place {
    for line in start.line...source.lines.count {
      let scalars = source.lines[line - 1]
      var column = line == start.line ? start.column : 1
      while column < scalars.count {
        guard scalars[column - 1] == "\\" else {
          column += 1
          continue
        }
        let digits = ["x": 2, "u": 4, "U": 8][scalars[column]].map { $0 + 1 } ?? 1
        let escape = scalars[column..<min(column + digits, scalars.count)]
        if escape.allSatisfy({ "0xuU".unicodeScalars.contains($0) }), escape.last == "0" {
          return source.place(line: line, column: column, width: digits + 1)
        }
        column += 2
      }
    }
    return start
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

  func doubled(_ key: String, at place: Place) -> ScenarioError {
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
}
