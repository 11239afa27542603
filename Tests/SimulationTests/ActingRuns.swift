// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Testing
import Workers

private struct NoSuchBank: Error {}

private func context(_ settings: SimulationSettings) throws -> LearningContext {
  let world = try World(settings, replication: 0)
  return LearningContext(
    settings.learner, task: world.task, nodes: world.network.keys, agentCount: world.agentCount,
    testEpisodes: settings.measurement.testEpisodes, seed: settings.seed, replication: 0, steps: StepPool())
}

/// The bank of a run whose agents act, as the run makes it.
func actingBank(_ settings: SimulationSettings) throws -> StepBank<Float> {
  guard let bank = try context(settings).bank else { throw NoSuchBank() }
  switch consume bank {
  case .single(let bank): return bank
  case .double: throw NoSuchBank()
  }
}

/// The same of parameters in double precision.
func doubleBank(_ settings: SimulationSettings) throws -> StepBank<Double> {
  guard let bank = try context(settings).bank else { throw NoSuchBank() }
  switch consume bank {
  case .double(let bank): return bank
  case .single: throw NoSuchBank()
  }
}

/// Takes whole steps of an agent alone, and gives what they took.
func take(
  _ attempts: [Int], of agent: Int, in bank: borrowing StepBank<Float>, at w: inout [Float]
) -> [StepWork] {
  var increment = [Float](repeating: .nan, count: w.count)
  return attempts.map { attempt in
    let work = increment.withUnsafeMutableBufferPointer { buffer in
      bank.begin(LocalStep(NodeID(agent), attempt: UInt64(attempt)), at: w, increment: buffer.baseAddress!)
      return bank.finish(NodeID(agent))
    }
    for entry in w.indices { w[entry] += increment[entry] }
    return work
  }
}

/// Rule 4: a completes attempts 0 to 8, loses attempt 9 half way in the middle of its segment, and goes on. Of the lost
/// attempt nothing is left.
///
/// - Parameter study: without a strategy, of steps of one second, with an agent a.
/// - Returns: what the steps of a took.
@discardableResult
func expectNoTraceOfACrash(
  _ study: (StrategySettings, Double) -> SimulationSettings, _ recovery: FailureSettings.Recovery
) throws -> [StepWork] {
  var settings = study(StrategySettings(kind: .nonCooperative), 24.25)
  settings.conditions.failures = FailureSettings(
    up: .constant(9.5), down: .constant(2), onRecovery: recovery, agents: ["a"])
  if recovery == .checkpoint { settings.conditions.failures?.causes[0].checkpointEvery = .seconds(5.5) }
  let bank = try actingBank(settings)
  var w = [Float](repeating: .nan, count: bank.parameterCount)
  bank.initialise(NodeID(0), into: &w)
  func forget(_ bank: borrowing StepBank<Float>) {
    guard recovery == .reset else { return }
    bank.forget(NodeID(0))
    bank.initialise(NodeID(0), into: &w)
  }
  // It is down from 9.5 to 11.5, up for another 9.5 s, and down again to 23.
  var works = take(Array(0..<(recovery == .checkpoint ? 5 : 9)), of: 0, in: bank, at: &w)
  if recovery == .checkpoint {
    // As it was at the checkpoint, after five steps, it goes on with the attempts that follow the lost one.
    settings.measurement.until = .seconds(14.75)
    works += take([10, 11, 12], of: 0, in: bank, at: &w)
  } else {
    forget(bank)
    works += take(Array(10..<19), of: 0, in: bank, at: &w)
    forget(bank)
    works += take([20], of: 0, in: bank, at: &w)
  }
  let seen = try Seen(settings)
  #expect(Array(seen.parameters.prefix(w.count)) == w.map { Double($0) })
  if recovery != .checkpoint {
    #expect(seen.record.agents[0].updates == 19)
    #expect(seen.record.agents[0].episodes == works.reduce(0) { $0 + $1.episodes })
  }
  return works
}

/// Strategies of all kinds in which everything may go wrong.
let strategiesOfAllKinds: [StrategySettings] = [
  StrategySettings(), StrategySettings(timing: .synchronousLocal, peerTimeout: .seconds(2)),
  StrategySettings(
    timing: .slotted,
    slots: SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.7)), gradientDelay: 2)),
  StrategySettings(kind: .gossip), StrategySettings(kind: .pushSum),
  StrategySettings(
    kind: .incremental, timing: .synchronousLocal,
    retransmission: .init(acknowledge: .always, timeout: .seconds(1), backOff: 1),
    incremental: IncrementalSettings(deadAgents: .skip)),
]

/// Seconds in which agents of a strategy take some steps each: where one after the other does, it takes them longer.
func unhurried(_ strategy: StrategySettings) -> Double { strategy.facts.takesTurns ? 240 : 60 }

/// A centre that takes gradients in rounds, and one that waits for nobody.
let strategiesWithCentres: [StrategySettings] = [
  StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients),
  StrategySettings(kind: .centralised, timing: .asynchronous),
]

/// A centre whose one agent sends gradients, and takes no time, is an agent alone, in rounds and where it answers each.
func expectACentreOfOneIsNobody(
  _ study: (NetworkSettings, StrategySettings, Double) -> SimulationSettings
) throws {
  let one = NetworkSettings(topology: .edgeList(agents: ["a"], edges: []))
  let alone = try Seen(study(one, StrategySettings(kind: .nonCooperative), 40.5))
  #expect(alone.record.agents[0].updates == 40)
  let centre = CentreSettings(stepTime: .constant(0))
  for (timing, missing) in [
    (StrategySettings.Timing.synchronousGlobal, StrategySettings.MissingNeighbourRule.itself), (.asynchronous, .wait),
  ] {
    let strategy = StrategySettings(
      kind: .centralised, timing: timing, missingNeighbour: missing, upload: .gradients, centre: centre)
    let seen = try Seen(study(one, strategy, 40.5))
    #expect(seen.record.agents[0].updates == 40)
    #expect(Array(seen.parameters.prefix(alone.parameters.count)) == alone.parameters)
    #expect(seen.record.agents[0].episodes == alone.record.agents[0].episodes)
    let returns = [alone, seen].map { $0.record.values(.testReturn).map(\.bitPattern) }
    #expect(returns[0] == returns[1] && returns[0].count > 10)
  }
}
