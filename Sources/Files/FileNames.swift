// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// The folder that a path leads through to its last part: empty for a bare name, `/` for what lies at the root.
package func folder(of path: String) -> String {
  let bytes = path.utf8
  guard
    let slash = bytes.dropLast(bytes.reversed().prefix { $0 == UInt8(ascii: "/") }.count)
      .lastIndex(of: UInt8(ascii: "/"))
  else { return "" }
  let folder = path[..<slash]
  let end = folder.utf8.lastIndex { $0 != UInt8(ascii: "/") }
  return end.map { String(folder[...$0]) } ?? "/"
}

/// A name for a file, made from any texts: readable, safe in any folder and shell, and another one for other texts.
///
/// - Letters and digits of all scripts and `. _ - = ,` stay, anything else becomes `-`, as does a dot in front. Texts are
///   joined by `+`.
/// - Where a character of a text was replaced, 8 hexadecimal digits of its digest follow it, so that `a/b`, `a b` and `a-b`
///   are three files.
/// - More than 120 bytes are cut to 100 and a digest of all texts: file systems allow 255, which endings have to share.
///
/// Texts that look the same, such as an `é` of one character or of two, give the same name.
package func fileName(of texts: [String]) -> String {
  let parts = texts.map { $0.precomposedStringWithCanonicalMapping }
  return bounded(parts.map(fileNamePart).joined(separator: "+"), texts: parts)
}

/// The name that versions before 0.4 gave: of texts beyond ASCII it says little.
package func earlierFileName(of texts: [String]) -> String {
  let parts = texts.map { text in
    let safe = text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-=,".contains($0)) ? $0 : "-" }
    return String(safe.drop { $0 == "." })
  }
  return bounded(parts.joined(separator: "+"), texts: texts)
}

private func fileNamePart(_ text: String) -> String {
  var name = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    name.append(isSafe(scalar) && !(name.isEmpty && scalar == ".") ? scalar : "-")
  }
  let isSame = name.elementsEqual(text.unicodeScalars)
  return String(name) + (isSame ? "" : "-\(hexadecimal(digest(of: [text])).prefix(8))")
}

private func isSafe(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII {
    return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-=,".unicodeScalars.contains(scalar)
  }
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
    .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
    // Some letters, such as fillers, take no room and could not be seen.
    return !scalar.properties.isDefaultIgnorableCodePoint
  default: return false
  }
}

private func bounded(_ name: String, texts: [String]) -> String {
  guard name.utf8.count > 120 else { return name.isEmpty ? "study" : name }
  var start = name
  while start.utf8.count > 100 { start.removeLast() }
  return "\(start)+\(hexadecimal(digest(of: texts)))"
}

private func digest(of texts: [String]) -> UInt64 {
  var digest = Digest()
  for text in texts { digest.add(text) }
  return digest.value
}
