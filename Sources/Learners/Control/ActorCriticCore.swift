// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// How agents of `ActorCritic` act and learn.
package final class ActorCriticCore: ActingCore, @unchecked Sendable {
  package let steps: ActingSteps
  private let settings: ActorCriticSettings
  private let tasks: ControlTasks
  private let networks: ActorCriticNetworks
  private let gradient: ActorCriticGradient
  private let criticOptimiser: Optimiser
  private let actorOptimiser: Optimiser
  private let streams: ActingStreams
  private let keys: [EntityKey]
  /// Moments of the optimisers, of all agents: the critic's, then the actor's.
  private let moments: Column<Float>
  private let momentsPerAgent: Int
  /// Moves of each optimiser so far, two for each agent.
  private let moves: Column<UInt64>

  /// Whether the agent's episodes of this step have been played (in the first of two phases).
  private let hasEpisodes: Column<Bool>
  /// The episodes of each agent, where a step has two phases.
  private let ownRooms: [StepRoom]
  private let rooms: RoomPool<StepRoom>

  package init(
    _ settings: ActorCriticSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    self.settings = settings
    self.tasks = tasks
    let networks = ActorCriticNetworks(settings, tasks: tasks)
    self.networks = networks
    gradient = ActorCriticGradient(settings, networks: networks)
    criticOptimiser = settings.optimiser(stepSize: settings.criticStepSize)
    actorOptimiser = settings.optimiser(stepSize: settings.actorStepSize)
    self.streams = streams
    keys = agents
    steps = ActingSteps(
      tasks, nodes: agents.count, learners: learners, parameterCount: networks.parameterCount)
    momentsPerAgent = settings.momentsPerAgent(of: networks)
    moments = Column(repeating: 0, count: agents.count * momentsPerAgent)
    moves = Column(repeating: 0, count: 2 * agents.count)
    hasEpisodes = Column(repeating: false, count: agents.count)
    let rooms = RoomPool {
      StepRoom(episodes: settings.episodesPerStep, timeLimit: tasks.timeLimit, networks: networks)
    }
    self.rooms = rooms
    ownRooms = settings.order == .gaussSeidel ? (0..<learners).map { _ in rooms.take() } : []
  }

  package var layout: StepLayout { settings.layout(of: networks) }

  package var policies: PolicyForm { networks.policies }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: streams.initial.key(entity))
  }

  // MARK: - Steps

  package func begins(_ step: LocalStep) {
    if step.phase == 0 { hasEpisodes[step.node.index] = false }
  }

  package func abandons(_ agent: Int) { hasEpisodes[agent] = false }

  package func compute(_ agent: Int) {
    let room = settings.order == .gaussSeidel ? ownRooms[agent] : rooms.take()
    let parameters = steps.parameters(of: agent)
    let step = steps.underWay[agent]
    var work = StepWork(samples: 0)
    if !hasEpisodes[agent] {
      play(step, at: parameters, in: room)
      let samples = UInt64(room.episodes.count)
      work = StepWork(
        samples: samples, environmentSteps: samples, episodes: UInt64(settings.episodesPerStep), gradientSamples: 0)
    }
    switch settings.order {
    case .jacobi:
      gradient.critic(room.episodes, at: parameters, into: steps.gradients[agent], in: room.gradient)
      gradient.actor(room.episodes, at: parameters, into: steps.gradients[agent], in: room.gradient, isJudged: true)
      work.gradientSamples = Double(room.episodes.count)
      rooms.giveBack(room)
    case .gaussSeidel:
      if step.phase == 0 {
        gradient.critic(room.episodes, at: parameters, into: steps.gradients[agent], in: room.gradient)
      } else {
        gradient.actor(room.episodes, at: parameters, into: steps.gradients[agent], in: room.gradient, isJudged: false)
      }
      work.gradientSamples = Double(room.episodes.count) / 2
      hasEpisodes[agent] = step.phase == 0
    }
    steps.work[agent] = work
  }

  private func play(_ step: LocalStep, at parameters: UnsafePointer<Float>, in room: StepRoom) {
    let key = keys[step.node.index]
    tasks.play(
      steps.taskUnderWay(of: step.node.index), with: networks, at: parameters + networks.actorStart,
      starts: streams.starts.key(key).attempt(steps.attempt(of: step.node.index)),
      noise: Draws(streams.noise.key(key), at: step.attempt), in: room.play, into: &room.episodes)
  }

  package func turnIntoIncrement(_ agent: Int) {
    turnIntoIncrement(steps.gradients[agent], of: agent, phase: steps.underWay[agent].phase)
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    turnIntoIncrement(gradient, of: node, phase: 0)
  }

  /// Replaces a gradient, that of a phase where steps have two, by the move of an agent's optimisers.
  private func turnIntoIncrement(_ vector: UnsafeMutablePointer<Float>, of agent: Int, phase: Int) {
    let criticCount = networks.critic.parameterCount
    let state = moments.base + agent * momentsPerAgent
    let isJacobi = settings.order == .jacobi
    if isJacobi || phase == 0 {
      moves[2 * agent] += 1
      criticOptimiser.turnIntoMove(vector, count: criticCount, state: state, move: moves[2 * agent])
    }
    if isJacobi || phase == 1 {
      moves[2 * agent + 1] += 1
      actorOptimiser.turnIntoMove(
        vector + criticCount, count: networks.actor.parameterCount,
        state: state + criticOptimiser.stateCount(parameters: criticCount), move: moves[2 * agent + 1])
    }
  }

  package func forget(_ agent: Int) {
    (moments.base + agent * momentsPerAgent).update(repeating: 0, count: momentsPerAgent)
    moves[2 * agent] = 0
    moves[2 * agent + 1] = 0
    hasEpisodes[agent] = false
  }

  // MARK: - Memory

  /// Bytes of the parameters that steps are taken at, of moments, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    steps.bytesHeld + moments.count * MemoryLayout<Float>.stride
      + (ownRooms.count + rooms.freeCount) * Int(settings.bytesPerStep(in: tasks))
  }

  /// Moments, and the steps that are under way; of a step with two phases the episodes too.
  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try memory.column("moments", moments)
    try memory.column("moves", moves)
    try memory.column("agents with episodes", hasEpisodes)
    try steps.visit(&memory, increments: increments)
    for agent in ownRooms.indices where hasEpisodes[agent] { try ownRooms[agent].episodes.visit(&memory) }
  }

  /// The moments of an agent's optimisers.
  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try memory.values("moments of an agent", moments.base + node * momentsPerAgent, count: momentsPerAgent)
    try memory.values("moves of an agent", moves.base + 2 * node, count: 2)
  }
}

/// Room for a step while it is computed.
private final class StepRoom: @unchecked Sendable {
  let play: EpisodeRoom
  let gradient: GradientRoom
  var episodes: EpisodeBuffer

  init(episodes: Int, timeLimit: Int, networks: ActorCriticNetworks) {
    play = EpisodeRoom(episodes: episodes, networks: networks)
    gradient = GradientRoom(rows: episodes * timeLimit, networks: networks)
    self.episodes = EpisodeBuffer(
      episodes: episodes, timeLimit: timeLimit, observationCount: networks.actor.inputCount)
  }
}
