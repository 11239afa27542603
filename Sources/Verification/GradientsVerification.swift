// SPDX-License-Identifier: GPL-3.0-or-later

/// Kind `gradients`: losses, gradients and moves of neural networks, and what rewards say of values, as automatic
/// differentiation in double precision computed them. A file has a list of cases for each of its parts; one that
/// Starling cannot run yet is reported as skipped.
struct GradientsVerification: ReferenceCase {
  static let kind = "gradients"

  private static let parts: [any GradientCase.Type] = [
    TrainedNetworkGradients<GaussianActor>.self, TrainedNetworkGradients<Critic>.self, DiffusionRoundGradients.self,
    TrainedNetworkGradients<CategoricalActor>.self, DistralGradients.self, SoftActorCriticGradients.self,
    ReturnsFromRewards.self, GumbelSoftmaxGradients.self, MutualInformationRewards.self,
  ]
  /// Keys that say how the file was made.
  private static let remarks: Set = ["torch", "dtype"]

  private let cases: [(part: String, cases: [any GradientCase])]
  /// Parts that Starling cannot run yet, in the order of the alphabet.
  private let unknownParts: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: PartKey.self)
    func decode<Case: GradientCase>(_ type: Case.Type) throws -> [any GradientCase] {
      try container.decode([Case].self, forKey: PartKey(stringValue: type.part))
    }
    let present = Set(container.allKeys.map(\.stringValue))
    cases = try Self.parts.filter { present.contains($0.part) }.map { type in
      (Reference.snakeCase(type.part), try decode(type))
    }
    let known = Self.remarks.union(Self.parts.map { $0.part })
    unknownParts = container.allKeys.map(\.stringValue).filter { !known.contains($0) }.map(Reference.snakeCase).sorted()
  }

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for (part, cases) in cases {
      guard !cases.isEmpty else { throw ReferenceError("the part '\(part)' has no cases.") }
      for (number, one) in cases.enumerated() {
        var comparison = GradientComparison(reference: "\(Self.kind)/\(part)/\(number)")
        do {
          try one.compare(&comparison)
        } catch let error as ReferenceError {
          throw ReferenceError("\(part)[\(number)]: \(error.description)")
        }
        report.checks += comparison.checks
      }
    }
    report.skipped = unknownParts.map { .init(reference: "\(Self.kind)/\($0)", kind: $0) }
    return report
  }

  private struct PartKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A case of a part of the reference of gradients.
protocol GradientCase: Decodable, Sendable {
  /// The key of the part, as Swift spells it.
  static var part: String { get }

  /// - Throws: if the case asks for something that cannot be.
  func compare(_ comparison: inout GradientComparison) throws
}

/// What a case of the reference of gradients expects, beside what was seen.
struct GradientComparison {
  /// On gradients relative to their largest entry, on everything else absolute. `references/rl/README.md` sets both.
  private static let bar = 1e-10

  let reference: String
  private(set) var checks: [VerificationReport.Check] = []

  init(reference: String) { self.reference = reference }

  mutating func numbers(_ quantity: String, _ seen: [Double], _ expected: [Double]) {
    add("error of \(quantity)", largestDifference(seen, expected))
  }

  mutating func number(_ quantity: String, _ seen: Double, _ expected: Double) {
    numbers(quantity, [seen], [expected])
  }

  /// Relative to the largest number that is expected, where that is above one.
  mutating func scaled(_ quantity: String, _ seen: [Double], _ expected: [Double]) {
    let scale = expected.reduce(1) { max($0, abs($1)) }
    add("error of \(quantity)", largestDifference(seen, expected) / scale)
  }

  mutating func scaled(_ quantity: String, _ seen: Double, _ expected: Double) { scaled(quantity, [seen], [expected]) }

  mutating func gradient(_ quantity: String, _ seen: [Double], _ expected: [Double]) {
    add("relative error, \(quantity)", relativeDifference(seen, expected))
  }

  private mutating func add(_ quantity: String, _ error: Double) {
    checks.append(.init(reference: reference, quantity: quantity, expected: 0, seen: error, bar: Self.bar))
  }
}
