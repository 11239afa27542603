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

  /// Keys for the parameters of definitions, one for each name. Parameters of one name have one kind, or the words of one
  /// are not those of the other.
  ///
  /// - Parameter special: what stands in place of parameters that the definitions do not agree on, by their names.
  static func parameters(
    of lists: [[Parameter]], _ values: WritableKeyPath<Root, Arguments>, special: [Parameter] = []
  ) -> [Field] {
    var all: [Parameter] = []
    for parameter in lists.joined() {
      guard let known = all.firstIndex(where: { $0.name == parameter.name }) else {
        all.append(special.first { $0.name == parameter.name } ?? parameter)
        continue
      }
      all[known] = all[known].joined(with: parameter)
    }
    return all.map { parameter in
      let keyPath = values.appending(path: \Arguments.[parameter.name])
      return Field(
        parameter.name, keyPath, .parameter(parameter), parameter.meaning,
        keysBelow: parameter.kind.keysBelow, hidden: { $0[keyPath: keyPath] == nil })
    }
  }
}

extension Codec<Argument?> {
  /// A parameter of the chosen definition, or of one that is not; `none` takes it out again where an arm inherits it.
  fileprivate static func parameter(_ parameter: Parameter) -> Codec {
    let value = Codec<Argument>.value(parameter.kind)
    let usual = parameter.usualText ?? "none"
    return Codec(
      parameter.kind,
      read: { (tree, path) throws(ScenarioError) -> Argument? in
        tree.text == "none" ? nil : try value.read(tree, path)
      }, write: { $0.map(value.write) ?? usual })
  }
}

extension Parameter {
  /// A parameter that takes the words of two of one name, and has a default where both have it.
  fileprivate func joined(with other: Parameter) -> Parameter {
    let presence = presence == other.presence ? presence : .optional
    guard let both = kind.taking(wordsOf: other.kind) else {
      return Parameter(name, kind, meaning, presence, example: example)
    }
    let meanings = meaning == other.meaning ? meaning : "\(meaning); or \(other.meaning)"
    return Parameter(name, both, meanings, presence)
  }
}

extension Kind {
  /// The keys of a map, where it may be one.
  fileprivate var keysBelow: [SchemaKey] {
    switch self {
    case .described(let kind, _): kind.keysBelow
    case .either(let kinds): kinds.flatMap(\.keysBelow)
    case .record(let parameters):
      parameters.flatMap { parameter in
        [SchemaKey(path: parameter.name, isGroup: false)]
          + parameter.kind.keysBelow.map { SchemaKey(path: "\(parameter.name).\($0.path)", isGroup: $0.isGroup) }
      }
    default: []
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
