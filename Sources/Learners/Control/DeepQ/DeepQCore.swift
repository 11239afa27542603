// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities
import Randomness

/// What the agents of `DeepQLearning` have in common with the threads that compute their steps.
///
/// What belongs to one agent is touched by one thread at a time, as in `ActorCriticCore`.
final class DeepQCore: @unchecked Sendable {
  let settings: DeepQSettings
  let tasks: ControlTasks
  let network: Perceptron<Float>
  let experience: Experience
  private let loss: DeepQLoss
  private let optimiser: Optimiser
  private let stream: DeepQStreams
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
  /// Target networks (N × M); none where there are no such.
  private let targets: Column<Float>
  /// Updates of each agent that have ended: steps that learnt something.
  private let updates: Column<UInt64>
  /// Moments of the optimisers, of all nodes.
  private let moments: Column<Float>
  private let momentsPerNode: Int
  /// Moves of each optimiser so far.
  private let moves: Column<UInt64>

  /// How many places on from its first task each agent is, and the task of the step under way.
  private let shifts: Column<Int>
  private let taskUnderWay: Column<Int>

  /// Rooms of threads that compute steps, as many as were ever needed at once.
  private var freeRooms: [SharedRoom] = []
  /// Guards `freeRooms`. Not a `Mutex`, which ThreadSanitizer does not see.
  private let lock = NSLock()

  init(_ settings: DeepQSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: DeepQStreams) {
    self.settings = settings
    self.tasks = tasks
    self.learners = learners
    network = settings.network(in: tasks)
    loss = DeepQLoss(settings, network: network)
    optimiser = settings.optimiser.optimiser(stepSize: settings.stepSize)
    stream = streams
    keys = agents
    let count = network.parameterCount
    experience = Experience(
      tasks, agents: learners, capacity: settings.replay, stepsAtOnce: settings.stepsPerUpdate)
    underWay = Column((0..<agents.count).map { LocalStep(NodeID($0), attempt: 0) })
    work = Column(repeating: StepWork(samples: 0), count: agents.count)
    frozen = Column(repeating: 0, count: learners * count)
    gradients = Column(repeating: frozen.base, count: agents.count)
    targets = Column(repeating: 0, count: settings.targetEvery == nil ? 0 : learners * count)
    updates = Column(repeating: 0, count: agents.count)
    momentsPerNode = optimiser.stateCount(parameters: count)
    moments = Column(repeating: 0, count: agents.count * momentsPerNode)
    moves = Column(repeating: 0, count: agents.count)
    shifts = Column(repeating: 0, count: agents.count)
    taskUnderWay = Column(repeating: 0, count: agents.count)
  }

  /// The position of an agent's task in the list.
  func task(of agent: Int) -> Int { tasks.position(agent: agent, shift: shifts[agent]) }

  /// Lets agents take other tasks. What was measured, and whoever acts, is done with the old ones.
  func shift(_ nodes: [NodeID], by places: Int) { for node in nodes { shifts[node.index] += places } }

  func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    var draws = Draws(stream.initial.key(entity), at: 0)
    network.initialise(
      parameters, hidden: settings.hiddenStart.initialisation, output: .uniformByInputs, from: &draws)
  }

  // MARK: - Steps

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>) {
    let agent = step.node.index
    underWay[agent] = step
    taskUnderWay[agent] = task(of: agent)
    gradients[agent] = gradient
    (frozen.base + agent * network.parameterCount).update(from: parameters, count: network.parameterCount)
  }

  /// Acts, and computes the gradient of the step that is under way; on any thread.
  func compute(_ agent: Int) {
    let shared = takeRoom()
    let parameters = UnsafePointer(frozen.base + agent * network.parameterCount)
    experience.begin(agent)
    let episodes = act(agent, at: parameters, in: shared.room)
    let samples = UInt64(settings.stepsPerUpdate)
    var learnt = 0
    if experience.transitions(of: agent) >= settings.batch, !isRandom(experience.shadow(of: agent).steps) {
      learn(agent, at: parameters, in: shared.room)
      learnt = settings.batch
    } else {
      gradients[agent].update(repeating: 0, count: network.parameterCount)
    }
    work[agent] = StepWork(
      samples: samples, environmentSteps: samples, episodes: episodes, gradientSamples: Double(learnt))
    giveBack(shared)
  }

  /// Whether actions are still uniform, and nothing is learnt, after so many steps of the environment.
  private func isRandom(_ steps: UInt64) -> Bool { steps < UInt64(settings.randomFirst) }

  private func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: borrowing DeepQRoom) -> UInt64 {
    let (key, attempt) = (keys[agent], underWay[agent].attempt)
    var noise = Draws(stream.noise.key(key), at: attempt)
    let (observation, action) = (room.observation.base, room.action.base)
    let workspace = room.networkRoom
    let choices = UInt32(network.outputCount)
    return experience.act(
      agent, steps: settings.stepsPerUpdate, in: taskUnderWay[agent],
      starts: stream.starts.key(key).attempt(UInt32(truncatingIfNeeded: attempt)), observation: observation,
      action: action
    ) { steps in
      let isUniform =
        isRandom(steps) || noise.uniform() < settings.exploration.probability(after: steps)
      if isUniform {
        action[0] = Float(noise.integer(below: choices))
      } else {
        let values = network.forward(UnsafePointer(observation), rows: 1, at: parameters, workspace: workspace)
        action[0] = Float(greatest(UnsafePointer(values), count: Int(choices)))
      }
    }
  }

  private func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: borrowing DeepQRoom) {
    var draws = Draws(stream.replay.key(keys[agent]), at: underWay[agent].attempt)
    experience.draw(agent, from: &draws, into: room.batch)
    loss.writeTargets(at: parameters, target: target(of: agent) ?? parameters, in: room)
    loss.gradient(at: parameters, into: gradients[agent], in: room)
  }

  /// The target network of a step, nothing where it is the network itself.
  private func target(of agent: Int) -> UnsafePointer<Float>? {
    isRenewal(agent) ? nil : UnsafePointer(targets.base + agent * network.parameterCount)
  }

  /// Whether the network becomes the target network with the next update, or there is none beside it.
  private func isRenewal(_ agent: Int) -> Bool {
    settings.targetEvery.map { updates[agent] % UInt64($0) == 0 } ?? true
  }

  /// Makes what the step under way has come to what there is.
  func commit(_ agent: Int) {
    experience.commit(agent)
    guard work[agent].gradientSamples > 0 else { return }
    if settings.targetEvery != nil, isRenewal(agent) {
      let place = agent * network.parameterCount
      (targets.base + place).update(from: frozen.base + place, count: network.parameterCount)
    }
    updates[agent] &+= 1
  }

  /// Replaces the gradient of the step under way by the move of the agent's optimiser.
  func turnIntoIncrement(_ agent: Int) { turnIntoIncrement(gradients[agent], of: agent) }

  /// Replaces a gradient by the move of a node's optimiser. One that is zero is of a step in which nobody has learnt
  /// anything, and no move.
  func turnIntoIncrement(_ vector: UnsafeMutablePointer<Float>, of node: Int) {
    let count = network.parameterCount
    guard (0..<count).contains(where: { vector[$0] != 0 }) else { return }
    moves[node] += 1
    optimiser.turnIntoMove(vector, count: count, state: moments.base + node * momentsPerNode, move: moves[node])
  }

  /// Starts a node afresh.
  func forget(_ node: Int) {
    (moments.base + node * momentsPerNode).update(repeating: 0, count: momentsPerNode)
    moves[node] = 0
    updates[node] = 0
    if node < learners { experience.forget(node) }
  }

  // MARK: - Memory

  /// What agents keep, and the steps that are under way, which have been computed.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try memory.column("moments", moments)
    try memory.column("moves", moves)
    try memory.column("target networks", targets)
    try memory.column("updates", updates)
    try memory.column("steps under way", underWay)
    try memory.column("work", work)
    // A step that ends makes the parameters at which it was taken the target network.
    try memory.column("parameters of steps under way", frozen)
    try memory.column("places of tasks", shifts)
    try memory.column("tasks under way", taskUnderWay)
    try experience.visit(&memory)
    if memory.isReading {
      for node in 0..<gradients.count { gradients[node] = increments + node * network.parameterCount }
    }
  }

  /// What a node keeps between steps.
  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try memory.values("moments of an agent", moments.base + node * momentsPerNode, count: momentsPerNode)
    try memory.values("moves of an agent", moves.base + node, count: 1)
    try memory.values("updates of an agent", updates.base + node, count: 1)
    guard node < learners else { return }
    if settings.targetEvery != nil {
      let count = network.parameterCount
      try memory.values("target network of an agent", targets.base + node * count, count: count)
    }
    try experience.visit(&memory, of: node)
  }

  // MARK: - Rooms

  /// Bytes of parameters, targets, moments and transitions, and of all rooms that were ever needed.
  var bytesHeld: Int {
    let rooms = lock.withLock { freeRooms.count }
    return (frozen.count + targets.count + moments.count) * MemoryLayout<Float>.stride + experience.bytesHeld
      + rooms * Int(DeepQRoom.bytes(batch: settings.batch, network: network))
  }

  private func takeRoom() -> SharedRoom {
    lock.withLock { freeRooms.popLast() } ?? SharedRoom(batch: settings.batch, network: network)
  }

  private func giveBack(_ room: SharedRoom) { lock.withLock { freeRooms.append(room) } }
}

/// A room that threads hand on.
final class SharedRoom: @unchecked Sendable {
  let room: DeepQRoom

  init(batch: Int, network: Perceptron<Float>) { room = DeepQRoom(batch: batch, network: network) }
}

/// The random streams of agents that learn values of actions.
struct DeepQStreams {
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
