// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities
import Randomness

/// What the agents of `DistralLearning` have in common with the threads that compute their steps.
///
/// What belongs to one agent is touched by one thread at a time, as in `ActorCriticCore`.
final class DistralCore: @unchecked Sendable {
  let settings: DistralSettings
  let tasks: ControlTasks
  let networks: DistralNetworks
  private let gradient: DistralGradient
  /// Of h, f and V.
  private let optimisers: [Optimiser]
  private let counts: [Int]
  private let streams: SoftQStreams
  private let keys: [EntityKey]

  /// The step of each agent that is under way or was the last.
  private let underWay: Column<LocalStep>
  /// What it takes.
  let work: Column<StepWork>
  /// The parameters at which each step is taken (N × M).
  private let frozen: Column<Float>
  /// Where the gradient of each step goes.
  private let gradients: Column<UnsafeMutablePointer<Float>>
  /// Moments of the optimisers of all nodes, of h, f and V.
  private let moments: Column<Float>
  private let momentsPerNode: Int
  /// Moves so far, three numbers for each node.
  private let moves: Column<UInt64>
  /// The lengths of the latest episodes of each agent.
  private let lives: Column<Life>

  /// How many places on from its first task each agent is, and the task of the step under way.
  private let shifts: Column<Int>
  private let taskUnderWay: Column<Int>

  /// Rooms of threads that compute steps, as many as were ever needed at once.
  private var freeRooms: [SharedDistralRoom] = []
  /// Guards `freeRooms`. Not a `Mutex`, which ThreadSanitizer does not see.
  private let lock = NSLock()

  init(_ settings: DistralSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: SoftQStreams) {
    self.settings = settings
    self.tasks = tasks
    let networks = DistralNetworks(settings, tasks: tasks)
    self.networks = networks
    gradient = DistralGradient(settings, networks: networks)
    optimisers = settings.optimisers
    counts = networks.layoutCounts
    self.streams = streams
    keys = agents
    underWay = Column((0..<agents.count).map { LocalStep(NodeID($0), attempt: 0) })
    work = Column(repeating: StepWork(samples: 0), count: agents.count)
    frozen = Column(repeating: 0, count: learners * networks.parameterCount)
    gradients = Column(repeating: frozen.base, count: agents.count)
    momentsPerNode = settings.momentsPerNode(of: networks)
    moments = Column(repeating: 0, count: agents.count * momentsPerNode)
    moves = Column(repeating: 0, count: 3 * agents.count)
    lives = Column(repeating: Life(), count: agents.count)
    shifts = Column(repeating: 0, count: agents.count)
    taskUnderWay = Column(repeating: 0, count: agents.count)
  }

  /// The position of an agent's task in the list.
  func task(of agent: Int) -> Int { tasks.position(agent: agent, shift: shifts[agent]) }

  /// Lets agents take other tasks. What was measured, and whoever acts, is done with the old ones.
  func shift(_ nodes: [NodeID], by places: Int) { for node in nodes { shifts[node.index] += places } }

  /// The mean length of an agent's latest episodes.
  func recentSteps(of agent: Int) -> Double { lives[agent].recentSteps }

  func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: streams.initial.key(entity))
  }

  // MARK: - Steps

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>) {
    let agent = step.node.index
    underWay[agent] = step
    taskUnderWay[agent] = task(of: agent)
    gradients[agent] = gradient
    (frozen.base + agent * networks.parameterCount).update(from: parameters, count: networks.parameterCount)
  }

  /// Plays an episode, and computes the gradients of the step that is under way; on any thread.
  func compute(_ agent: Int) {
    let shared = takeRoom()
    let parameters = UnsafePointer(frozen.base + agent * networks.parameterCount)
    let (key, attempt) = (keys[agent], underWay[agent].attempt)
    tasks.play(
      taskUnderWay[agent], with: networks, at: parameters,
      start: Draws(streams.starts.key(key).attempt(UInt32(truncatingIfNeeded: attempt)), at: 0),
      noise: Draws(streams.noise.key(key), at: attempt), in: &shared.room)
    gradient.write(at: parameters, into: gradients[agent], in: &shared.room)
    let samples = UInt64(shared.room.count)
    work[agent] = StepWork(samples: samples, environmentSteps: samples, episodes: 1)
    giveBack(shared)
  }

  /// Notes the episode of the step under way, and replaces the gradients of what is the agent's own by moves.
  func commit(_ agent: Int) {
    lives[agent].elapsed = Int32(work[agent].samples)
    lives[agent].end()
    for part in 1..<3 { turn(gradients[agent], of: agent, part: part) }
  }

  /// Replaces the gradient of what is shared by the move of an agent's optimiser.
  func turnSharedIntoIncrement(_ agent: Int) { turn(gradients[agent], of: agent, part: 0) }

  /// The same of any vector, for any node.
  func turnSharedIntoIncrement(_ vector: UnsafeMutablePointer<Float>, of node: Int) { turn(vector, of: node, part: 0) }

  /// Replaces the gradient of h, f or V.
  private func turn(_ vector: UnsafeMutablePointer<Float>, of node: Int, part: Int) {
    guard counts[part] > 0 else { return }
    var place = vector
    var state = moments.base + node * momentsPerNode
    for earlier in 0..<part {
      place += counts[earlier]
      state += optimisers[earlier].stateCount(parameters: counts[earlier])
    }
    moves[3 * node + part] += 1
    optimisers[part].turnIntoMove(place, count: counts[part], state: state, move: moves[3 * node + part])
  }

  /// Starts a node afresh.
  func forget(_ node: Int) {
    (moments.base + node * momentsPerNode).update(repeating: 0, count: momentsPerNode)
    for part in 0..<3 { moves[3 * node + part] = 0 }
    lives[node] = Life()
  }

  // MARK: - Memory

  /// What agents keep, and the steps that are under way, which have been computed.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try memory.column("moments", moments)
    try memory.column("moves", moves)
    try memory.column("lives", lives)
    try memory.column("steps under way", underWay)
    try memory.column("work", work)
    try memory.column("places of tasks", shifts)
    try memory.column("tasks under way", taskUnderWay)
    if memory.isReading {
      for node in 0..<gradients.count { gradients[node] = increments + node * networks.parameterCount }
    }
  }

  /// What a node keeps between steps.
  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try memory.values("moments of an agent", moments.base + node * momentsPerNode, count: momentsPerNode)
    try memory.values("moves of an agent", moves.base + 3 * node, count: 3)
    try memory.values("life", lives.base + node, count: 1)
  }

  // MARK: - Rooms

  /// Bytes of parameters and moments, and of all rooms that were ever needed.
  var bytesHeld: Int {
    let rooms = lock.withLock { freeRooms.count }
    return (frozen.count + moments.count) * MemoryLayout<Float>.stride
      + rooms * Int(DistralRoom.bytes(networks, tasks: tasks))
  }

  private func takeRoom() -> SharedDistralRoom {
    lock.withLock { freeRooms.popLast() } ?? SharedDistralRoom(networks, tasks: tasks)
  }

  private func giveBack(_ room: SharedDistralRoom) { lock.withLock { freeRooms.append(room) } }
}

/// A room that threads hand on.
final class SharedDistralRoom: @unchecked Sendable {
  var room: DistralRoom

  init(_ networks: DistralNetworks, tasks: ControlTasks) { room = DistralRoom(networks, tasks: tasks) }
}

extension DistralSettings {
  /// Of h, f and V.
  var optimisers: [Optimiser] {
    [priorStepSize, taskStepSize, criticStepSize].map { optimiser.optimiser(stepSize: $0) }
  }

  /// How many numbers the optimisers of a node keep.
  func momentsPerNode(of networks: DistralNetworks) -> Int {
    zip(optimisers, networks.layoutCounts).reduce(0) { $0 + $1.0.stateCount(parameters: $1.1) }
  }
}

extension DistralNetworks {
  /// The numbers of parameters of h, f and V.
  var layoutCounts: [Int] { [sharedCount, ownCount, critic.parameterCount] }
}
