// SPDX-License-Identifier: GPL-3.0-or-later

extension QuadraticCosts {
  /// The step size below which the mean of an agent alone converges, 2 / λ_max(R_k).
  ///
  /// Adapt, then combine and combine, then adapt converge in the mean for every left-stochastic combination matrix if
  /// each agent's step is below its limit; the consensus strategy may not.
  package func largestMeanStableStep(of agent: Int) throws(TheoryError) -> Double {
    2 / (try extremeEigenvalues(covariance(of: agent), count: dimension).largest)
  }

  /// The step size below which the mean square of an agent alone converges, for Gaussian regressors: the μ with
  /// Σ_i μ λ_i / (2 (1 - μ λ_i)) = 1, where λ_i are the eigenvalues of R_k; 2 / ((M + 2) σ²) for white ones.
  ///
  /// Source: Feuer and Weinstein, "Convergence analysis of LMS filters with uncorrelated Gaussian data", 1985.
  package func largestMeanSquareStableStep(of agent: Int) throws(TheoryError) -> Double {
    let eigenvalues = try symmetricEigenvalues(covariance(of: agent), count: dimension)
    guard let largest = eigenvalues.first, let smallest = eigenvalues.last, smallest > 0 else {
      throw .degenerateCovariance(agent: agent)
    }
    // The sum rises from zero to infinity between these.
    var (below, above) = (0.0, 1 / largest)
    while true {
      let step = (below + above) / 2
      if step <= below || step >= above { return below }
      let sum = eigenvalues.reduce(0) { $0 + step * $1 / (2 * (1 - step * $1)) }
      if sum < 1 { below = step } else { above = step }
    }
  }
}
