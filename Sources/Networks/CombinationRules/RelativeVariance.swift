// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// Weights in inverse proportion to the noise variances of those heard, c_lk = σ_l⁻² / Σ σ_m⁻² over the
  /// neighbourhood of k with k itself. On an undirected graph the Perron vector is proportional to σ_k⁻² Σ σ_m⁻².
  ///
  /// Source: Tu and Sayed, "Optimal combination rules for adaptation and learning over networks", CAMSAP 2011.
  package static let relativeVariance = CombinationRule(
    name: "relative-variance",
    meaning: "in inverse proportion to the noise variances of those heard",
    parameters: [.perAgent("variances", "what agents of the relative-variance rule count inversely to")],
    balance: .free,
    weighing: .standing({ _, arguments, sender in 1 / (arguments["variances"]?.numbers?[sender] ?? .nan) }),
    weights: { (graph, arguments) throws(NetworkError) -> CombinationWeights in
      guard let variances = arguments["variances"]?.numbers else {
        preconditionFailure("No variances were given.")
      }
      return CombinationWeights(on: graph, inProportionTo: { 1 / variances[$0] })
    })
}
