// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Testing

private let clock = ClockSettings(
  betweenAgents: .lognormal(median: 1, sigma: 0.3), withinAgent: .exponential(mean: 1),
  startPhase: .exponential(mean: 1))

/// Diffusion and consensus in every timing and exchange, on agents whose steps have one phase.
private let diffusionsInOnePhase: [StrategySettings] = diffusions.flatMap { kind in
  var strategies = StrategySettings.Timing.allCases.map { StrategySettings(kind: kind, timing: $0) }
  for exchange in [StrategySettings.Exchange.pull, .link] {
    strategies.append(StrategySettings(kind: kind, exchange: exchange, linkInterval: .exponential(mean: 1)))
  }
  let slots = SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.6)), gradientDelay: 2)
  return strategies + [StrategySettings(kind: kind, timing: .slotted, slots: slots)]
}

/// The same with all other strategies.
private let inOnePhase: [StrategySettings] = {
  var strategies = diffusionsInOnePhase
  for exchange in GossipSettings.Exchange.allCases {
    for order in GossipSettings.Order.allCases {
      let gossip = GossipSettings(exchange: exchange, order: order)
      strategies.append(StrategySettings(kind: .gossip, clock: clock, gossip: gossip))
    }
  }
  for running in [false, true] {
    let pushSum = PushSumSettings(runningSums: running)
    strategies.append(StrategySettings(kind: .pushSum, clock: clock, pushSum: pushSum))
    strategies.append(StrategySettings(kind: .pushSum, timing: .slotted, clock: clock, pushSum: pushSum))
  }
  strategies.append(StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients))
  return strategies + [StrategySettings(kind: .nonCooperative)]
}()

/// Every strategy and timing that goes in phases.
private let inPhases: [StrategySettings] = {
  var strategies = [StrategySettings(kind: .nonCooperative)]
  for kind in [StrategyDefinition.diffusionATC, .consensus] {
    for timing in [StrategySettings.Timing.asynchronous, .synchronousGlobal, .synchronousLocal] {
      strategies.append(StrategySettings(kind: kind, timing: timing))
    }
    strategies.append(
      StrategySettings(
        kind: kind, timing: .synchronousLocal, missingNeighbour: .lastHeard, peerTimeout: .seconds(2)))
  }
  return strategies
}()

/// A strategy with the blocks and phases of its agents.
private struct Study: CustomTestStringConvertible {
  let strategy: StrategySettings
  let layout: StepLayout

  var testDescription: String { "\(strategy.testDescription), phases: \(layout.phases.count)" }

  static let all =
    inOnePhase.map { Study(strategy: $0, layout: .personal) }
    + inPhases.map { Study(strategy: $0, layout: .personalInPhases) }
}

private let recoveries: [FailureSettings.Recovery] = [.keep, .reset, .neighbour]

/// Settings in which everything goes wrong, and agents have forgotten so much after a crash.
private func study(_ strategy: StrategySettings, _ recovery: FailureSettings.Recovery) throws -> SimulationSettings {
  var settings = try settings(paw, strategy: strategy, until: 60)
    .withEverything(unit: 1, bandwidth: 200, up: 20, down: 5)
  settings.conditions.failures?.causes[0].onRecovery = recovery
  return settings
}

/// What agents have for themselves is what their own steps made of it, each of them once and none that a crash took,
/// whatever is said on the network; so is the environment that lives on, and the buffer.
@Test(arguments: Study.all) private func whatAgentsHaveForThemselvesIsTheirOwnDoing(_ of: Study) throws {
  let (strategy, layout) = (of.strategy, of.layout)
  for recovery in recoveries where strategy.kind != .pushSum || recovery == .keep {
    let run = try PersonalRun(study(strategy, recovery), layout)
    for agent in 0..<4 {
      let expected = try run.expected(agent)
      #expect(run.own(agent) == expected.own)
      #expect(run.watch.memories[agent] == expected.memory)
    }
    #expect(run.watch.happenings.reduce(0) { $0 + $1.count } > 16)
    #expect(run.seen.record.messages.accounted == run.seen.record.messages.sent)
    #expect(run.seen.parameters.allSatisfy { $0.isFinite })
    let crashed = run.seen.record.agents.contains { $0.down > 0 }
    #expect(crashed)
  }
}

/// Agents that start alike in what they share, and do not change it, stay alike to the last bit, though each has numbers of
/// its own: none of these is ever sent. A vector has no room for them.
@Test(arguments: Study.all) private func whatIsAnAgentsOwnIsNeverSent(_ of: Study) throws {
  let (strategy, layout) = (of.strategy, of.layout)
  let run = try PersonalRun(study(strategy, .keep), layout, sharedRate: 0)
  for agent in 0..<4 {
    #expect(run.shared(agent).allSatisfy { abs($0 - 0.1) <= (strategy.kind == .pushSum ? 1e-12 : 0) })
    #expect(run.own(agent).allSatisfy { $0 != 0.1 })
  }
  let beside = [.pushSum, .centralised].contains(strategy.kind) ? 1 : 0
  #expect(run.seen.trace.memory.numbersPerVector == layout.sharedCount + beside)
}

/// A message is as long as the shared parameters of its phase, and each is sent once over every link.
@Test(arguments: inPhases.filter { $0.kind != .nonCooperative && $0.timing == .asynchronous })
func messagesAreAsLongAsWhatIsSharedInTheirPhase(strategy: StrategySettings) throws {
  var settings = settings(paw, strategy: strategy, until: 40.5)
  settings.conditions.compute.betweenAgents = .lognormal(median: 1, sigma: 0.5)
  settings.conditions.links.overhead = ByteCount(7)
  let layout = StepLayout.personalInPhases
  let run = try PersonalRun(settings, layout)
  let world = try World(settings, replication: 0)
  var bytes: UInt64 = 0
  for agent in 0..<4 {
    let links = UInt64(world.network.outgoing(NodeID(agent)).count)
    for case .ended(_, let phase) in run.watch.happenings[agent] {
      bytes += links * UInt64(8 * layout.phases[phase].shared.count + 7)
    }
  }
  #expect(run.seen.record.messages.bytes == bytes)
  #expect(bytes > 10_000)
}

/// Steps whose phases nobody could combine one after the other are refused.
@Test(arguments: inOnePhase.filter { !$0.goesInPhases })
func phasesAreRefusedWhereNothingFollowsThem(strategy: StrategySettings) throws {
  let settings = try study(strategy, .keep)
  #expect(throws: SimulationError.self) { try PersonalRun(settings, .personalInPhases) }
}

@Test func whatAgentsHaveForThemselvesIsInNoMessageThatIsAnnounced() {
  let learner = LearnerDefinition(
    name: "personal", meaning: "blocks of its own", parameters: [], tasks: ["averaging"],
    facts: { _ in LearnerFacts(.personalInPhases, metrics: MetricDefinition.ofEveryRun) }, make: { _ in nil })
  var settings = settings(paw, strategy: StrategySettings(), until: 10)
  settings.learner = LearnerSettings(learner)
  settings.conditions.links.overhead = ByteCount(100)
  #expect(settings.parameterCount == 9 && settings.phaseCount == 3)
  // Six shared numbers of eight bytes, over three phases.
  #expect(settings.messageBytes == 16 + 100)
  settings.strategy = StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients)
  #expect(settings.uploadBytes(samples: 1) == 7 * 8 + 100)
}
