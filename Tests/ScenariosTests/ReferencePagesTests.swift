// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Schema
import Testing

/// The committed pages.
private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("docs/reference")

/// A page that differs is made again by `starling reference --output docs/reference`.
@Test(arguments: ReferencePages.all.map(\.file)) func theCommittedPageIsTheOneThatIsMade(_ file: String) throws {
  let made = try #require(ReferencePages.all.first { $0.file == file }).text
  let committed = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
  #expect(committed == made)
}

@Test func noPageIsLeftOfWhatIsGone() throws {
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
  #expect(Set(files) == Set(ReferencePages.all.map(\.file)))
}

@Test(arguments: Catalogue.all.map(\.name)) func everyDefinitionSaysWhatItIsOnOneLine(_ name: String) throws {
  let catalogue = try #require(Catalogue.all.first { $0.name == name })
  let names = catalogue.definitions.map(\.name)
  #expect(Set(names).count == names.count)
  for definition in catalogue.definitions {
    let texts = [definition.meaning] + definition.parameters.map(\.meaning)
    #expect(texts.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") && !$0.contains("\n") }, "\(definition.name)")
    #expect(definition.meaning.first.map { !$0.isUppercase } ?? false, "\(definition.name)")
  }
}

/// What shows how a kind is chosen is a piece of a scenario.
@Test(arguments: Catalogue.all.map(\.name)) func theUsageOfAKindKeepsToTheSchema(_ name: String) throws {
  let catalogue = try #require(Catalogue.all.first { $0.name == name })
  let document = try #require(try yamlDocument(catalogue.usage))
  let faults = SchemaValidator(root: ScenarioSchema.current.jsonSchema).faults(in: document)
  #expect(faults.allSatisfy { $0.hasSuffix(": required") || $0.hasSuffix(": oneOf") }, "\(faults)")
}

@Test(arguments: [40, 80, 120]) func listsKeepToTheirWidth(_ width: Int) {
  for catalogue in Catalogue.all {
    for line in catalogue.text(width: width).split(separator: "\n") {
      #expect(line.count <= width || line.split(separator: " ").contains { $0.count > width / 2 }, "\(line)")
    }
  }
}
