// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Quantities
import Scenarios
import Schema

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a scenario can choose, such as topologies or laws.",
    discussion: """
      Without a kind: which kinds there are.

      Examples:
        starling list
        starling list topologies
        starling list laws --json
      """)

  /// A kind of things as one entry of a JSON document.
  private struct Entry: Encodable {
    let name: String
    let meaning: String
    let definitions: [DefinitionFacts]
  }

  @ArgumentParser.Argument(help: "One of the kinds: \(Catalogue.all.map(\.name).joined(separator: ", ")).")
  var kind: String?
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func run() throws {
    try reporting {
      let chosen = try catalogues()
      if json {
        try Terminal.printJSON(chosen.map { Entry(name: $0.name, meaning: $0.meaning, definitions: $0.facts) })
      } else if kind == nil {
        try Terminal.print(chosen.map { $0.summary(width: Terminal.style.width) }.joined(separator: "\n"))
      } else {
        try Terminal.print(chosen.map { $0.text(width: Terminal.style.width) }.joined(separator: "\n\n"))
      }
    }
  }

  /// The kind that is asked for, or all.
  private func catalogues() throws -> [Catalogue] {
    guard let kind else { return Catalogue.all }
    if let catalogue = Catalogue.all.first(where: { $0.name == kind }) { return [catalogue] }
    let names = Catalogue.all.map(\.name)
    let guess = nearest(to: kind, among: names).map { "did you mean '\($0)'?" } ?? "there are \(alternatives(names))"
    throw Failure(.usage, "error: there is no list of '\(kind)': \(guess)")
  }
}
