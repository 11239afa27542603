// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension Distribution {
  /// Always the same value.
  package static func constant(_ value: Double) -> Distribution { Distribution(.constant, value) }
}

extension LawDefinition {
  /// *Randomness*: takes no draw.
  package static let constant = LawDefinition(
    name: "constant", meaning: "always the same value",
    example: "c", form: .value,
    parameters: [Parameter("value", .quantityOfLaw(isPositive: false), "what every draw gives")], canBeBounded: true,
    resolve: { (said, _) throws(Fault) in .constant(try said.required("value")) },
    write: { [("value", .number($0.first))] },
    sampler: nil,
    mean: { $0.first },
    squaredCoefficientOfVariation: { _ in 0 },
    cumulativeProbability: { law, value in value >= law.first ? 1 : 0 },
    support: { ($0.first, $0.first) })
}
