// SPDX-License-Identifier: GPL-3.0-or-later

/// What is wrong with a requirement, with its place in the text.
package struct RequirementError: Error, CustomStringConvertible, Equatable {
  /// The requirement as it was given.
  package let text: String
  /// Where the mistake is, in Unicode scalars from the start of the text.
  package let place: Range<Int>
  package let message: String
  /// Behind the caret: what was probably meant, or what to do.
  package let hint: String?
  /// What would be allowed.
  package let note: String?

  init(_ text: String, at place: Range<Int>, _ message: String, hint: String? = nil, note: String? = nil) {
    self.text = text
    self.place = place
    self.message = message
    self.hint = hint
    self.note = note
  }

  /// The mistake, the text with a caret under its place, and what is allowed.
  package var description: String {
    // A line for a line: whatever is not printed in one column becomes a question mark.
    let shown = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value >= 0x20 && ($0.value < 0x7F || $0.properties.isAlphabetic) ? $0 : "?" }))
    let marks = String(repeating: " ", count: place.lowerBound) + "^"
    let tail = String(repeating: "~", count: max(0, place.count - 1))
    var lines = ["error: --require: \(message)", "  \(shown)", "  \(marks)\(tail)\(hint.map { " \($0)" } ?? "")"]
    if let note { lines.append("  \(note)") }
    return lines.joined(separator: "\n")
  }
}
