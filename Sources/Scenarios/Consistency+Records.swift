// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Simulation

/// What goes together with records.
extension Consistency {
  func checkRealised(_ agents: AgentNames?) throws(ScenarioError) {
    let path = "measure.records.realised"
    guard let realised = draft.measure.records.realised else { return }
    if draft.strategy.settings.kind.facts.hasCentre {
      throw valueError(
        "strategy \(draft.strategy.settings.kind.name) has no combination matrix to realise: its agents send to a fusion centre "
          + "and combine nothing", at: path, hint: "say \(path): none")
    }
    if draft.strategy.settings.kind.facts.takesTurns {
      throw valueError(
        "strategy \(draft.strategy.settings.kind.name) has no combination matrix to realise: its agents take turns and "
          + "combine nothing", at: path, hint: "say \(path): none")
    }
    guard realised.every <= draft.measure.until else {
      throw valueError("\(path).every is longer than measure.until", at: "\(path).every")
    }
    let until = draft.measure.until
    guard until.count(of: realised.every) <= RealisedSettings.mostWindows else {
      let most = Int64(RealisedSettings.mostWindows)
      let least = VirtualDuration(nanoseconds: (until.nanoseconds + most - 1) / most)
      throw valueError(
        "measure.until / \(path).every gives more than \(most) windows", at: "\(path).every",
        hint: "it must be at least \(least.text)")
    }
    guard let agents, realised.product == .yes, agents.count > RealisedSettings.mostAgents else { return }
    throw valueError(
      "product is kept for at most \(RealisedSettings.mostAgents) agents", at: "\(path).product",
      hint: "say product: false, which keeps the means alone")
  }

  /// Refuses an account of energy that counts nothing.
  func checkEnergy() throws(ScenarioError) {
    guard draft.measure.records.energy == EnergySettings() else { return }
    throw valueError(
      "measure.records.energy counts nothing", at: "measure.records.energy",
      hint: "say what is to count, such as {computing: 10 W, waiting: 1 W}, or none")
  }
}
