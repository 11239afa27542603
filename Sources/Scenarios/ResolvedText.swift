// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Schema

extension Scenario {
  /// The whole scenario as YAML with every default filled in and a comment for each key; loading it gives an equal
  /// scenario.
  ///
  /// The first arm is written out, the others as what they set differently. A sweep is written as what it varies, not
  /// as its cells.
  ///
  /// - Parameter values: `values` where the caller has them.
  package func resolvedText(_ values: [[ResolvedValue]]? = nil) -> String {
    let arms = unswept.isEmpty ? self.arms : unswept
    guard let first = arms.first else { return "" }
    let entries = ScenarioDraft.record.entries(of: ScenarioDraft(self, first.settings))
    let consequent = unswept.isEmpty ? [] : consequentPaths(values ?? self.values)
    let omitted = consequent.reduce(into: Set<String>()) { $0.formUnion($1) }
    var lines = Self.heading + lines(of: entries, below: "", indentation: "", omitting: omitted)
    if arms.count > 1 || first.name != first.settings.strategy.usualArmName {
      lines.append("arms:")
      for (position, arm) in arms.enumerated() {
        let own = consequent.isEmpty ? [] : omitted.subtracting(consequent[position])
        lines += self.lines(of: arm, against: entries, stating: own, omitting: omitted)
      }
    }
    if !sweep.isEmpty { lines.append("sweep:") }
    for axis in sweep { lines.append("  \(axis.path): [\(axis.values.joined(separator: ", "))]") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every key of a scenario by its dotted path, with the value that each arm gives it.
  package var values: [[ResolvedValue]] { arms.map { values(of: $0) } }

  /// Every key of a scenario by its dotted path, with the value that an arm gives it.
  package func values(of arm: Arm) -> [ResolvedValue] {
    Self.leaves(ScenarioDraft.record.entries(of: ScenarioDraft(self, arm.settings)), "", isHidden: false).map { value in
      arm.presets[value.path].map { ResolvedValue(path: value.path, text: $0, isHidden: value.isHidden) } ?? value
    }
  }

  /// For each arm of a sweep the keys whose values follow from those that are swept, as the missing-neighbour rule does
  /// from the timing. Written out they would hold for all cells.
  private func consequentPaths(_ values: [[ResolvedValue]]) -> [Set<String>] {
    let inner = arms.count / unswept.count
    return unswept.indices.map { position in
      let base = values[position * inner]
      var differing: Set<String> = []
      for cell in values[position * inner..<(position + 1) * inner] {
        for (own, other) in zip(cell, base) where own.text != other.text { differing.insert(own.path) }
      }
      return differing.filter { path in
        !sweep.contains { $0.path == path || $0.path.hasPrefix(path + ".") }
      }
    }
  }

  private static var heading: [String] {
    let laws = LawDefinition.all.filter { $0 !== LawDefinition.constant }.map { "{\($0.name): \($0.example)}" }
    return wrapped(
      "Every key with its value and what it allows. A law is one of \(laws.joined(separator: ", ")); mean and cv also do.",
      "")
  }

  private func lines(
    of entries: [ResolvedEntry], below path: String, indentation: String, omitting omitted: Set<String>
  ) -> [String] {
    entries.filter { !$0.isHidden && !omitted.contains(path + $0.key) }.flatMap { entry -> [String] in
      switch entry.content {
      case .leaf(let text):
        return commented("\(indentation)\(entry.key): \(text)", entry.help, indentation)
      case .group(let inner):
        return commented("\(indentation)\(entry.key):", entry.help, indentation)
          + lines(of: inner, below: "\(path)\(entry.key).", indentation: indentation + "  ", omitting: omitted)
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

  private func lines(
    of arm: Arm, against entries: [ResolvedEntry], stating stated: Set<String>, omitting omitted: Set<String>
  ) -> [String] {
    let settings = zip(values(of: arm), Self.leaves(entries, "", isHidden: false)).filter { own, first in
      stated.contains(own.path) || (own.text != first.text && !omitted.contains(own.path))
    }
    let name = "  " + yamlText(arm.name)
    guard !settings.isEmpty else { return ["\(name): {}"] }
    return ["\(name):"] + settings.map { "    \($0.0.path): \($0.0.text)" }
  }

  /// All values by their dotted paths; the same paths for every arm.
  static func leaves(_ entries: [ResolvedEntry], _ prefix: String, isHidden: Bool) -> [ResolvedValue] {
    entries.flatMap { entry -> [ResolvedValue] in
      let isHidden = isHidden || entry.isHidden
      switch entry.content {
      case .leaf(let text): return [ResolvedValue(path: prefix + entry.key, text: text, isHidden: isHidden)]
      case .group(let inner): return leaves(inner, prefix + entry.key + ".", isHidden: isHidden)
      }
    }
  }
}

/// A key with the value that an arm gives it.
package struct ResolvedValue: Sendable {
  /// Dotted.
  package let path: String
  package let text: String
  /// Whether the key says nothing beside the other choices of the arm.
  package let isHidden: Bool
}
