// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// A text that places point into: a scenario file, or one override of the command line.
final class Source: Sendable {
  enum Kind: Sendable {
    case file
    case override
  }

  let kind: Kind
  /// What errors call it: the file's name, or `override PATH=VALUE`.
  let name: String
  /// Where the files lie that the text names: empty, or a path that ends with a slash.
  let folder: String
  /// Whether the files that the text names are read. The scenario of a results file has their checksums instead.
  let readsFiles: Bool
  /// The lines as Unicode scalars, so that a column is found without walking the line.
  let lines: [[Unicode.Scalar]]

  /// - Parameter folder: nothing for that of the file.
  init(file name: String, text: String, readsFiles: Bool = true, folder: String? = nil) {
    self.kind = .file
    self.readsFiles = readsFiles
    self.name = name
    self.folder = folder ?? name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    self.lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      let scalars = Array(Substring(line).unicodeScalars)
      return scalars.last == "\r" ? Array(scalars.dropLast()) : scalars
    }
  }

  init(override text: String, folder: String = "") {
    self.kind = .override
    self.readsFiles = true
    self.name = "override " + shown(text, longest: 100)
    self.folder = folder
    self.lines = [Array(text.unicodeScalars)]
  }

  /// A text that stands behind an option of the command line.
  init(option: String, text: String) {
    kind = .override
    readsFiles = true
    name = "\(option) " + shown(text, longest: 100)
    folder = ""
    lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Array(Substring($0).unicodeScalars)
    }
  }

  /// The character at a line and column, both from one.
  func scalar(line: Int, column: Int) -> Unicode.Scalar? {
    guard lines.indices.contains(line - 1), lines[line - 1].indices.contains(column - 1) else { return nil }
    return lines[line - 1][column - 1]
  }

  /// A place in this text; a line or column behind the end is moved to the end.
  func place(line: Int, column: Int, width: Int = 1) -> Place {
    let line = min(max(1, line), lines.count)
    let length = lines[line - 1].count
    let column = min(max(1, column), length + 1)
    return Place(source: self, line: line, column: column, width: max(1, min(width, length - column + 1)))
  }
}

/// A run of characters in one line of a source.
struct Place: Sendable {
  let source: Source
  /// From one.
  let line: Int
  /// From one, in Unicode scalars.
  let column: Int
  /// In Unicode scalars, at least one.
  let width: Int

  /// Longer lines are shown in part.
  private static let longestLine = 110

  /// The line and, under it, a caret and tildes; the padding repeats the tabs of the line, so that they align.
  func excerpt() -> (line: String, caret: String) {
    let scalars = source.lines[line - 1]
    var start = 0
    var end = scalars.count
    if scalars.count > Self.longestLine {
      start = max(0, min(column - 41, scalars.count - Self.longestLine))
      end = min(scalars.count, start + Self.longestLine)
    }
    let before = start > 0 ? "…" : ""
    let after = end < scalars.count ? "…" : ""
    let shown = before + scalars[start..<end].map(Self.text).joined() + after
    let padding = String(repeating: " ", count: before.count) + scalars[start..<(column - 1)].map(Self.blank).joined()
    let marked = scalars[min(column - 1, end)..<min(column - 1 + width, end)]
    let tildes = max(1, marked.reduce(0) { $0 + Self.text($1).unicodeScalars.count }) - 1
    return (shown, padding + "^" + String(repeating: "~", count: tildes))
  }

  private static func text(_ scalar: Unicode.Scalar) -> String {
    scalar != "\t" && isInvisible(scalar) ? escaped(scalar) : String(scalar)
  }

  private static func blank(_ scalar: Unicode.Scalar) -> String {
    scalar == "\t" ? "\t" : String(repeating: " ", count: text(scalar).unicodeScalars.count)
  }
}
