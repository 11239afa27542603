// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension Distribution {
  /// With a probability one law, else the other: a Bernoulli mixture, such as of slow and fast steps.
  package static func mixture(probability: Double, slow: Distribution, fast: Distribution) -> Distribution {
    Distribution(.mixture, probability, table: pairs.table(of: [slow, fast], elements: [slow, fast]))
  }

  fileprivate var probability: Double { first }
  fileprivate var slow: Distribution { laws(table)[0] }
  fileprivate var fast: Distribution { laws(table)[1] }

  /// The mean over both laws of what is known of each; a law that never comes does not count.
  fileprivate func average(_ value: (Distribution) -> Double) -> Double {
    (probability > 0 ? probability * value(slow) : 0) + (probability < 1 ? (1 - probability) * value(fast) : 0)
  }

  /// Of those laws that come at all.
  fileprivate var parts: [Distribution] { (probability > 0 ? [slow] : []) + (probability < 1 ? [fast] : []) }

  fileprivate var variance: Double { squaredCoefficientOfVariation * mean * mean }
}

private let pairs = ImmortalTables<[Distribution]>()

/// The slow and the fast law of a mixture's table.
private func laws(_ table: UnsafeRawPointer?) -> UnsafePointer<Distribution> {
  guard let table else { preconditionFailure("A mixture has a table of its laws.") }
  return table.assumingMemoryBound(to: Distribution.self)
}

extension LawDefinition {
  /// *Randomness*: one uniform number to choose (it is slow where the number is large), then what the chosen law takes.
  package static let mixture = LawDefinition(
    name: "mixture", meaning: "with a probability one law, else the other",
    example: "{probability: p, slow: a law, fast: a law}",
    parameters: [
      Parameter("probability", .probability, "of the slow law"),
      Parameter("slow", .lawOfLaw, "one law"), Parameter("fast", .lawOfLaw, "the other"),
    ],
    canBeBounded: true,
    resolve: { (said, _) throws(Fault) in
      let probability = try said.required("probability")
      guard let slow: Distribution = said.special("slow") else { throw .missing("slow") }
      guard let fast: Distribution = said.special("fast") else { throw .missing("fast") }
      return .mixture(probability: probability, slow: slow, fast: fast)
    },
    write: { [("probability", .number($0.probability)), ("slow", .special($0.slow)), ("fast", .special($0.fast))] },
    sampler: { draws, table, probability, _, _, _ in
      let isSlow = draws.draws.pointee.uniform() >= 1 - probability
      return laws(table)[isSlow ? 0 : 1].sample(from: draws)
    },
    mean: { $0.average(\.mean) },
    squaredCoefficientOfVariation: { law in
      let mean = law.mean
      let between = law.average { ($0.mean - mean) * ($0.mean - mean) }
      let within = law.average(\.variance)
      return between + within == 0 ? 0 : (between + within) / (mean * mean)
    },
    cumulativeProbability: { law, value in law.average { $0.cumulativeProbability(value) } },
    support: { law in
      let supports = law.parts.map(\.support)
      return supports.dropFirst().reduce(supports[0]) { (min($0.lower, $1.lower), max($0.upper, $1.upper)) }
    })
}
