// SPDX-License-Identifier: GPL-3.0-or-later
import Schema
import Simulation

extension DisturbanceDefinition {
  /// What is written of the disturbance: its first parameter alone, or a map of its parameters. The keys of a parameter
  /// that is a choice by one of several keys may stand in that map beside the others.
  var codec: Codec<Arguments> {
    let choice = parameters.first { !$0.kind.choices.isEmpty }
    let inline =
      choice.map { choice in
        choice.kind.choices.filter { key in !parameters.contains { $0.name == key.name } }
      } ?? []
    let record = record(hasInline: false, inline)
    let recordBesideInline = self.record(hasInline: true, inline)
    let first = Codec<Argument>.value(parameters[0].kind)
    let name = parameters[0].name
    return Codec(
      // Editors are told of one map, in which the choice is missing where its keys stand beside the others.
      .either([recordBesideInline.kind, parameters[0].kind]),
      read: { (tree, path) throws(ScenarioError) -> Arguments in
        var arguments = Arguments()
        guard let entries = tree.entries else {
          do throws(ScenarioError) {
            arguments[name] = try first.read(tree, path)
          } catch {
            guard error.hint == nil, let guess = tree.text.flatMap(recordBesideInline.kind.wrapping) else {
              throw error
            }
            throw tree.error(error.message, hint: "did you mean \(guess)?", note: error.note)
          }
          try refuseFault(arguments, tree, path)
          return arguments
        }
        let chosen = entries.filter { entry in inline.contains { $0.name == entry.key } }
        try (chosen.isEmpty ? record : recordBesideInline).read(tree, path, into: &arguments)
        if let choice, !chosen.isEmpty {
          try refuseBoth(chosen, choice, tree)
          arguments[choice.name] = try Codec<Argument>.value(choice.kind).read(
            Tree(content: .map(chosen), place: tree.place), path)
        }
        try refuseFault(arguments, tree, path)
        return arguments
      },
      write: { arguments in
        guard arguments.values.count == 1, let value = arguments[name] else { return record.inline(arguments) }
        return first.write(value)
      })
  }

  /// - Parameter hasInline: whether keys of a choice stand beside the parameters, so that it is not missing.
  private func record(hasInline: Bool, _ inline: [Parameter]) -> Record<Arguments> {
    Record(
      parameters.map { parameter in
        let isRequired = parameter.presence == .required && !(hasInline && !parameter.kind.choices.isEmpty)
        return Field(parameter, required: isRequired)
      } + inline.map { Field(reserved: $0.name, $0.kind, $0.meaning) })
  }

  /// Refuses alternatives of which not exactly one is given.
  private func refuseFault(_ arguments: Arguments, _ tree: Tree, _ path: String) throws(ScenarioError) {
    guard let fault = arguments.fault(of: parameters) else { return }
    switch fault.subject {
    case .both(_, let second):
      throw ScenarioError("\(name) \(fault.trouble)", at: tree.keyPlace(of: second), hint: fault.hint)
    default:
      throw tree.error("\(path) \(fault.trouble)")
    }
  }

  private func refuseBoth(_ chosen: [Tree.Entry], _ choice: Parameter, _ tree: Tree) throws(ScenarioError) {
    guard let second = tree.entry(choice.name) ?? chosen.dropFirst().first else { return }
    throw ScenarioError(
      "\(name) has both '\(chosen[0].key)' and '\(second.key)'", at: second.keyPlace, hint: "give one of the two")
  }
}
