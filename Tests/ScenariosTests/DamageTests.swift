// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Testing

/// A small generator (SplitMix64), so that the damage is the same everywhere.
private struct Damage {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) % UInt64(max(1, bound)))
  }

  mutating func pick<Element>(_ list: [Element]) -> Element { list[next(list.count)] }

  /// One to five small injuries.
  mutating func damaged(_ text: String) -> String {
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
    case 3: return pick(["-1", "0", "1e999", "99999999999999999999", "-0.0", "1e-320", "nan", "0x10", "1_000", "1e18"])
    default:
      return pick([
        "ms", "GB", "Mbit/s", "dB", "%", "day", "none", "null", "~", "true", "[]", "{}", "<<", "*a", "&a", "!!int",
        "gamma", "uniform", "agent-19", "agent-20", "regions", "synchronous-local", "self", "w", "|", "edge-list",
      ])
    }
  }
}

/// Five hundred damaged texts: each is either still a scenario, which then survives showing, or has one message that
/// names a line and a column inside the text.
@Test func aDamagedScenarioAlwaysHasAMessageWithAPlace() throws {
  var damage = Damage(state: 20_240_531)
  var refused = 0
  for number in 0..<500 {
    let text = damage.damaged(ValidScenarios.all[number % ValidScenarios.all.count])
    do {
      let scenario = try Scenario.parse(text: text, file: "damaged.yaml")
      #expect(try Scenario.parse(text: scenario.resolvedText(), file: "shown.yaml") == scenario, "\(text)")
    } catch {
      refused += 1
      #expect(error.file == "damaged.yaml", "\(error)\n\(text)")
      #expect(error.description.firstMatch(of: /^damaged\.yaml:[0-9]+:[0-9]+: error: .+\n/) != nil, "\(error)")
      let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      #expect((1...lines.count).contains(error.line ?? 0))
    }
  }
  #expect(refused > 250 && refused < 500)
}

@Test func damagedOverridesAlwaysHaveAMessage() throws {
  var damage = Damage(state: 7)
  let overrides = [
    "conditions.links.loss=0,0.1", "strategy.timing=synchronous-global,asynchronous", "task.truth={spread: 0.1}",
    "conditions.links.latency={gamma: {mean: 20 ms, cv: 0.5}}", "conditions.failures.up={exponential: 1 min}",
  ]
  for number in 0..<500 {
    let text = damage.damaged(overrides[number % overrides.count])
    do {
      _ = try Scenario.parse(text: ValidScenarios.small, file: "good.yaml", overrides: [Override(text)])
    } catch {
      #expect("\(error)".contains(": error: "), "\(error)")
    }
  }
}
