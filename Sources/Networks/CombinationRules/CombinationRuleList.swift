// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// All combination rules; a new one gets a line here.
  package static let all: [CombinationRule] = [
    .metropolis,
    .lazyMetropolis,
    .hastings,
    .laplacian,
    .maxDegree,
    .averaging,
    .relativeDegree,
    .relativeVariance,
    .matrix,
    .edgeWeights,
  ]
}
