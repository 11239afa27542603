// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// The Hastings weight of a link, c_lk = θ_k² / max(n_k θ_k², n_l θ_l²), where n counts an agent's neighbours and
  /// itself. The Perron vector is proportional to θ_k⁻², so with the noise variances for θ² agents count for as much
  /// as their data are worth; equal θ give the Metropolis rule.
  ///
  /// Source: Zhao and Sayed, "Performance limits for distributed estimation over LMS adaptive networks", IEEE
  /// Transactions on Signal Processing 60, 2012.
  package static let hastings = CombinationRule(
    name: "hastings",
    meaning: "theta2_k / max(n_k theta2_k, n_l theta2_l): agents count for as much as their data are worth",
    parameters: [.perAgent("theta2", "squared parameter of the Hastings rule")], balance: .detailed,
    weighing: .share(
      asksAll: { _ in false },
      { graph, arguments, sender, receiver in
        weight(graph, arguments["theta2"]?.numbers ?? [], sender, receiver)
      }),
    weights: { (graph, arguments) throws(NetworkError) -> CombinationWeights in
      guard let squares = arguments["theta2"]?.numbers else { preconditionFailure("No theta2 was given.") }
      return CombinationWeights(on: graph) { weight(graph, squares, $0, $1) }
    })
}

private func weight(_ graph: any Neighbourhoods, _ squares: [Double], _ sender: Int, _ receiver: Int) -> Double {
  func scaled(_ agent: Int) -> Double { Double(graph.degree(agent) + 1) * squares[agent] }
  return squares[receiver] / max(scaled(receiver), scaled(sender))
}
