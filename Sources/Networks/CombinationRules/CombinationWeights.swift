// SPDX-License-Identifier: GPL-3.0-or-later

/// The entries of a combination matrix on a graph: c_lk for each directed link in the order (receiver, sender), and
/// c_kk for each agent. The weights that an agent gives sum to one.
struct CombinationWeights {
  let ofLinks: [Double]
  let ofSelves: [Double]

  /// The weights of a rule on a graph.
  init(_ rule: NetworkSettings.Weights, on graph: Graph) {
    switch rule {
    case .metropolis: self.init(on: graph, weight: metropolisWeight)
    }
  }

  /// The weights of a rule that gives c_lk from the graph, the sender l and the receiver k; the rest is c_kk.
  private init(on graph: Graph, weight: (Graph, Int, Int) -> Double) {
    var ofLinks: [Double] = []
    ofLinks.reserveCapacity(graph.neighbours.count)
    var ofSelves: [Double] = []
    ofSelves.reserveCapacity(graph.nodeCount)
    for receiver in 0..<graph.nodeCount {
      var given = 0.0
      for sender in graph.neighbours(of: receiver) {
        let share = weight(graph, Int(sender), receiver)
        given += share
        ofLinks.append(share)
      }
      ofSelves.append(1 - given)
    }
    self.ofLinks = ofLinks
    self.ofSelves = ofSelves
  }
}
