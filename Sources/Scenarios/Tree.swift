// SPDX-License-Identifier: GPL-3.0-or-later

/// A piece of a scenario's text with its place: a text, a list or a map.
///
/// What kind of value a text is (number, duration, name) is for its reader to say.
struct Tree: Sendable {
  indirect enum Content: Sendable {
    case text(String)
    case list([Tree])
    /// In the order of the file; no key twice.
    case map([Entry])
  }

  /// A key of a map and its value.
  struct Entry: Sendable {
    let key: String
    let keyPlace: Place
    var value: Tree
  }

  var content: Content
  let place: Place

  /// The text, if it is one.
  var text: String? {
    if case .text(let text) = content { text } else { nil }
  }

  /// Whether it says that something is absent.
  var isNone: Bool { text == "none" }

  /// The entries, if it is a map.
  var entries: [Entry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// The entry of a key, if it is a map that has it.
  func entry(_ key: String) -> Entry? { entries?.first { $0.key == key } }

  /// What it is, in words for an error message.
  var nameOfKind: String {
    switch content {
    case .text(""): "nothing"
    case .text(let text): "'\(text.count > 40 ? text.prefix(40) + "…" : Substring(text))'"
    case .list: "a list"
    case .map: "a map"
    }
  }

  /// An error at this place.
  func error(_ message: String, hint: String? = nil, note: String? = nil) -> ScenarioError {
    ScenarioError(message, at: place, hint: hint, note: note)
  }

  /// Whether there is a value at a dotted path.
  func has(_ path: String) -> Bool {
    var current = self
    for part in path.split(separator: ".") {
      guard let entry = current.entry(String(part)) else { return false }
      current = entry.value
    }
    return true
  }

  /// The place of the value at a dotted path, or of the deepest piece on the way that exists.
  func place(of path: String) -> Place { piece(at: path).value.place }

  /// The place of the key at a dotted path, or of the deepest key on the way that exists.
  func keyPlace(of path: String) -> Place {
    let (_, key) = piece(at: path)
    return key ?? place
  }

  /// The piece at a dotted path and the place of its key, or the deepest ones on the way that exist.
  func piece(at path: String) -> (value: Tree, key: Place?) {
    var current = self
    var key: Place?
    for part in path.split(separator: ".") {
      guard let entry = current.entry(String(part)) else { break }
      current = entry.value
      key = entry.keyPlace
    }
    return (current, key)
  }
}

/// A dotted path with the place of each part.
struct DottedPath: Sendable {
  struct Part: Sendable {
    let name: String
    let place: Place
  }

  let parts: [Part]
  let text: String
  let place: Place

  /// Takes a text apart whose first character is at `place`, all on one line.
  init(_ text: String, at place: Place) {
    var column = place.column
    var parts: [Part] = []
    for name in text.split(separator: ".", omittingEmptySubsequences: false) {
      let width = name.unicodeScalars.count
      parts.append(
        Part(name: String(name), place: place.source.place(line: place.line, column: column, width: width)))
      column += width + 1
    }
    self.parts = parts
    self.text = text
    self.place = place
  }
}

extension Tree {
  /// Puts a value at a path, making maps on the way and replacing what is there.
  ///
  /// - Throws: when the path runs through a plain value or a list. `none` on the way gives way to a map.
  mutating func set(_ path: DottedPath, to value: Tree) throws(ScenarioError) {
    try set(path.parts[...], of: path, to: value)
  }

  private mutating func set(
    _ parts: ArraySlice<DottedPath.Part>, of path: DottedPath, to value: Tree
  ) throws(ScenarioError) {
    guard let part = parts.first else {
      self = value
      return
    }
    var entries = try entriesToSet(part, of: path, depth: path.parts.count - parts.count)
    let index = entries.firstIndex { $0.key == part.name }
    var inner = index.map { entries[$0].value } ?? Tree(content: .map([]), place: part.place)
    try inner.set(parts.dropFirst(), of: path, to: value)
    let isLast = parts.count == 1
    let keyPlace = index.flatMap { isLast ? nil : entries[$0].keyPlace } ?? part.place
    let entry = Entry(key: part.name, keyPlace: keyPlace, value: inner)
    if let index { entries[index] = entry } else { entries.append(entry) }
    content = .map(entries)
  }

  private func entriesToSet(
    _ part: DottedPath.Part, of path: DottedPath, depth: Int
  ) throws(ScenarioError) -> [Entry] {
    if isNone || text == "" { return [] }
    if let entries { return entries }
    let outer = path.parts.prefix(depth).map(\.name).joined(separator: ".")
    throw ScenarioError(
      "\(outer) is \(nameOfKind), so it has no key '\(part.name)'", at: part.place,
      hint: "set \(outer) as a whole")
  }
}
