// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// The pages of the reference, all made from what definitions and keys say of themselves.
package enum ReferencePages {
  package struct Page: Sendable {
    /// The name of the file.
    package let file: String
    package let text: String
  }

  /// One page for each kind of definition, one for the keys of scenarios, the way to all of them, and the schema for
  /// editors.
  package static var all: [Page] {
    let catalogues = Catalogue.all.map { Page(file: "\($0.name).md", text: $0.page) }
    let schema = Page(file: "scenario.schema.json", text: ScenarioSchema.current.jsonSchema.lines() + "\n")
    return [Page(file: "README.md", text: contents), Page(file: "keys.md", text: keys)] + catalogues + [schema]
  }

  /// Says where pages come from, for those who would edit them.
  private static let origin = "<!-- Made by `starling reference`; change the definitions instead. -->"

  private static var contents: String {
    let pages = Catalogue.all.map { "- [\(Catalogue.title($0.name))](\($0.name).md): \($0.meaning)" }
    return """
      \(origin)

      # Reference

      - [Keys](keys.md): every key of a scenario, what it means, what it takes and its default
      \(pages.joined(separator: "\n"))
      - [scenario.schema.json](scenario.schema.json): the same for editors, as JSON Schema. A scenario whose first line is
        `# yaml-language-server: $schema=scenario.schema.json` is completed and checked while it is written.

      `starling list` says the same in the terminal.

      """
  }

  /// Every key by its dotted path.
  private static var keys: String {
    let record = ScenarioDraft.record
    let entries = record.entries(of: ScenarioDraft())
    var blocks = [origin, "# Keys", "A key with a dot lies in the map before the dot. What has no default is marked."]
    var rows: [String] = []
    for (field, entry) in zip(record.fields, entries) {
      guard case .group(let inner) = entry.content, case .record(let parameters) = field.parameter.kind else {
        rows.append(row(field.parameter, entry, ""))
        continue
      }
      let lines = Self.rows(parameters, inner, "\(field.key).")
      blocks += ["## \(field.key)", "\(Catalogue.capitalised(entry.help)).", table(lines)]
    }
    blocks.insert(contentsOf: ["## The scenario as a whole", table(rows)], at: 3)
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func table(_ rows: [String]) -> String {
    (["| key | meaning and values | default |", "|---|---|---|"] + rows).joined(separator: "\n")
  }

  private static func rows(_ parameters: [Parameter], _ entries: [ResolvedEntry], _ path: String) -> [String] {
    zip(parameters, entries).flatMap { parameter, entry -> [String] in
      guard case .group(let inner) = entry.content, case .record(let parameters) = parameter.kind else {
        return [row(parameter, entry, path)]
      }
      return rows(parameters, inner, "\(path)\(parameter.name).")
    }
  }

  private static func row(_ parameter: Parameter, _ entry: ResolvedEntry, _ path: String) -> String {
    var value = ""
    if case .leaf(let text) = entry.content, !text.isEmpty, text != "none" { value = "`\(text)`" }
    if parameter.presence == .required { value = "required" }
    return "| `\(path)\(parameter.name)` | \(entry.help) | \(value) |"
  }
}
