// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Testing

@Test func controlCharactersAndMarksOfDirectionStandAsTheirEscapes() {
  #expect(visible("a\u{1B}[31mb") == "a\\u001B[31mb")
  #expect(visible("\u{1B}]0;pwned\u{7}") == "\\u001B]0;pwned\\u0007")
  #expect(visible("\u{202E}x\u{2066}\u{200F}\u{FEFF}") == "\\u202Ex\\u2066\\u200F\\uFEFF")
  #expect(visible("\u{9B}31m\u{7F}\u{85}\u{2028}") == "\\u009B31m\\u007F\\u0085\\u2028")
  #expect(visible("a\0b\r\n\tc") == "a\\u0000b\\u000D\\u000A\\u0009c")
  #expect(visible("\u{E0041}") == "\\U000E0041")
  #expect(visible("a\r\nb\tc\rd", keepingLines: true) == "a\r\nb\tc\\u000Dd")
}

@Test func lettersOfAllScriptsStayThemselves() {
  for text in ["", "plain", "Änne, 東京, עברית, العربية", "👩‍👩‍👧", "नर्‍म", "m² · µs — “x”", "\u{A0}"] {
    #expect(visible(text) == text)
    #expect(visibleJSON(text) == text)
  }
}

/// Every character of Unicode comes out visible, and in JSON as itself.
@Test func everyCharacterIsShownAndJSONIsFaithful() throws {
  for value in UInt32(0)...0x10FFFF {
    guard let scalar = Unicode.Scalar(value) else { continue }
    let text = String(Character(scalar))
    if visible(text).unicodeScalars.contains(where: isInvisible) { Issue.record("U+\(value)") }
    guard isInvisible(scalar), value > 0 else { continue }
    let written = String(decoding: try JSONEncoder().encode([text]), as: UTF8.self)
    let shown = visibleJSON(written)
    #expect(!shown.unicodeScalars.contains(where: isInvisible))
    #expect(try JSONDecoder().decode([String].self, from: Data(shown.utf8)) == [text])
  }
}

@Test func longTextsAreShownInPart() {
  #expect(shown(String(repeating: "a", count: 61)) == String(repeating: "a", count: 60) + "…")
  #expect(shown(String(repeating: "a", count: 60)) == String(repeating: "a", count: 60))
}
