// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Randomness
import Schema

/// Values of any kind, for the parameters of definitions.
extension Codec<Argument> {
  package static func value(_ kind: Kind) -> Codec {
    switch kind {
    case .list(.edge): return edges
    case .list(let element): return Codec<Argument>.value(element).list.map({ .list($0) }, { $0.list ?? [] })
    case .law(let rule): return Codec<Distribution>.law(rule).map({ .special($0) }, { $0.law })
    case .described(let inner, _):
      let codec = value(inner)
      return Codec(kind, read: codec.read, write: codec.write)
    case .either(let kinds):
      return Codec(
        kind,
        read: { (tree, path) throws(ScenarioError) -> Argument in
          guard let fitting = kinds.first(where: { $0.mayBe(tree) }) else {
            throw mistyped(tree, path, mustBe: kind.allowed)
          }
          return try value(fitting).read(tree, path)
        },
        write: { argument in
          kind.text(of: argument) ?? kinds.first { $0.takes(argument) }.map { value($0).write(argument) } ?? "none"
        })
    default:
      return Codec(
        kind, read: { (tree, path) throws(ScenarioError) -> Argument in try tree.value(of: kind, path) },
        write: { kind.text(of: $0) ?? "none" })
    }
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
  /// Whether what stands at a place is to be read as this one of several kinds.
  fileprivate func mayBe(_ tree: Tree) -> Bool {
    switch (self, tree.content) {
    case (.described(let kind, _), _): kind.mayBe(tree)
    case (.word(let word), .text(let text)): word == text
    case (.word, _): false
    case (.list, .list), (.edge, .list): true
    case (.list, _), (.edge, _): false
    case (.record, .map), (.oneOf, .map), (.dictionary, .map): true
    case (.record, _), (.oneOf, _), (.dictionary, _): false
    default: true
    }
  }

  /// Whether a value that a room above writes is of this kind.
  fileprivate func takes(_ value: Argument) -> Bool {
    switch (self, value) {
    case (.described(let kind, _), _): kind.takes(value)
    case (.law, .special), (.list(.edge), .special): true
    default: text(of: value) != nil
    }
  }
}

extension Argument {
  /// A law: itself, or the number that it always gives.
  package var law: Distribution {
    guard let law: Distribution = special() ?? number.map(Distribution.constant) else {
      preconditionFailure("A law is written for \(self).")
    }
    return law
  }
}
