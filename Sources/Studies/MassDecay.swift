// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import Simulation
import Theory

extension Network {
  /// Whom each agent sends to, as their positions.
  var receiversOfAgents: [[Int]] {
    (0..<nodeCount).map { agent in outgoing(NodeID(agent)).map { receivers[$0.index].index } }
  }
}

extension SimulationSettings {
  /// What becomes of plain push-sum with local steps from which mass gets lost, in one or two sentences; nothing where
  /// none does.
  ///
  /// The estimate is z = s / mass, and a step adds its increment to s: it moves z by increment / mass. As the mass goes to
  /// zero the step size μ / mass grows beyond any limit, however small μ is.
  func decayOfMass(on network: Network, limit: Double) throws(TheoryError) -> String? {
    guard losesMass else { return nil }
    let verdict = "so that steps weigh ever more and no step size is stable: running sums make up for losses."
    guard strategy.timing == .slotted, messageLosses == [.link], let loss = conditions.links.loss.independent else {
      return "Plain push-sum loses mass with every message that is lost, \(verdict)"
    }
    let model = PushSum(receivers: network.receiversOfAgents)
    let factor = try model.massFactor(lossProbability: loss, operationLimit: limit)
    return String(format: "In the mean %.3g of the mass of plain push-sum is left after every slot, ", factor) + verdict
  }
}
