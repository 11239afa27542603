// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Scenarios
import Schema

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of scenarios, for editors.",
    discussion: """
      Editors with a YAML language server take it from a first line such as
      # yaml-language-server: $schema=scenario.schema.json

      Example:
        starling schema > scenario.schema.json
      """)

  func run() throws {
    try reporting { try Terminal.print(ScenarioSchema.current.jsonSchema.lines()) }
  }
}
