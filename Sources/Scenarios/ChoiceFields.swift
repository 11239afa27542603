// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// The keys of a section that says one of several definitions by name and beside it what its parameters are.
///
/// Every definition's parameters are read, whichever is chosen, so that what does not go with the choice is refused by
/// a message that says with what it goes (`Consistency.refuseParameters`).
extension Field {
  /// The key that names the definition.
  ///
  /// - Parameter plural: what messages call all of them.
  init<Chosen: Definition>(
    choice key: String, _ keyPath: WritableKeyPath<Root, Chosen>, of all: [Chosen], _ plural: String, _ help: String,
    required: Bool = false
  ) {
    self.init(key, keyPath, .definition(of: all, plural), help, required: required)
  }

  /// Keys for the parameters of definitions, one for each name. Parameters of one name have one kind.
  ///
  /// - Parameter special: what stands in place of parameters that the definitions do not agree on, by their names.
  static func parameters(
    of lists: [[Parameter]], _ values: WritableKeyPath<Root, Arguments>, special: [Parameter] = []
  ) -> [Field] {
    var all: [Parameter] = []
    for parameter in lists.joined() where !all.contains(where: { $0.name == parameter.name }) {
      all.append(special.first { $0.name == parameter.name } ?? parameter)
    }
    return all.map { parameter in
      let keyPath = values.appending(path: \Arguments.[parameter.name])
      return Field(
        parameter.name, keyPath, Codec<Argument>.value(parameter.kind).orWord(), parameter.meaning,
        hidden: { $0[keyPath: keyPath] == nil })
    }
  }
}

extension Codec where Value: Definition {
  /// One of some definitions by its name.
  fileprivate static func definition(of all: [Value], _ plural: String) -> Codec {
    let names = all.map(\.name)
    return Codec(
      .choice(names),
      read: { (tree, path) throws(ScenarioError) -> Value in
        if let value = all.first(where: { $0.name == tree.text }) { return value }
        let guess = tree.text.flatMap { nearest(to: $0, among: names) }
        guard tree.text != "" else { throw mistyped(tree, path, mustBe: alternatives(names)) }
        throw tree.error(
          "\(path) is \(tree.nameOfKind), not one of the \(plural) there are",
          hint: guess.map { "did you mean '\($0)'?" }, note: "\(plural): " + names.joined(separator: ", "))
      },
      write: \.name)
  }
}
