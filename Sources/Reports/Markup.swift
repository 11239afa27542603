// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// Text of users as it stands in HTML and SVG, between tags and within attributes: no tag, no entity and no invisible
/// character of it comes through.
func escaped(_ text: String) -> String {
  var result = ""
  for letter in visible(text, keepingLines: true).unicodeScalars {
    switch letter {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(letter)
    }
  }
  return result
}

/// A sentence of the program, in which what stands between backquotes is code.
func prose(_ text: String) -> String {
  escaped(text).replacing(/`([^`]*)`/) { "<code>\($0.output.1)</code>" }
}

/// A string of JSON that may stand within a script element: nothing in it ends the element.
func scriptString(_ text: String) -> String {
  var result = "\""
  for letter in visible(text).unicodeScalars {
    switch letter {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "<": result += "\\u003C"
    case ">": result += "\\u003E"
    case "&": result += "\\u0026"
    default: result.unicodeScalars.append(letter)
    }
  }
  return result + "\""
}

/// A coordinate with one digit after the point, which is finer than anybody sees.
func coordinate(_ value: Double) -> String {
  let tenths = Int((min(1e6, max(-1e6, value)) * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  let size = abs(tenths)
  return size % 10 == 0 ? "\(sign)\(size / 10)" : "\(sign)\(size / 10).\(size % 10)"
}

/// A number of a script; what is not finite is `null`.
func scriptNumber(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return "null" }
  var text = String(format: "%.\(digits)f", value)
  if text.contains(".") {
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
  }
  return text == "-0" ? "0" : text
}

/// The number of looks that curves have: colours in the order of the published figures.
let lookCount = 7

/// The classes of a line of an arm.
func lookClass(_ arm: Int) -> String { "c\(arm % lookCount)" }

/// The dashes of an arm's line: with the colours all of 49 differ.
func dashes(_ arm: Int) -> String {
  let all = ["", "6 2.5", "2 2", "8 2 2 2", "4 1.5 1.5 1.5 1.5 1.5", "10 4", "3 3"]
  return all[(arm + arm / lookCount) % all.count]
}
