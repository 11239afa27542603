// SPDX-License-Identifier: GPL-3.0-or-later

/// A text of users as it is shown: nothing in it moves the cursor, sets a colour or the title of a window, turns the
/// direction of writing or hides. Such characters stand there as their escapes, `\u001B` for the escape character.
///
/// - Parameter keepingLines: whether line ends and tabs stay what they are.
package func visible(_ text: String, keepingLines: Bool = false) -> String {
  guard text.unicodeScalars.contains(where: isInvisible) else { return text }
  let scalars = Array(text.unicodeScalars)
  var shown = ""
  for (index, scalar) in scalars.enumerated() {
    let endsLine = scalar == "\n" || scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
    let stays = !isInvisible(scalar) || keepingLines && (endsLine || scalar == "\t")
    shown += stays ? String(scalar) : escaped(scalar)
  }
  return shown
}

/// JSON that means the same and shows every such character by an escape of JSON.
package func visibleJSON(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { $0.value >= 0x7F && isInvisible($0) }) else { return text }
  // Beyond ASCII there are only the insides of strings.
  return text.unicodeScalars.map { scalar in
    guard scalar.value >= 0x7F, isInvisible(scalar) else { return String(scalar) }
    return UTF16.encode(scalar).map { $0.map { "\\u" + hexadecimal(UInt32($0), digits: 4) }.joined() } ?? ""
  }.joined()
}

/// Whether a character is shown as something else than itself, or not at all: control characters, marks of direction
/// and other formats, separators of lines. What joins letters in many scripts stays.
package func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value < 0x20 || scalar.value >= 0x7F else { return false }
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: return true
  case .format: return scalar != "\u{200C}" && scalar != "\u{200D}"
  default: return false
  }
}

/// The escape of a character, as YAML and JSON write it too.
package func escaped(_ scalar: Unicode.Scalar) -> String {
  scalar.value <= 0xFFFF
    ? "\\u" + hexadecimal(scalar.value, digits: 4) : "\\U" + hexadecimal(scalar.value, digits: 8)
}

private func hexadecimal(_ number: UInt32, digits: Int) -> String {
  let text = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// A text of users in a message: visible, and not longer than is read there.
package func shown(_ text: some StringProtocol, longest: Int = 60) -> String {
  let head = text.unicodeScalars.prefix(longest + 1)
  let isLong = head.count > longest
  return visible(String(String.UnicodeScalarView(head.prefix(longest)))) + (isLong ? "…" : "")
}
