// SPDX-License-Identifier: GPL-3.0-or-later

/// All that a scenario can choose at one key: the topologies, the laws.
package struct Catalogue: Sendable {
  /// In the plural, as `starling list` takes it.
  package let name: String
  /// What they are, in a sentence without its full stop.
  package let meaning: String
  /// How a scenario chooses one, as lines of YAML.
  package let usage: String
  package let definitions: [any Definition]

  package init(_ name: String, meaning: String, usage: String, _ definitions: [any Definition]) {
    (self.name, self.meaning, self.usage, self.definitions) = (name, meaning, usage, definitions)
  }

  package var facts: [DefinitionFacts] { definitions.map { DefinitionFacts($0) } }
}

extension Catalogue {
  /// The definitions with their parameters as plain text.
  ///
  /// - Parameter width: in characters; only words that are longer pass it.
  package func text(width: Int) -> String {
    var lines = wrapped("\(name): \(meaning).", first: "", rest: "  ", width: width)
    for facts in facts {
      lines += [""] + wrapped(facts.meaning, first: facts.name + "  ", rest: "    ", width: width)
      for parameter in facts.parameters {
        let pieces = [parameter.meaning, parameter.allowed, parameter.presence, parameter.example.map { "such as \($0)" }]
        let text = pieces.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
        lines += wrapped(text, first: "  " + parameter.name + ": ", rest: "      ", width: width)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The definitions with their parameters as a page of Markdown.
  package var page: String {
    var blocks = ["# \(name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " "))", "\(meaning.prefix(1).uppercased() + meaning.dropFirst())."]
    blocks.append("```yaml\n\(usage)\n```")
    for facts in facts {
      blocks += ["## \(facts.name)", "\(facts.meaning.prefix(1).uppercased() + facts.meaning.dropFirst())."]
      guard !facts.parameters.isEmpty else { continue }
      let rows = facts.parameters.map { parameter in
        "| `\(parameter.name)` | \(parameter.meaning) | \(parameter.allowed) | \(parameter.presence ?? "may be left out") |"
          .replacing("\n", with: " ")
      }
      blocks.append((["| parameter | meaning | values | |", "|---|---|---|---|"] + rows).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }
}

/// A text in lines: the first begins with one prefix, the others with another.
private func wrapped(_ text: String, first: String, rest: String, width: Int) -> [String] {
  var lines = [first]
  var isEmpty = true
  for word in text.split(separator: " ") {
    let last = lines[lines.count - 1]
    if !isEmpty, last.count + 1 + word.count > width {
      lines.append(rest + word)
    } else {
      lines[lines.count - 1] = last + (isEmpty ? "" : " ") + word
    }
    isEmpty = false
  }
  return lines
}
