// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A text as a YAML scalar that reads as this text: plain where that is safe, else in double quotes.
package func yamlText(_ text: String) -> String {
  let isWord = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
  }
  if isWord, let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") { return text }
  return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\"": return "\\\""
  case "\\": return "\\\\"
  case "\n": return "\\n"
  case "\t": return "\\t"
  default: break
  }
  switch scalar.properties.generalCategory {
  case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
    return String(format: "\\U%08X", scalar.value)
  default:
    return String(scalar)
  }
}
