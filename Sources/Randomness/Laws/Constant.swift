// SPDX-License-Identifier: GPL-3.0-or-later

extension Distribution {
  /// Always the same value.
  package static func constant(_ value: Double) -> Distribution { Distribution(.constant, value) }
}

extension LawDefinition {
  /// *Randomness*: takes no draw.
  package static let constant = LawDefinition(
    name: "constant", example: "c", form: .value,
    parameters: [LawParameter("value", .quantity)], canBeBounded: true,
    resolve: { (said) throws(LawError) in .constant(try said.required("value")) },
    write: { [("value", .number($0.first))] },
    sampler: nil,
    mean: { $0.first },
    squaredCoefficientOfVariation: { _ in 0 },
    cumulativeProbability: { law, value in value >= law.first ? 1 : 0 },
    support: { ($0.first, $0.first) })
}
