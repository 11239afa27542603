// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness
import Simulation
import Testing

/// What was there before the start belongs to no round: agents that wait for messages wait for those of the first one.
@Test(arguments: diffusions, [StrategySettings.Timing.synchronousGlobal, .synchronousLocal, .slotted])
func initialParametersAreNotMessagesOfTheFirstRound(
  kind: StrategyDefinition, timing: StrategySettings.Timing
) throws {
  var settings = settings(paw, spread: 0.5, strategy: StrategySettings(kind: kind, timing: timing), until: 10)
  settings.learner.initial = .normal(standardDeviation: 1)
  if timing == .slotted { settings.strategy.missingNeighbour = .itself }
  let empty = try Seen(settings)
  settings.strategy.mailboxStart = .initial
  let initial = try Seen(settings)
  #expect(initial.parameters == empty.parameters)
  #expect(initial.record.messages == empty.record.messages)
}

/// Where nothing ever arrives, the rule `self` leaves an agent alone and `last-heard` lets it use initial parameters.
@Test(arguments: [StrategySettings.Timing.slotted, .synchronousGlobal, .asynchronous])
func onlyLastHeardUsesInitialParameters(timing: StrategySettings.Timing) throws {
  func parameters(
    _ kind: StrategyDefinition, _ rule: StrategySettings.MissingNeighbourRule
  ) throws -> [Double] {
    var settings = settings(paw, spread: 0.5, strategy: StrategySettings(kind: kind, timing: timing), until: 10.5)
    settings.learner.initial = .normal(standardDeviation: 1)
    settings.strategy.mailboxStart = .initial
    settings.strategy.missingNeighbour = rule
    if timing == .synchronousGlobal {
      // Everybody but one agent is down: nothing arrives, and nobody is waited for.
      settings.conditions.failures = FailureSettings(
        up: .constant(0.5), down: .constant(100), agents: ["a", "b", "d"])
    } else {
      settings.conditions.links.loss = try .independent(#require(Probability(1)))
    }
    return Array(try Seen(settings).parameters[6..<9])
  }
  let alone = try parameters(.nonCooperative, .itself)
  #expect(try parameters(.diffusionATC, .itself) == alone)
  #expect(try parameters(.diffusionATC, .renormalise) == alone)
  #expect(try parameters(.diffusionATC, .lastHeard) != alone)
}
