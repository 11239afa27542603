// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// How text is laid out: how wide it may be, and whether it may be coloured.
package struct TerminalStyle: Sendable, Equatable {
  /// Columns, from 80 up.
  package let width: Int
  package let isColoured: Bool

  /// A style; less than 80 columns count as 80 and more than 120 as 120.
  package init(width: Int = 80, isColoured: Bool = false) {
    self.width = min(120, max(80, width))
    self.isColoured = isColoured
  }

  func bold(_ text: String) -> String { wrapped(text, "1") }
  func dim(_ text: String) -> String { wrapped(text, "2") }
  func green(_ text: String) -> String { wrapped(text, "1;32") }
  func yellow(_ text: String) -> String { wrapped(text, "1;33") }

  /// A text that is written to a terminal as it is, apart from characters that are not visible: only line ends, tabs and
  /// what this style sets come through.
  package func guarded(_ text: String) -> String {
    guard isColoured else { return visible(text, keepingLines: true) }
    return text.components(separatedBy: "\u{1B}").enumerated().map { index, piece in
      guard index > 0 else { return visible(piece, keepingLines: true) }
      let code = ["[0m", "[1m", "[2m", "[1;32m", "[1;33m"].first(where: piece.hasPrefix)
      let own = code.map { "\u{1B}" + $0 } ?? visible("\u{1B}")
      return own + visible(String(piece.dropFirst(code?.count ?? 0)), keepingLines: true)
    }.joined()
  }

  private func wrapped(_ text: String, _ code: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Breaks text into lines at blanks, so that all of it is visible; a word longer than a line is broken where the line ends.
func wrappedLines(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }).map({ visible(String($0)) }) {
    var rest = word[...]
    if !line.isEmpty, line.count + 1 + rest.count <= width {
      line += " " + rest
      continue
    }
    if !line.isEmpty { lines.append(line) }
    while rest.count > width {
      lines.append(String(rest.prefix(width)))
      rest = rest.dropFirst(width)
    }
    line = String(rest)
  }
  if !line.isEmpty { lines.append(line) }
  return lines
}

extension String {
  /// The text with spaces after it up to a width.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// The text with spaces before it up to a width.
  package func padded(toLeft width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
