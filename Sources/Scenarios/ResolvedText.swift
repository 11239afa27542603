// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

extension Scenario {
  /// The whole scenario as YAML with every default filled in and a comment for each key; loading it gives an equal
  /// scenario.
  ///
  /// The first arm is written out, the others as what they set differently. A sweep is written as what it varies, not
  /// as its cells.
  package func resolvedText() -> String {
    let arms = unswept.isEmpty ? self.arms : unswept
    guard let first = arms.first else { return "" }
    let entries = ScenarioDraft.record.entries(of: ScenarioDraft(self, first.settings))
    var lines = Self.heading + lines(of: entries, indentation: "")
    if arms.count > 1 || first.name != first.settings.strategy.usualArmName {
      lines.append("arms:")
      for arm in arms { lines += self.lines(of: arm, against: entries) }
    }
    if !sweep.isEmpty { lines.append("sweep:") }
    for axis in sweep { lines.append("  \(axis.path): [\(axis.values.joined(separator: ", "))]") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every key of a scenario by its dotted path, with the value that an arm gives it.
  package func values(of arm: Arm) -> [(path: String, text: String)] {
    Self.leaves(ScenarioDraft.record.entries(of: ScenarioDraft(self, arm.settings)), "")
  }

  private static var heading: [String] {
    let laws = LawDefinition.all.filter { $0 !== LawDefinition.constant }.map { "{\($0.name): \($0.example)}" }
    return wrapped(
      "Every key with its value and what it allows. A law is one of \(laws.joined(separator: ", ")); mean and cv also do.",
      "")
  }

  private func lines(of entries: [ResolvedEntry], indentation: String) -> [String] {
    entries.filter { !$0.isHidden }.flatMap { entry -> [String] in
      switch entry.content {
      case .leaf(let text):
        return commented("\(indentation)\(entry.key): \(text)", entry.help, indentation)
      case .group(let inner):
        return commented("\(indentation)\(entry.key):", entry.help, indentation)
          + lines(of: inner, indentation: indentation + "  ")
      }
    }
  }

  /// A line with its comment behind it, or above it where that would be too long.
  private func commented(_ line: String, _ comment: String, _ indentation: String) -> [String] {
    let column = 40
    let padded = line.count < column ? line + String(repeating: " ", count: column - line.count) : line + "  "
    let whole = "\(padded)# \(comment)"
    return whole.count <= 120 ? [whole] : Self.wrapped(comment, indentation) + [line]
  }

  private static func wrapped(_ comment: String, _ indentation: String) -> [String] {
    var lines = [indentation + "#"]
    for word in comment.split(separator: " ") {
      if lines[lines.count - 1].count + word.count >= 120 { lines.append(indentation + "#") }
      lines[lines.count - 1] += " " + word
    }
    return lines
  }

  private func lines(of arm: Arm, against entries: [ResolvedEntry]) -> [String] {
    let own = ScenarioDraft.record.entries(of: ScenarioDraft(self, arm.settings))
    let differences = zip(Self.leaves(own, ""), Self.leaves(entries, "")).filter { $0.text != $1.text }
    let name = "  " + yamlText(arm.name)
    guard !differences.isEmpty else { return ["\(name): {}"] }
    return ["\(name):"] + differences.map { "    \($0.0.path): \($0.0.text)" }
  }

  /// All values by their dotted paths; the same paths for every arm.
  private static func leaves(_ entries: [ResolvedEntry], _ prefix: String) -> [(path: String, text: String)] {
    entries.flatMap { entry -> [(path: String, text: String)] in
      switch entry.content {
      case .leaf(let text): [(prefix + entry.key, text)]
      case .group(let inner): leaves(inner, prefix + entry.key + ".")
      }
    }
  }
}

/// A text as a YAML scalar that reads as this text: plain where that is safe, else in double quotes.
func yamlText(_ text: String) -> String {
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
