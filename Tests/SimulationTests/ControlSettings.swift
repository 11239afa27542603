// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Workers

/// A small study of agents that act: eight hidden units, three episodes of up to 15 steps.
func controlSettings(
  _ network: NetworkSettings = paw, order: ActorCriticSettings.Order = .jacobi,
  strategy: StrategySettings = StrategySettings(), until: Double = 8, every: Double = 1
) -> SimulationSettings {
  let learner = ActorCriticSettings(hiddenUnits: [8], episodesPerStep: 3, order: order)
  return SimulationSettings(
    network: network, task: .control(ControlSettings(environment: .cartPoleBalance, timeLimit: 15)),
    learner: .actorCritic(learner),
    strategy: strategy, conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(every), testEpisodes: 2), seed: 7)
}

let orders = [ActorCriticSettings.Order.jacobi, .gaussSeidel]

/// The agents of a study, whose steps a test takes by hand.
struct PlainAgents: ~Copyable {
  let bank: ActorCritic
  /// w_k of each agent.
  var parameters: [[Float]]
  /// What each attempt of an agent took, phase after phase.
  private(set) var works: [[StepWork]]

  init(_ settings: SimulationSettings, world: World) throws {
    guard let task = world.task as? ControlSettings else { throw SimulationError("Agents do not act.") }
    let count = world.agentCount
    bank = ActorCritic(
      settings.learner.actorCritic, task: task, agents: world.network.keys, learners: count,
      testEpisodes: settings.measurement.testEpisodes, seed: settings.seed, replication: 0, steps: StepPool())
    parameters = Array(repeating: Array(repeating: .nan, count: bank.parameterCount), count: count)
    works = Array(repeating: [], count: count)
    for agent in 0..<count { start(agent) }
  }

  mutating func start(_ agent: Int) { bank.initialise(NodeID(agent), into: &parameters[agent]) }

  /// ψ in the block of the phase, w elsewhere.
  mutating func adapted(_ agent: Int, attempt: Int, phase: Int = 0) -> [Float] {
    let w = parameters[agent]
    var increment = [Float](repeating: .nan, count: w.count)
    works[agent].append(
      increment.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return StepWork(samples: 0) }
        bank.begin(LocalStep(NodeID(agent), attempt: UInt64(attempt), phase: phase), at: w, increment: base)
        return bank.finish(NodeID(agent))
      })
    let block = bank.layout.phases[phase].shared
    return w.indices.map { block.contains($0) ? w[$0] + increment[$0] : w[$0] }
  }

  /// Takes whole steps without anybody else.
  mutating func adapt(_ agent: Int, attempts: [Int]) {
    for attempt in attempts {
      for phase in 0..<bank.layout.phases.count {
        let psi = adapted(agent, attempt: attempt, phase: phase)
        parameters[agent] = psi
      }
    }
  }

  /// One round of adapt-then-combine of all agents, one barrier for each phase.
  mutating func round(_ attempt: Int, in world: World) {
    for phase in 0..<bank.layout.phases.count {
      var psis: [[Float]] = []
      for agent in parameters.indices { psis.append(adapted(agent, attempt: attempt, phase: phase)) }
      for agent in parameters.indices {
        var sums = psis[agent]
        for link in world.network.incoming(NodeID(agent)) {
          let sender = world.network.senders[link].index
          for entry in bank.layout.phases[phase].shared {
            sums[entry] += Float(world.network.weights[link]) * (psis[sender][entry] - psis[agent][entry])
          }
        }
        parameters[agent] = sums
      }
    }
  }

  var allParameters: [Double] { parameters.flatMap { $0.map { Double($0) } } }
}

extension RunRecord {
  /// The values of a metric on the grid.
  func values(_ metric: MetricDefinition) -> [Double] { series.first { $0.metric == metric.name }?.values ?? [] }
}
