// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Randomness
import Schema

/// Values of any kind, for the parameters of definitions.
extension Codec<Argument> {
  package static func value(_ kind: Kind) -> Codec {
    switch kind {
    case .list(.edge): return edges
    case .table: return table
    case .command: return command
    case .trace(let form): return trace(form)
    case .linkMatrix(let form): return linkMatrix(form)
    case .ofLinks(let aspect): return ofLinks(aspect)
    case .list(let element), .listPerAgent(let element):
      return Codec<Argument>.value(element).list.map({ .list($0) }, { $0.list ?? [] })
    case .dictionary(let element): return dictionary(element, kind)
    case .law(let rule): return Codec<Distribution>.law(rule).map({ .special($0) }, { $0.law })
    case .described(let inner, _):
      let codec = value(inner)
      return Codec(kind, read: codec.read, write: codec.write)
    case .either(let kinds):
      return Codec(
        kind,
        read: { (tree, path) throws(ScenarioError) -> Argument in
          let words = kinds.first { $0.isWord && $0.mayBe(tree) }
          guard let fitting = words ?? kinds.first(where: { $0.mayBe(tree) }) else {
            throw mistyped(tree, path, mustBe: kind.allowed, kind: kind)
          }
          return try read(tree, path, as: [fitting] + kinds.filter { $0 != fitting && $0.mayBe(tree) && $0.isText })
        },
        write: { argument in
          kind.text(of: argument) ?? kinds.first { $0.takes(argument) }.map { value($0).write(argument) } ?? "none"
        })
    case .record(let parameters):
      return record(parameters, kind) { (values, _, _) throws(ScenarioError) -> Arguments in
        values.completed(by: parameters)
      }
    case .oneOf(let parameters):
      let optional = parameters.map { Parameter($0.name, $0.kind, $0.meaning, .optional, example: $0.example) }
      return record(optional, kind) { (values, tree, path) throws(ScenarioError) -> Arguments in
        guard values.values.count == 1 else { throw mistyped(tree, path, mustBe: kind.allowed) }
        return values
      }
    default:
      return Codec(
        kind, read: { (tree, path) throws(ScenarioError) -> Argument in try tree.value(of: kind, path) },
        write: { kind.text(of: $0) ?? "none" })
    }
  }

  /// Reads a value as the first of several kinds that it can be read as; where it is none of them, the first says why.
  private static func read(_ tree: Tree, _ path: String, as kinds: [Kind]) throws(ScenarioError) -> Argument {
    do {
      return try value(kinds[0]).read(tree, path)
    } catch {
      for kind in kinds.dropFirst() {
        if let argument = try? value(kind).read(tree, path) { return argument }
      }
      throw error
    }
  }

  /// A map with known keys.
  private static func record(
    _ parameters: [Parameter], _ kind: Kind,
    _ settle: @escaping (Arguments, Tree, String) throws(ScenarioError) -> Arguments
  ) -> Codec {
    let record = Record(
      parameters.map { parameter in
        let path = \Arguments.[parameter.name]
        return Field(
          parameter.name, path, value(parameter.kind).orWord(), parameter.meaning,
          required: parameter.presence == .required, hidden: { $0[keyPath: path] == nil })
      })
    return Codec(
      kind,
      read: { (tree, path) throws(ScenarioError) -> Argument in
        var values = Arguments()
        try record.read(tree, path, into: &values)
        return .record(try settle(values, tree, path))
      }, write: { record.inline($0.record ?? Arguments()) })
  }

  /// A map with keys that the writer chooses, in their order.
  private static func dictionary(_ element: Kind, _ kind: Kind) -> Codec {
    Codec(
      kind,
      read: { (tree, path) throws(ScenarioError) -> Argument in
        guard let entries = tree.entries, !entries.isEmpty else { throw mistyped(tree, path, mustBe: kind.allowed) }
        var values: [(name: String, value: Argument)] = []
        var faults = Faults()
        for entry in entries {
          let key = "\(path).\(entry.key)"
          let value = faults.gather(at: key) { () throws(ScenarioError) in
            try Codec<Argument>.value(element).read(entry.value, key)
          }
          if let value { values.append((entry.key, value)) }
        }
        try faults.finish()
        return .entries(values)
      }, write: { kind.text(of: $0) ?? "none" })
  }

  private static var edges: Codec {
    let list = edgeCodec.list
    return Codec(
      .edges, read: { (tree, path) throws(ScenarioError) -> Argument in .edges(try list.read(tree, path)) },
      write: { list.write($0.edges ?? []) })
  }

  private static var edgeCodec: Codec<NetworkSettings.Edge> {
    let name = Codec<String>.line
    let weight = Codec<Double>.quantity(.number, .notNegative)
    return Codec<NetworkSettings.Edge>(
      .edge,
      read: { (tree, path) throws(ScenarioError) -> NetworkSettings.Edge in
        guard case .list(let items) = tree.content, items.count == 2 || items.count == 3 else {
          throw mistyped(tree, path, mustBe: Kind.edge.allowed)
        }
        let ends = (try name.read(items[0], "\(path)[0]"), try name.read(items[1], "\(path)[1]"))
        guard ends.0 != ends.1 else { throw tree.error("\(path) links '\(ends.0)' with itself") }
        guard items.count == 2 || items[2].text.flatMap(numberAndUnit) != nil else {
          throw mistyped(tree, path, mustBe: Kind.edge.allowed)
        }
        let given = items.count == 3 ? try weight.read(items[2], "\(path)[2]") : nil
        return NetworkSettings.Edge(ends.0, ends.1, weight: given)
      },
      write: { edge in
        let texts = [name.write(edge.first), name.write(edge.second)] + (edge.weight.map { [weight.write($0)] } ?? [])
        return "[" + texts.joined(separator: ", ") + "]"
      })
  }
}

extension Kind {
  fileprivate var isWord: Bool { if case .word = self { true } else { false } }

  /// Whether what stands at a place is to be read as this one of several kinds.
  fileprivate func mayBe(_ tree: Tree) -> Bool {
    switch (self, tree.content) {
    case (.described(let kind, _), _): kind.mayBe(tree)
    case (.word(let word), .text(let text)): word == text
    case (.word, _): false
    case (.list, .list), (.listPerAgent, .list), (.edge, .list), (.command, .list): true
    case (.list, _), (.listPerAgent, _), (.edge, _), (.command, _): false
    case (.record, .map), (.oneOf, .map), (.dictionary, .map), (.trace, .map), (.linkMatrix, .map): true
    case (.record, _), (.oneOf, _), (.dictionary, _), (.trace, _), (.linkMatrix, _): false
    default: true
    }
  }

  /// Whether a value that a room above writes is of this kind.
  fileprivate func takes(_ value: Argument) -> Bool {
    switch (self, value) {
    case (.described(let kind, _), _): kind.takes(value)
    case (.ofLinks, .special), (.linkMatrix, .record): true
    case (.law, .special), (.table, .special), (.trace, .special), (.list(.edge), .special): true
    case (.record, .record), (.oneOf, .record): true
    default: text(of: value) != nil
    }
  }
}
