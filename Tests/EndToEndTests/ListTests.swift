// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite(.serialized) struct ListTests {
  @Test(arguments: [
    "", "tasks", "environments", "learners", "strategies", "outages", "disturbances", "topologies", "combination-rules",
    "laws", "metrics", "presets", "losses", "latencies", "bandwidths",
  ])
  func aListIsTheTextThatWasAgreedOn(_ kind: String) throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try program.finish(program.start(["list"] + (kind.isEmpty ? [] : [kind]), in: folder), in: folder)
      #expect(outcome.status == 0)
      let name = kind.isEmpty ? "list" : "list-\(kind)"
      let golden = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Resources"))
      #expect(outcome.output == String(decoding: try Data(contentsOf: golden), as: UTF8.self))
    }
  }

  @Test func theListIsADocumentToo() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try program.call("list", "topologies", "--json", in: folder)
      let kinds = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
      let definitions = try #require(kinds?.first?["definitions"] as? [[String: Any]])
      let geometric = try #require(definitions.first { $0["name"] as? String == "random-geometric" })
      let parameters = try #require(geometric["parameters"] as? [[String: Any]])
      #expect(parameters.map { $0["name"] as? String } == ["agents", "radius", "mean-degree"])
      #expect(parameters[0]["required"] as? Bool == true && parameters[1]["required"] as? Bool == false)
      #expect(parameters[1]["alternatives"] as? [String] == ["mean-degree"])
      let ring = try #require(definitions.first { $0["name"] as? String == "ring" }?["parameters"] as? [[String: Any]])
      #expect(ring.first { $0["name"] as? String == "directed" }?["default"] as? String == "false")
    }
  }

  @Test func anUnknownKindIsAMistakeOfUsage() throws {
    let program = try Program()
    try withFolder { folder in
      let outcome = try program.call("list", "topology", in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.error.contains("there is no list of 'topology'"))
    }
  }

  @Test func theSchemaAndThePagesAreWritten() throws {
    let program = try Program()
    try withFolder { folder in
      let schema = try program.call("schema", in: folder)
      #expect(try JSONSerialization.jsonObject(with: Data(schema.output.utf8)) is [String: Any])
      let outcome = try program.call("reference", "--output", "pages", in: folder)
      #expect(outcome.status == 0)
      let written = try Data(contentsOf: folder.appendingPathComponent("pages/scenario.schema.json"))
      #expect(String(decoding: written, as: UTF8.self) == schema.output)
      #expect(try program.call("reference", "--output", "pages/laws.md", in: folder).status == 73)
    }
  }
}
