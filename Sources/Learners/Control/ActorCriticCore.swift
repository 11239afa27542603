// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities
import Randomness

/// The random streams of agents that act.
struct ActorCriticStreams {
  let initial: StreamFamily
  let starts: StreamFamily
  let noise: StreamFamily
  let tests: StreamFamily

  init(seed: UInt64, replication: UInt32) {
    func family(_ purpose: Purpose) -> StreamFamily {
      StreamFamily(seed: seed, replication: replication, purpose: purpose)
    }
    initial = family(.initialParameters)
    starts = family(.episodeStart)
    noise = family(.actionNoise)
    tests = family(.testEpisode)
  }
}

/// What the agents of `ActorCritic` have in common with the threads that compute their steps.
///
/// What belongs to one agent is touched by one thread at a time: by the run's between the ends and beginnings of the
/// agent's jobs, and by whoever does the job in between.
final class ActorCriticCore: @unchecked Sendable {
  let settings: ActorCriticSettings
  let tasks: ControlTasks
  let networks: ActorCriticNetworks
  private let gradient: ActorCriticGradient
  private let criticOptimiser: Optimiser
  private let actorOptimiser: Optimiser
  private let stream: ActorCriticStreams
  private let keys: [EntityKey]

  /// The step of each agent that is under way or was the last.
  let underWay: Column<LocalStep>
  /// What it takes.
  let work: Column<StepWork>
  /// The parameters at which each step is taken (N × M).
  private let frozen: Column<Float>
  /// Where the gradient of each step goes.
  private let gradients: Column<UnsafeMutablePointer<Float>>
  /// Moments of the optimisers, of all agents: the critic's, then the actor's.
  private let moments: Column<Float>
  private let momentsPerAgent: Int
  /// Moves of each optimiser so far, two for each agent.
  private let moves: Column<UInt64>

  /// Whether the agent's episodes of this step have been played (in the first of two phases).
  let hasEpisodes: Column<Bool>
  /// The episodes of each agent, where a step has two phases.
  private var ownRooms: [StepRoom] = []
  /// Rooms of threads that compute steps, as many as were ever needed at once.
  private var freeRooms: [StepRoom] = []
  /// Guards `freeRooms`. Not a `Mutex`, which ThreadSanitizer does not see.
  private let lock = NSLock()

  /// How many places on from its first task each agent is, and the task of the step under way.
  private let shifts: Column<Int>
  private let taskUnderWay: Column<Int>

  init(
    _ settings: ActorCriticSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int,
    streams: ActorCriticStreams
  ) {
    self.settings = settings
    self.tasks = tasks
    networks = ActorCriticNetworks(settings, tasks: tasks)
    gradient = ActorCriticGradient(settings, networks: networks)
    criticOptimiser = settings.optimiser(stepSize: settings.criticStepSize)
    actorOptimiser = settings.optimiser(stepSize: settings.actorStepSize)
    stream = streams
    keys = agents
    let count = networks.parameterCount
    underWay = Column((0..<agents.count).map { LocalStep(NodeID($0), attempt: 0) })
    work = Column(repeating: StepWork(samples: 0), count: agents.count)
    frozen = Column(repeating: 0, count: learners * count)
    gradients = Column(repeating: frozen.base, count: agents.count)
    momentsPerAgent = settings.momentsPerAgent(of: networks)
    moments = Column(repeating: 0, count: agents.count * momentsPerAgent)
    moves = Column(repeating: 0, count: 2 * agents.count)
    hasEpisodes = Column(repeating: false, count: agents.count)
    shifts = Column(repeating: 0, count: agents.count)
    taskUnderWay = Column(repeating: 0, count: agents.count)
    if settings.order == .gaussSeidel { ownRooms = (0..<learners).map { _ in makeRoom() } }
  }

  /// The position of an agent's task in the list.
  func task(of agent: Int) -> Int { tasks.position(agent: agent, shift: shifts[agent]) }

  /// Lets agents take other tasks. What was measured, and whoever plays, is done with the old ones.
  func shift(_ nodes: [NodeID], by places: Int) { for node in nodes { shifts[node.index] += places } }

  func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: stream.initial.key(entity))
  }

  // MARK: - Steps

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>) {
    let agent = step.node.index
    underWay[agent] = step
    taskUnderWay[agent] = task(of: agent)
    gradients[agent] = gradient
    if step.phase == 0 { hasEpisodes[agent] = false }
    (frozen.base + agent * networks.parameterCount).update(from: parameters, count: networks.parameterCount)
  }

  /// Computes the gradients of the step that is under way; on any thread.
  func compute(_ agent: Int) {
    let room = settings.order == .gaussSeidel ? ownRooms[agent] : takeRoom()
    let parameters = UnsafePointer(frozen.base + agent * networks.parameterCount)
    let step = underWay[agent]
    var work = StepWork(samples: 0)
    if !hasEpisodes[agent] {
      play(step, at: parameters, in: room)
      let samples = UInt64(room.episodes.count)
      work = StepWork(
        samples: samples, environmentSteps: samples, episodes: UInt64(settings.episodesPerStep), gradientSamples: 0)
    }
    switch settings.order {
    case .jacobi:
      gradient.critic(room.episodes, at: parameters, into: gradients[agent], in: room.gradient)
      gradient.actor(room.episodes, at: parameters, into: gradients[agent], in: room.gradient, isJudged: true)
      work.gradientSamples = Double(room.episodes.count)
      giveBack(room)
    case .gaussSeidel:
      if step.phase == 0 {
        gradient.critic(room.episodes, at: parameters, into: gradients[agent], in: room.gradient)
      } else {
        gradient.actor(room.episodes, at: parameters, into: gradients[agent], in: room.gradient, isJudged: false)
      }
      work.gradientSamples = Double(room.episodes.count) / 2
      hasEpisodes[agent] = step.phase == 0
    }
    self.work[agent] = work
  }

  private func play(_ step: LocalStep, at parameters: UnsafePointer<Float>, in room: StepRoom) {
    let key = keys[step.node.index]
    tasks.play(
      taskUnderWay[step.node.index], with: networks, at: parameters + networks.actorStart,
      starts: stream.starts.key(key).attempt(UInt32(truncatingIfNeeded: step.attempt)),
      noise: Draws(stream.noise.key(key), at: step.attempt), in: room.play, into: &room.episodes)
  }

  /// Replaces the gradient of a phase by the move of the agent's optimisers.
  func turnIntoIncrement(_ agent: Int, phase: Int) { turnIntoIncrement(gradients[agent], of: agent, phase: phase) }

  /// Replaces a gradient, that of a phase where steps have two, by the move of an agent's optimisers.
  func turnIntoIncrement(_ vector: UnsafeMutablePointer<Float>, of agent: Int, phase: Int) {
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

  /// Starts an agent's optimisers afresh.
  func forget(_ agent: Int) {
    (moments.base + agent * momentsPerAgent).update(repeating: 0, count: momentsPerAgent)
    moves[2 * agent] = 0
    moves[2 * agent + 1] = 0
    hasEpisodes[agent] = false
  }

  /// Moments, and the steps that are under way, which have been computed; of a step with two phases the episodes too.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try memory.column("moments", moments)
    try memory.column("moves", moves)
    try memory.column("steps under way", underWay)
    try memory.column("work", work)
    try memory.column("agents with episodes", hasEpisodes)
    try memory.column("places of tasks", shifts)
    try memory.column("tasks under way", taskUnderWay)
    for agent in ownRooms.indices where hasEpisodes[agent] { try ownRooms[agent].episodes.visit(&memory) }
    if memory.isReading {
      for agent in 0..<gradients.count { gradients[agent] = increments + agent * networks.parameterCount }
    }
  }

  /// The moments of an agent's optimisers.
  func visit(_ memory: inout RunMemory, of agent: Int) throws(RunMemoryFault) {
    try memory.values("moments of an agent", moments.base + agent * momentsPerAgent, count: momentsPerAgent)
    try memory.values("moves of an agent", moves.base + 2 * agent, count: 2)
  }

  // MARK: - Rooms

  /// Bytes of the parameters that steps are taken at, of moments, and of all rooms that were ever needed.
  var bytesHeld: Int {
    let rooms = ownRooms.count + lock.withLock { freeRooms.count }
    return (frozen.count + moments.count) * MemoryLayout<Float>.stride
      + rooms * Int(settings.bytesPerStep(in: tasks))
  }

  private func makeRoom() -> StepRoom {
    StepRoom(episodes: settings.episodesPerStep, timeLimit: tasks.timeLimit, networks: networks)
  }

  private func takeRoom() -> StepRoom { lock.withLock { freeRooms.popLast() } ?? makeRoom() }

  private func giveBack(_ room: StepRoom) { lock.withLock { freeRooms.append(room) } }
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
