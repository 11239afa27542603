// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// A preset with the values of its parameters that a scenario gives.
struct PresetChoice: Sendable, Equatable {
  let definition: PresetDefinition
  var arguments = Arguments()

  static func == (left: PresetChoice, right: PresetChoice) -> Bool {
    left.definition.name == right.definition.name && left.arguments == right.arguments
  }
}

/// The section `presets` as it is written.
struct PresetDraft: Sendable, Equatable {
  private var choices: [String: PresetChoice] = [:]

  subscript(_ slot: String) -> PresetChoice? {
    get { choices[slot] }
    set { choices[slot] = newValue }
  }

  /// One key for each slot. They are never shown: what they stand for is.
  static var record: Record<PresetDraft> {
    Record(
      PresetDefinition.Slot.allCases.map { slot in
        Field(
          slot.rawValue, \.[slot.rawValue], PresetChoice.codec(of: slot).orWord(), slot.meaning, hidden: { _ in true })
      })
  }
}

extension PresetChoice {
  /// A name, or a map of one name to parameters.
  static func codec(of slot: PresetDefinition.Slot) -> Codec<PresetChoice> {
    let all = PresetDefinition.all(of: slot)
    let allowed =
      "one of \(all.map { "\($0.name) (\($0.title))" }.joined(separator: ", ")), or a map with its parameters"
    return Codec(
      .described(.either([.line, .dictionary(.dictionary(.anything))]), allowed),
      read: { (tree, path) throws(ScenarioError) -> PresetChoice in
        if let name = tree.text, !name.isEmpty {
          return PresetChoice(definition: try definition(name, among: all, path, at: tree.place))
        }
        guard let entries = tree.entries, entries.count == 1 else { throw mistyped(tree, path, mustBe: allowed) }
        let definition = try definition(entries[0].key, among: all, path, at: entries[0].keyPlace)
        var choice = PresetChoice(definition: definition)
        guard !entries[0].value.isNone, entries[0].value.text != "" else { return choice }
        try parameters(of: definition).read(entries[0].value, "\(path).\(entries[0].key)", into: &choice.arguments)
        return choice
      },
      write: { choice in
        guard !choice.arguments.values.isEmpty else { return choice.definition.name }
        return "{\(choice.definition.name): \(parameters(of: choice.definition).inline(choice.arguments))}"
      })
  }

  private static func parameters(of definition: PresetDefinition) -> Record<Arguments> {
    Record(definition.parameters.map { Field($0, required: false) })
  }

  private static func definition(
    _ name: String, among all: [PresetDefinition], _ path: String, at place: Place
  ) throws(ScenarioError) -> PresetDefinition {
    if let found = all.first(where: { $0.name == name || $0.title == name }) { return found }
    let names = all.flatMap { [$0.name, $0.title] }
    let home = PresetDefinition.all.first { $0.name == name || $0.title == name }?.slot.rawValue
    throw ScenarioError(
      "there is no preset '\(shown(name))' for \(path)", at: place,
      hint: home.map { "'\(name)' goes to presets.\($0)" }
        ?? nearest(to: name, among: names).map { "did you mean '\($0)'?" },
      note: "presets: \(all.map { "\($0.name) \($0.title)" }.joined(separator: ", ")); see 'starling list presets'")
  }
}
