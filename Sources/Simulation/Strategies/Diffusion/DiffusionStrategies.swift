// SPDX-License-Identifier: GPL-3.0-or-later

extension StrategyForm {
  /// What goes in rounds, in slots, and without either, by one's own estimate and the neighbours'.
  fileprivate static let diffusion = [
    StrategyForm([.asynchronous], AsynchronousDiffusion<Float>.self, AsynchronousDiffusion<Double>.self),
    StrategyForm(
      [.synchronousGlobal, .synchronousLocal], SynchronousDiffusion<Float>.self, SynchronousDiffusion<Double>.self),
    StrategyForm([.slotted], SlottedDiffusion<Float>.self, SlottedDiffusion<Double>.self),
  ]
}

/// What combining with the neighbourhood can be told beside its timing.
private let keysOfDiffusion = ["message", "exchange", "link-interval", "mailbox-start"]
private let bookOfDiffusion = "Sayed, Adaptation, learning, and optimization over networks, 2014, chapter 7"

extension StrategyDefinition {
  package static let diffusionATC = StrategyDefinition(
    "diffusion-atc", "adapt, then combine the intermediate estimates of the neighbourhood", source: bookOfDiffusion,
    facts: StrategyFacts(arrangement: .adaptThenCombine, usualMessage: .psi, keys: keysOfDiffusion, goesInPhases: true),
    forms: StrategyForm.diffusion)

  package static let diffusionCTA = StrategyDefinition(
    "diffusion-cta", "combine the estimates of the neighbourhood, then adapt from there", source: bookOfDiffusion,
    facts: StrategyFacts(arrangement: .combineThenAdapt, keys: keysOfDiffusion), forms: StrategyForm.diffusion)

  package static let consensus = StrategyDefinition(
    "consensus", "combine, and add the step taken at the agent's own old estimate", source: bookOfDiffusion,
    facts: StrategyFacts(arrangement: .consensus, keys: keysOfDiffusion, goesInPhases: true),
    forms: StrategyForm.diffusion)

  package static let nonCooperative = StrategyDefinition(
    "non-cooperative", "every agent for itself; nothing is sent", source: bookOfDiffusion,
    facts: StrategyFacts(audience: .nobody, goesInPhases: true),
    forms: [
      StrategyForm(
        [.asynchronous, .synchronousGlobal, .synchronousLocal], NonCooperative<Float>.self, NonCooperative<Double>.self),
      StrategyForm([.slotted], SlottedDiffusion<Float>.self, SlottedDiffusion<Double>.self),
    ])
}
