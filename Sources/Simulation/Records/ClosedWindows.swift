// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Records

/// The windows of a run that have ended, as plain numbers one after the other; what their matrices say is worked out when the
/// run has ended.
struct ClosedWindows: ~Copyable {
  /// A link whose estimates were used.
  private struct Use: BitwiseCopyable {
    var link: UInt32
    var sums: CombinationAccount.Use
  }

  private let agentCount: Int
  private var bounds: [VirtualTime] = []
  /// By window and agent.
  private var combinations: [UInt64] = []
  private var ownWeights: [Double] = []
  private var steps: [UInt64] = []
  /// Links with uses, and how many there are up to the end of each window.
  private var uses: [Use] = []
  private var useCounts: [Int] = []
  /// Matrices, and by window and agent; nothing where products are not kept.
  private var products: [Double] = []
  private var stepWeights: [Double] = []

  init(agents: Int) { agentCount = agents }

  /// Bytes that it holds.
  var bytesHeld: Int {
    combinations.count * 24 + uses.count * MemoryLayout<Use>.stride + (products.count + stepWeights.count) * 8
  }

  /// Keeps a window.
  ///
  /// - Parameters:
  ///   - product: and the weights of steps in all parameters together; empty where they are not kept.
  mutating func append(
    _ window: Range<VirtualTime>, _ account: borrowing CombinationAccount, steps counts: [UInt64],
    product: [Double], stepWeights weights: [Double]
  ) {
    bounds += [window.lowerBound, window.upperBound]
    for agent in 0..<agentCount {
      combinations.append(account.combinations[agent])
      ownWeights.append(account.ownWeights[agent])
    }
    steps += counts
    for link in 0..<account.uses.count where account.uses[link].uses > 0 {
      uses.append(Use(link: UInt32(link), sums: account.uses[link]))
    }
    useCounts.append(uses.count)
    products += product
    stepWeights += weights
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.list("bounds of windows", &bounds)
    try memory.list("combinations of windows", &combinations)
    try memory.list("own weights of windows", &ownWeights)
    try memory.list("steps of windows", &steps)
    try memory.list("uses of windows", &uses)
    try memory.list("counts of uses", &useCounts)
    try memory.list("products of windows", &products)
    try memory.list("weights of steps", &stepWeights)
  }
}

// MARK: - What they say

extension ClosedWindows {
  /// The windows in their order.
  ///
  /// - Parameter network: that the run was on.
  func windows(on network: Network) -> [RealisedWindow] {
    useCounts.indices.map { window(number: $0, on: network) }
  }

  private func window(number: Int, on network: Network) -> RealisedWindow {
    let agents = number * agentCount..<(number + 1) * agentCount
    let counts = Array(combinations[agents])
    let own = zip(counts, ownWeights[agents]).map { count, sum in count == 0 ? 1 : sum / Double(count) }
    let uses = linkUses(of: number, on: network)
    let size = agentCount * agentCount
    let product = products.isEmpty ? nil : Array(products[number * size..<(number + 1) * size])
    var shares: [Double]?
    if product != nil {
      let weights = stepWeights[agents]
      let sum = weights.reduce(0, +)
      if sum > 0 { shares = weights.map { $0 / sum } }
    }
    return RealisedWindow(
      start: bounds[2 * number].seconds, end: bounds[2 * number + 1].seconds, combinations: counts,
      steps: Array(steps[agents]), ownWeights: own, mean: mixing(of: number, own, counts, on: network),
      product: product.map { RealisedWindow.Mixing(MatrixSpectrum(rows: $0, count: agentCount)) },
      participation: shares, matrices: RealisedWindow.Matrices(uses: uses, product: product))
  }

  private func entries(of number: Int) -> ArraySlice<Use> {
    uses[(number == 0 ? 0 : useCounts[number - 1])..<useCounts[number]]
  }

  private func linkUses(of number: Int, on network: Network) -> [RealisedWindow.LinkUse] {
    entries(of: number).map { use in
      RealisedWindow.LinkUse(
        sender: network.senders[Int(use.link)].index, receiver: network.receivers[Int(use.link)].index,
        uses: use.sums.uses, weight: use.sums.weight,
        meanAge: use.sums.weight == 0 ? 0 : use.sums.weightedAge / use.sums.weight / 1e9,
        largestAge: use.sums.largestAge.seconds)
    }
  }

  /// How the mean weights mix: those of a network with other weights.
  private func mixing(
    of number: Int, _ own: [Double], _ counts: [UInt64], on network: Network
  ) -> RealisedWindow.Mixing {
    var weights = [Double](repeating: 0, count: network.linkCount)
    for use in entries(of: number) {
      weights[Int(use.link)] = use.sums.weight / Double(counts[network.receivers[Int(use.link)].index])
    }
    return RealisedWindow.Mixing(network.mixing(weights: weights, own: own))
  }
}

extension RealisedWindow.Mixing {
  fileprivate init(_ spectrum: MatrixSpectrum) {
    self.init(
      perron: spectrum.perronVector, secondEigenvalueModulus: spectrum.secondEigenvalueModulus,
      secondSingularValue: spectrum.secondSingularValue, rowSumError: spectrum.largestRowError)
  }
}
