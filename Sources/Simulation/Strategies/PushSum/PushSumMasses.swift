// SPDX-License-Identifier: GPL-3.0-or-later

/// What push-sum has of its mass, which is one for each agent at the start.
struct PushSumMasses {
  /// What agents hold and what is on the way, over the number of agents: less than one once something is lost for good.
  var mean: Double
  /// The least that an agent holds.
  var least: Double
}

extension PushSumMasses {
  /// - Parameters:
  ///   - sums: what the strategy conserves, the mass last; empty before it has begun.
  ///   - held: the mass of each agent.
  init(sums: [Double], held: [Double]) {
    let isOpen = !sums.isEmpty
    mean = isOpen ? (sums.last ?? 0) / Double(held.count) : 1
    least = isOpen ? held.min() ?? 1 : 1
  }
}
