// SPDX-License-Identifier: GPL-3.0-or-later

/// A change to a scenario from the command line, such as `conditions.links.loss=0,0.1`.
package struct Override: Sendable, Equatable {
  /// The full dotted path of a key.
  package let path: String
  /// The YAML of each value as it was typed; more than one value multiplies the arms.
  package let values: [String]

  package init(path: String, values: [String]) {
    self.path = path
    self.values = values
  }

  /// Takes `PATH=VALUE[,VALUE...]` apart; commas in brackets, braces and quotes do not separate values.
  ///
  /// - Throws: when there is no `=`, no path or an empty value.
  package init(_ text: String) throws(ScenarioError) {
    let source = Source(override: text)
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw ScenarioError(
        "an override is PATH=VALUE or PATH=VALUE,VALUE", at: source.place(line: 1, column: 1),
        hint: "such as conditions.links.loss=0,0.1")
    }
    self.init(
      path: String(text[..<equals]), values: Self.separated(text[text.index(after: equals)...]))
    for (value, column) in zip(values, columns) where value.allSatisfy(\.isWhitespace) {
      throw ScenarioError("\(path) has an empty value", at: source.place(line: 1, column: column))
    }
  }

  /// The override as it was typed.
  package var text: String { "\(path)=\(values.joined(separator: ","))" }

  /// The column at which each value starts.
  private var columns: [Int] {
    var column = path.unicodeScalars.count + 2
    return values.map { value in
      defer { column += value.unicodeScalars.count + 1 }
      return column
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
    for (value, column) in zip(values, columns) {
      guard let tree = try TreeReader.read(value, of: source, columnOffset: column - 1) else {
        throw ScenarioError("\(path) has an empty value", at: source.place(line: 1, column: column))
      }
      trees.append(tree)
    }
    return (dotted, trees)
  }
}

/// Checks that a path is a key of a scenario that an override or arm can set.
func checkKey(_ path: DottedPath, of setter: String) throws(ScenarioError) {
  guard let key = ScenarioSchema.key(at: path) else {
    let guess = ScenarioSchema.suggestion(for: path.text)
    throw ScenarioError(
      "unknown key '\(path.text)'", at: path.place, hint: guess.map { "did you mean '\($0)'?" },
      note: "\(setter) sets a key by its full dotted path, such as conditions.links.loss")
  }
  guard !key.isGroup, key.path != "arms" else {
    let below = ScenarioSchema.keys.filter { $0.path.hasPrefix(key.path + ".") }.map(\.path)
    throw ScenarioError(
      key.path == "arms" ? "arms are written in the file" : "\(setter) cannot set '\(key.path)' as a whole",
      at: path.place, hint: below.first.map { "set one of its keys, such as \($0)" })
  }
  if let empty = path.parts.first(where: { $0.name.isEmpty }) {
    throw ScenarioError("the path '\(path.text)' has an empty part", at: empty.place)
  }
}
