// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Testing

/// Adapt-then-combine, consensus and combine-then-adapt in lockstep, written once more as plainly as can be: a phase of all
/// agents, then the next.
private struct PlainPersonal {
  let world: World
  let layout: StepLayout
  let keys: [StreamKey]
  var memories: [PersonalMemory]
  var w: [[Double]]
  /// The attempt of each agent, and whether its phases are still to be gone through.
  var attempts: [UInt64]
  var isAttempting: [Bool]

  init(_ settings: SimulationSettings, _ layout: StepLayout) throws {
    world = try World(settings, replication: 0)
    self.layout = layout
    let family = StreamFamily(seed: settings.seed, replication: 0, purpose: .data)
    keys = world.network.keys.map { family.key($0) }
    memories = keys.map { _ in PersonalMemory() }
    w = keys.indices.map { PersonalModels.start(layout, $0) }
    attempts = keys.map { _ in 0 }
    isAttempting = keys.map { _ in false }
  }

  /// The attempt of the agent's next phase.
  mutating func begin(_ agent: Int) -> UInt64 {
    if !isAttempting[agent] { attempts[agent] += 1 }
    isAttempting[agent] = true
    return attempts[agent] - 1
  }

  /// The increment of a phase at a point; what the agent keeps for itself changes at once.
  mutating func step(_ agent: Int, _ phase: Int, at point: [Double]) -> [Double] {
    _ = memories[agent].act(keys[agent], in: begin(agent))
    let block = layout.phases[phase]
    let whole = point[..<layout.sharedCount] + w[agent][layout.sharedCount...]
    let increment = memories[agent].increment(
      block, at: Array(whole), firstOwn: layout.sharedCount, sharedRate: 0.1)
    for entry in block.own { w[agent][entry] += increment[entry] }
    if phase == layout.phases.count - 1 { isAttempting[agent] = false }
    return increment
  }

  /// Σ c_lk (ψ_l − ψ_k) + ψ_k over those who are there.
  func combined(_ estimates: [[Double]], _ agent: Int, _ entry: Int, _ present: [Bool]) -> Double {
    let own = estimates[agent][entry]
    return world.network.incoming(NodeID(agent)).reduce(own) { sum, link in
      let sender = world.network.senders[link].index
      return present[sender] ? sum + world.network.weights[link] * (estimates[sender][entry] - own) : sum
    }
  }

  /// One round about a phase.
  mutating func round(_ kind: StrategyDefinition, _ phase: Int, present: [Bool]? = nil) {
    let present = present ?? w.map { _ in true }
    let shared = layout.phases[phase].shared
    var estimates = w
    let agents = w.indices.filter { present[$0] }
    let before = w
    func average(_ agent: Int) -> [Double] {
      var sums = estimates[agent]
      for entry in shared { sums[entry] = combined(estimates, agent, entry, present) }
      return sums
    }
    var next = w
    switch kind {
    case .consensus:
      for agent in agents {
        next[agent] = average(agent)
        let increment = step(agent, phase, at: before[agent])
        for entry in shared { next[agent][entry] += increment[entry] }
      }
    case .diffusionCTA:
      for agent in agents {
        next[agent] = average(agent)
        let increment = step(agent, phase, at: next[agent])
        for entry in shared { next[agent][entry] += increment[entry] }
      }
    default:
      for agent in agents {
        let increment = step(agent, phase, at: before[agent])
        for entry in shared { estimates[agent][entry] = before[agent][entry] + increment[entry] }
      }
      for agent in agents { next[agent] = kind == .nonCooperative ? estimates[agent] : average(agent) }
    }
    for agent in agents { for entry in shared { w[agent][entry] = next[agent][entry] } }
  }
}

private func study(_ strategy: StrategySettings, phases: Int, until: Double) -> SimulationSettings {
  settings(
    NetworkSettings(topology: .randomGeometric(agents: 9, reach: .meanDegree(4))), strategy: strategy,
    compute: ComputeSettings(betweenAgents: .constant(Double(phases))), until: until, every: 1)
}

/// Constant steps and links without latency make every timing the lockstep, to the last bit, in one phase and in three.
@Test(
  arguments: [StrategyDefinition.diffusionATC, .diffusionCTA, .consensus, .nonCooperative],
  StrategySettings.Timing.allCases)
func constantStepsAreTheLockstepInAllPhases(kind: StrategyDefinition, timing: StrategySettings.Timing) throws {
  var strategy = StrategySettings(kind: kind, timing: timing)
  strategy.slots.duration = .seconds(1)
  for layout in [StepLayout.personal, .personalInPhases] where layout.phases.count == 1 || strategy.goesInPhases {
    let settings = study(strategy, phases: layout.phases.count, until: 40.1)
    var plain = try PlainPersonal(settings, layout)
    for round in 0..<40 { plain.round(kind, round % layout.phases.count) }
    let run = try PersonalRun(settings, layout)
    for agent in 0..<9 { #expect(run.row(agent) == plain.w[agent], "\(layout.phases.count) phases") }
  }
}

/// Whatever gets lost is sent again, so rounds over bad links are those of the lockstep, only later.
@Test(arguments: [StrategyDefinition.diffusionATC, .consensus], [false, true])
func lossDelaysRoundsAndChangesNothing(kind: StrategyDefinition, isLocal: Bool) throws {
  let strategy = StrategySettings(
    kind: kind, timing: isLocal ? .synchronousLocal : .synchronousGlobal, missingNeighbour: .wait,
    retransmission: .init(timeout: .seconds(1), backOff: 1))
  let layout = StepLayout.personalInPhases
  var settings = study(strategy, phases: 3, until: 120)
  settings.conditions.links.loss = try .independent(#require(Probability(0.3)))
  settings.conditions.links.latency = .law(.exponential(mean: 0.2))
  let run = try PersonalRun(settings, layout)
  var plain = try PlainPersonal(settings, layout)
  var history = [plain.w]
  for round in 0..<120 {
    plain.round(kind, round % 3)
    history.append(plain.w)
  }
  #expect(run.seen.record.messages.lost > 100)
  for agent in 0..<9 {
    let rounds = run.seen.events.count { $0.kind == .combine && $0.subject == UInt32(agent) }
    #expect(rounds > 15)
    #expect(run.shared(agent) == Array(history[rounds][agent][..<layout.sharedCount]))
  }
}

/// An agent that crashes within a step loses what the step under way made of its memory, begins with a new attempt, and
/// enters the round that the others are in, whatever its phase.
@Test(arguments: [FailureSettings.Recovery.keep, .reset])
func aCrashDiscardsThePhaseUnderWay(recovery: FailureSettings.Recovery) throws {
  let strategy = StrategySettings(kind: .diffusionATC, timing: .synchronousGlobal, missingNeighbour: .itself)
  let layout = StepLayout.personalInPhases
  var settings = study(strategy, phases: 3, until: 30.1)
  settings.network = paw
  // Down from 10.7 s to 13.7 s and from 24.4 s to 27.4 s.
  settings.conditions.failures = FailureSettings(
    up: .constant(10.7), down: .constant(3), onRecovery: recovery, agents: ["c"])
  let run = try PersonalRun(settings, layout)
  var plain = try PlainPersonal(settings, layout)
  for round in 0..<30 {
    let isDown = 10...13 ~= round || 24...27 ~= round
    if round == 10 || round == 24 {
      // The attempt counts, and what it would have done is gone.
      _ = plain.begin(2)
      plain.isAttempting[2] = false
      if recovery == .reset {
        plain.w[2] = PersonalModels.start(layout, 2)
        plain.memories[2] = PersonalMemory()
      }
    }
    plain.round(.diffusionATC, round % 3, present: [true, true, !isDown, true])
  }
  for agent in 0..<4 { #expect(run.row(agent) == plain.w[agent]) }
  #expect(run.watch.memories == plain.memories)
}
