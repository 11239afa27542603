// SPDX-License-Identifier: GPL-3.0-or-later

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

  private func wrapped(_ text: String, _ code: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Breaks text into lines at spaces; a word longer than a line is broken where the line ends.
func wrappedLines(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
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
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
