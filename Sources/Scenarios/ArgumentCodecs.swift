// SPDX-License-Identifier: GPL-3.0-or-later
import Networks

extension Codec<Argument> {
  /// A value of a parameter of a topology or a combination rule.
  static func argument(_ kind: Parameter.Kind) -> Codec {
    switch kind {
    case .count(let range):
      wrapping(.count(range), { .count($0) }, { if case .count(let value) = $0 { value } else { nil } })
    case .number(let lower, let includesLower, let upper):
      number(.quantity(.number, Bounds(lower: lower, includesLower: includesLower, upper: upper)))
    case .probability:
      number(.quantity(.share, .share))
    case .flag:
      wrapping(.flag, { .flag($0) }, { if case .flag(let value) = $0 { value } else { nil } })
    case .counts(let range):
      wrapping(
        Codec<Int>.count(range).list, { .counts($0) }, { if case .counts(let value) = $0 { value } else { nil } })
    case .names:
      wrapping(Codec<String>.line.list, { .names($0) }, { if case .names(let value) = $0 { value } else { nil } })
    case .edges:
      wrapping(edgeCodec.list, { .edges($0) }, { if case .edges(let value) = $0 { value } else { nil } })
    case .perAgent:
      perAgent
    case .matrix:
      wrapping(
        matrixCodec, { .matrix($0) }, { if case .matrix(let value) = $0 { value } else { nil } })
    }
  }

  /// What stands in a scenario for the noise variance of each agent.
  private static let noiseVarianceWord = "noise-variance"

  private static func wrapping<Wrapped>(
    _ codec: Codec<Wrapped>, _ wrap: @escaping (Wrapped) -> Argument, _ unwrap: @escaping (Argument) -> Wrapped?
  ) -> Codec {
    Codec(
      allowed: codec.allowed,
      read: { (tree, path) throws(ScenarioError) -> Argument in wrap(try codec.read(tree, path)) },
      write: { unwrap($0).map(codec.write) ?? "none" })
  }

  private static func number(_ codec: Codec<Double>) -> Codec {
    wrapping(codec, { .number($0) }, { if case .number(let value) = $0 { value } else { nil } })
  }

  private static var perAgent: Codec {
    let one = number(.quantity(.number, .positive))
    let numbers = Codec<Double>.quantity(.number, .positive).list
    let list = wrapping(numbers, { .numbers($0) }, { if case .numbers(let value) = $0 { value } else { nil } })
    return Codec(
      allowed: "\(noiseVarianceWord) for that of the agents' data, a number, or a list with one number per agent",
      read: { (tree, path) throws(ScenarioError) -> Argument in
        if tree.text == noiseVarianceWord { return .noiseVariance }
        if case .list = tree.content { return try list.read(tree, path) }
        return try one.read(tree, path)
      },
      write: { argument in
        switch argument {
        case .numbers: list.write(argument)
        case .number: one.write(argument)
        default: noiseVarianceWord
        }
      })
  }

  private static var matrixCodec: Codec<[[Double]]> {
    let rows = Codec<Double>.quantity(.number, .anyNumber).list.list
    return Codec<[[Double]]>(
      allowed: "a list of rows such as [[0.7, 0.3], [0.3, 0.7]]", read: rows.read, write: rows.write)
  }

  private static var edgeCodec: Codec<NetworkSettings.Edge> {
    let name = Codec<String>.line
    let weight = Codec<Double>.quantity(.number, .notNegative)
    let allowed = "two agents such as [a, b], or with a weight [a, b, 0.3]"
    return Codec<NetworkSettings.Edge>(
      allowed: allowed,
      read: { (tree, path) throws(ScenarioError) -> NetworkSettings.Edge in
        guard case .list(let items) = tree.content, items.count == 2 || items.count == 3 else {
          throw mistyped(tree, path, mustBe: allowed)
        }
        let ends = (try name.read(items[0], "\(path)[0]"), try name.read(items[1], "\(path)[1]"))
        guard ends.0 != ends.1 else { throw tree.error("\(path) links '\(ends.0)' with itself") }
        guard items.count == 2 || items[2].text.flatMap(numberAndUnit) != nil else {
          throw mistyped(tree, path, mustBe: allowed)
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
