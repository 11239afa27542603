// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities
import Randomness

/// What the agents of `SoftQLearning` have in common with the threads that compute their steps.
///
/// What belongs to one agent is touched by one thread at a time, as in `ActorCriticCore`.
final class SoftQCore: @unchecked Sendable {
  let settings: SoftQSettings
  let tasks: ControlTasks
  let networks: SoftQNetworks
  let experience: Experience
  private let gradient: SoftQGradient
  private let optimisers: SoftQOptimisers
  private let stream: SoftQStreams
  private let keys: [EntityKey]
  private let learners: Int

  /// The step of each agent that is under way or was the last.
  private let underWay: Column<LocalStep>
  /// What it takes.
  let work: Column<StepWork>
  /// The parameters at which each step is taken (N × M).
  private let frozen: Column<Float>
  /// Where the gradient of each step goes.
  private let gradients: Column<UnsafeMutablePointer<Float>>

  /// How many places on from its first task each agent is, and the task of the step under way.
  private let shifts: Column<Int>
  private let taskUnderWay: Column<Int>

  /// Rooms of threads that compute steps, as many as were ever needed at once.
  private var freeRooms: [SharedSoftQRoom] = []
  /// Guards `freeRooms`. Not a `Mutex`, which ThreadSanitizer does not see.
  private let lock = NSLock()

  init(_ settings: SoftQSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: SoftQStreams) {
    self.settings = settings
    self.tasks = tasks
    self.learners = learners
    let networks = SoftQNetworks(settings, tasks: tasks)
    self.networks = networks
    gradient = SoftQGradient(settings, networks: networks)
    optimisers = SoftQOptimisers(settings, networks: networks, nodes: agents.count)
    stream = streams
    keys = agents
    experience = Experience(
      tasks, agents: learners, capacity: settings.replay, stepsAtOnce: settings.stepsPerUpdate)
    underWay = Column((0..<agents.count).map { LocalStep(NodeID($0), attempt: 0) })
    work = Column(repeating: StepWork(samples: 0), count: agents.count)
    frozen = Column(repeating: 0, count: learners * networks.parameterCount)
    gradients = Column(repeating: frozen.base, count: agents.count)
    shifts = Column(repeating: 0, count: agents.count)
    taskUnderWay = Column(repeating: 0, count: agents.count)
  }

  /// The position of an agent's task in the list.
  func task(of agent: Int) -> Int { tasks.position(agent: agent, shift: shifts[agent]) }

  /// Lets agents take other tasks. What was measured, and whoever acts, is done with the old ones.
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
    (frozen.base + agent * networks.parameterCount).update(from: parameters, count: networks.parameterCount)
  }

  /// Acts, and computes the gradients of the step that is under way; on any thread.
  func compute(_ agent: Int) {
    let shared = takeRoom()
    let parameters = UnsafePointer(frozen.base + agent * networks.parameterCount)
    experience.begin(agent)
    let episodes = act(agent, at: parameters, in: shared.room)
    let samples = UInt64(settings.stepsPerUpdate)
    var learnt = 0
    if experience.transitions(of: agent) >= settings.batch, !isRandom(experience.shadow(of: agent).steps) {
      var draws = Draws(stream.replay.key(keys[agent]), at: underWay[agent].attempt)
      experience.draw(agent, from: &draws, into: shared.room.batch)
      if settings.targetSteps > 1 { experience.latest(agent, into: shared.room.segment) }
      gradient.worths(at: parameters, into: gradients[agent], in: shared.room)
      gradient.prior(at: parameters, into: gradients[agent], in: shared.room)
      learnt = settings.batch
    } else {
      gradients[agent].update(repeating: 0, count: networks.parameterCount)
    }
    work[agent] = StepWork(
      samples: samples, environmentSteps: samples, episodes: episodes, gradientSamples: Double(learnt))
    giveBack(shared)
  }

  /// Whether actions are still uniform, and nothing is learnt, after so many steps of the environment.
  private func isRandom(_ steps: UInt64) -> Bool { steps < UInt64(settings.randomFirst) }

  private func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: borrowing SoftQRoom) -> UInt64 {
    let (key, attempt) = (keys[agent], underWay[agent].attempt)
    var noise = Draws(stream.noise.key(key), at: attempt)
    let (observation, action, prior) = (room.observation.base, room.action.base, room.prior.base)
    let workspace = room.networkRoom
    let categorical = CategoricalPolicy<Float>(actionCount: networks.actionCount)
    return experience.act(
      agent, steps: settings.stepsPerUpdate, in: taskUnderWay[agent],
      starts: stream.starts.key(key).attempt(UInt32(truncatingIfNeeded: attempt)), observation: observation,
      action: action
    ) { steps in
      if isRandom(steps) {
        action[0] = Float(noise.integer(below: UInt32(categorical.actionCount)))
      } else {
        let chosen = networks.logBehaviour(
          UnsafePointer(observation), rows: 1, at: parameters, room: prior, workspace: workspace)
        action[0] = Float(categorical.action(UnsafePointer(chosen), atUniform: noise.uniform()))
      }
    }
  }

  /// Makes what the step under way has come to what there is.
  func commit(_ agent: Int) { experience.commit(agent) }

  /// Replaces the gradient of what is the agent's own by the move of its optimiser.
  func turnOwnIntoIncrement(_ agent: Int) { optimisers.turnOwn(gradients[agent], of: agent) }

  /// Replaces the gradient of what is shared by the move of an agent's optimiser.
  func turnSharedIntoIncrement(_ agent: Int) { optimisers.turnShared(gradients[agent], of: agent) }

  /// The same of any vector, for any node.
  func turnSharedIntoIncrement(_ vector: UnsafeMutablePointer<Float>, of node: Int) {
    optimisers.turnShared(vector, of: node)
  }

  /// Starts a node afresh.
  func forget(_ node: Int) {
    optimisers.forget(node)
    if node < learners { experience.forget(node) }
  }

  // MARK: - Memory

  /// What agents keep, and the steps that are under way, which have been computed.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try memory.column("steps under way", underWay)
    try memory.column("work", work)
    try memory.column("places of tasks", shifts)
    try memory.column("tasks under way", taskUnderWay)
    try experience.visit(&memory)
    if memory.isReading {
      for node in 0..<gradients.count { gradients[node] = increments + node * networks.parameterCount }
    }
  }

  /// What a node keeps between steps.
  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    if node < learners { try experience.visit(&memory, of: node) }
  }

  // MARK: - Rooms

  /// Bytes of parameters, moments and transitions, and of all rooms that were ever needed.
  var bytesHeld: Int {
    let rooms = lock.withLock { freeRooms.count }
    return frozen.count * MemoryLayout<Float>.stride + optimisers.bytes + experience.bytesHeld
      + rooms * Int(settings.bytesPerStep(of: networks))
  }

  private func takeRoom() -> SharedSoftQRoom {
    lock.withLock { freeRooms.popLast() } ?? SharedSoftQRoom(settings, networks: networks)
  }

  private func giveBack(_ room: SharedSoftQRoom) { lock.withLock { freeRooms.append(room) } }
}

/// A room that threads hand on.
final class SharedSoftQRoom: @unchecked Sendable {
  let room: SoftQRoom

  init(_ settings: SoftQSettings, networks: SoftQNetworks) { room = SoftQRoom(settings, networks: networks) }
}

/// The random streams of agents that learn softly.
struct SoftQStreams {
  let initial: StreamFamily
  let starts: StreamFamily
  let noise: StreamFamily
  let replay: StreamFamily

  init(seed: UInt64, replication: UInt32) {
    func family(_ purpose: Purpose) -> StreamFamily {
      StreamFamily(seed: seed, replication: replication, purpose: purpose)
    }
    initial = family(.initialParameters)
    starts = family(.episodeStart)
    noise = family(.actionNoise)
    replay = family(.replay)
  }
}
