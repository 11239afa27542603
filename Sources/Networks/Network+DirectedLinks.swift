// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

extension Network {
  /// Makes a network of links that go in one direction, for strategies that need no combination matrix: every agent
  /// gives the same weight to itself and to whomever it hears.
  ///
  /// - Parameters:
  ///   - names: different names in natural order.
  ///   - links: pairs of different ranks (sender, receiver), each at most once. A link without an opposite is its own
  ///     reverse.
  package init(names: [String], directedLinks links: [(sender: Int, receiver: Int)]) {
    let sorted = links.sorted { ($0.receiver, $0.sender) < ($1.receiver, $1.sender) }
    let reverse = sorted.indices.map { link in
      sorted.firstIndex { $0.sender == sorted[link].receiver && $0.receiver == sorted[link].sender } ?? link
    }
    func starts(_ counts: [Int]) -> [Int] { counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }
    let incoming = names.indices.map { node in sorted.count { $0.receiver == node } }
    let outgoing = names.indices.map { node in sorted.indices.filter { sorted[$0].sender == node } }
    self.init(
      names: names, keys: names.map { EntityKey($0) }, senders: sorted.map { NodeID($0.sender) },
      receivers: sorted.map { NodeID($0.receiver) }, reverse: reverse.map { LinkID($0) },
      incomingStart: starts(incoming), outgoing: outgoing.flatMap { $0.map { LinkID($0) } },
      outgoingStart: starts(outgoing.map(\.count)), weights: sorted.map { 1 / Double(1 + incoming[$0.receiver]) },
      selfWeights: incoming.map { 1 / Double(1 + $0) }, redraws: 0)
  }
}
