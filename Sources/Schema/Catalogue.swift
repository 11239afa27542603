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
  /// What they are and how many, as plain text.
  package func summary(width: Int) -> String {
    wrapped("\(name): \(meaning); \(definitions.count)", first: "", rest: "  ", width: width).joined(separator: "\n")
  }

  /// The definitions with their parameters as plain text.
  ///
  /// - Parameter width: in characters; only words that are longer pass it.
  package func text(width: Int) -> String {
    var lines = wrapped("\(name): \(meaning).", first: "", rest: "  ", width: width)
    for facts in facts {
      lines += [""] + wrapped(facts.meaning, first: facts.name + "  ", rest: "    ", width: width)
      if let source = facts.source { lines += wrapped("source: \(source)", first: "  ", rest: "      ", width: width) }
      for property in facts.properties {
        lines += wrapped(property.value, first: "  \(property.name): ", rest: "      ", width: width)
      }
      for parameter in facts.parameters {
        let example = parameter.example.flatMap { parameter.allowed.contains($0) ? nil : "such as \($0)" }
        let pieces = [parameter.meaning, parameter.allowed, parameter.presence, example]
        let text = pieces.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
        lines += wrapped(text, first: "  " + parameter.name + ": ", rest: "      ", width: width)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The definitions with their parameters as a page of Markdown.
  package var page: String {
    var blocks = [
      "<!-- Made by `starling reference`; change the definitions instead. -->", "# \(Self.title(name))",
      "\(Self.capitalised(meaning)).", "```yaml\n\(usage)\n```",
    ]
    for facts in facts {
      blocks += ["## \(facts.name)", "\(Self.capitalised(facts.meaning))."]
      if let source = facts.source { blocks.append("Source: \(source).") }
      if !facts.properties.isEmpty {
        blocks.append(
          Self.capitalised(facts.properties.map { "\($0.name): \($0.value)" }.joined(separator: "; ")) + ".")
      }
      guard !facts.parameters.isEmpty else { continue }
      let rows = facts.parameters.map { parameter in
        let presence = parameter.presence ?? "may be left out"
        return "| `\(parameter.name)` | \(parameter.meaning) | \(parameter.allowed) | \(presence) |"
      }
      blocks.append((["| parameter | meaning | values | |", "|---|---|---|---|"] + rows).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// A name as it heads a page.
  package static func title(_ name: String) -> String { capitalised(name.split(separator: "-").joined(separator: " ")) }

  package static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
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
