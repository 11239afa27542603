// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A small generator (SplitMix64), so that the damage is the same everywhere.
package struct Damage {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  private mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) % UInt64(max(1, bound)))
  }

  private mutating func pick<Element>(_ list: [Element]) -> Element { list[next(list.count)] }

  /// One to five small injuries.
  package mutating func damaged(_ text: String) -> String {
    var text = text
    for _ in 0...next(5) {
      switch next(3) {
      case 0: text = damagedBytes(text)
      case 1: text = damagedLines(text)
      default: text = damagedTokens(text)
      }
    }
    return text
  }

  private mutating func damagedBytes(_ text: String) -> String {
    var bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return text }
    let position = next(bytes.count)
    switch next(4) {
    case 0: bytes.remove(at: position)
    case 1: bytes.insert(bytes[position], at: position)
    case 2: bytes.swapAt(position, next(bytes.count))
    default:
      bytes.insert(pick(Array("{}[]:,-?&*!|>'\"%@`#\t\n\r\0\u{7F}x0. ~<=\\".utf8) + [0xFF, 0xC3, 0xE2]), at: position)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func damagedLines(_ text: String) -> String {
    var lines = text.components(separatedBy: "\n")
    let position = next(lines.count)
    switch next(5) {
    case 0: lines.remove(at: position)
    case 1: lines.insert(lines[position], at: next(lines.count))
    case 2: lines.swapAt(position, next(lines.count))
    case 3: lines[position] = String(repeating: " ", count: next(5)) + lines[position]
    default: lines[position] = String(lines[position].dropFirst(next(4)))
    }
    return lines.joined(separator: "\n")
  }

  private mutating func damagedTokens(_ text: String) -> String {
    var tokens = text.split(omittingEmptySubsequences: false) { " \n,:{}[]".contains($0) }
      .filter { !$0.isEmpty }
    guard !tokens.isEmpty else { return text }
    let token = tokens.remove(at: next(tokens.count))
    return String(text[..<token.startIndex]) + replacement(of: String(token), tokens.map(String.init))
      + String(text[token.endIndex...])
  }

  private mutating func replacement(of token: String, _ others: [String]) -> String {
    switch next(5) {
    case 0: return ""
    case 1: return token + token
    case 2: return others.isEmpty ? token : pick(others)
    case 3:
      return pick([
        "-1", "0", "1e999", "99999999999999999999", "-0.0", "1e-320", "nan", "0x10", "1_000", "1e18", "1e-400", "1e-9",
      ])
    default:
      return pick([
        "ms", "GB", "Mbit/s", "dB", "%", "day", "none", "null", "~", "true", "[]", "{}", "<<", "*a", "&a", "!!int",
        "gamma", "uniform", "agent-19", "agent-20", "regions", "synchronous-local", "self", "w", "|", "edge-list",
        "0.5 ns", "3 m 31 s", "5 m", "10 Mbps", "exponential", "[a, b, 0.5]", "edge-weights", "centralised",
      ])
    }
  }
}
