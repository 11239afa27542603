// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// How agents of `DistralLearning` act and learn.
package final class DistralCore: ActingCore, @unchecked Sendable {
  package let steps: ActingSteps
  private let settings: DistralSettings
  private let networks: DistralNetworks
  private let gradient: DistralGradient
  private let optimisers: BlockOptimisers
  private let streams: ActingStreams
  private let keys: [EntityKey]
  /// The lengths of the latest episodes of each agent.
  private let lives: Column<Life>
  /// The return of the episode of the step under way of each agent.
  private let returns: Column<Double>
  private let rooms: RoomPool<DistralRoom>

  package init(
    _ settings: DistralSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    self.settings = settings
    let networks = DistralNetworks(settings, tasks: tasks)
    self.networks = networks
    gradient = DistralGradient(settings, networks: networks)
    optimisers = BlockOptimisers(settings.blocks(of: networks), nodes: agents.count)
    self.streams = streams
    keys = agents
    steps = ActingSteps(
      tasks, nodes: agents.count, learners: learners, parameterCount: networks.parameterCount)
    lives = Column(repeating: Life(), count: agents.count)
    returns = Column(repeating: 0, count: agents.count)
    rooms = RoomPool { DistralRoom(networks, tasks: tasks) }
  }

  package var layout: StepLayout { networks.layout }

  package var policies: PolicyForm { networks.policies }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: streams.initial.key(entity), carried: settings.priorFrom)
  }

  package func lives(of agent: Int) -> [Life] { [lives[agent]] }

  // MARK: - Steps

  package func compute(_ agent: Int) {
    let room = rooms.take()
    let (key, parameters) = (keys[agent], steps.parameters(of: agent))
    steps.tasks.play(
      steps.taskUnderWay(of: agent), with: networks, at: parameters,
      start: Draws(streams.starts.key(key).attempt(steps.attempt(of: agent)), at: 0),
      noise: Draws(streams.noise.key(key), at: steps.underWay[agent].attempt), in: room)
    gradient.write(at: parameters, into: steps.gradients[agent], in: room)
    returns[agent] = (0..<room.count).reduce(0) { $0 + Double(room.rewards[$1]) }
    let samples = UInt64(room.count)
    steps.work[agent] = StepWork(samples: samples, environmentSteps: samples, episodes: 1)
    rooms.giveBack(room)
  }

  package func commit(_ agent: Int) {
    lives[agent].pass(steps: Int32(steps.work[agent].samples), return: returns[agent])
    for block in optimisers.blocks.indices.dropFirst() {
      optimisers.turn(block, of: steps.gradients[agent], for: agent)
    }
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    optimisers.turn(0, of: gradient, for: node)
  }

  package func forget(_ node: Int) {
    optimisers.forget(node)
    lives[node] = Life()
  }

  // MARK: - Memory

  /// Bytes of parameters and moments, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    steps.bytesHeld + optimisers.bytes + rooms.freeCount * Int(DistralRoom.bytes(networks, tasks: steps.tasks))
  }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try memory.column("lives", lives)
    try memory.column("returns of steps under way", returns)
    try steps.visit(&memory, increments: increments)
  }

  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    try memory.values("life", lives.base + node, count: 1)
  }
}

extension DistralSettings {
  /// How a step changes h, f and V.
  func blocks(of networks: DistralNetworks) -> [BlockOptimisers.Block] {
    let counts = [networks.sharedCount, networks.ownCount, networks.critic.parameterCount]
    return zip([priorStepSize, taskStepSize, criticStepSize], counts).map { stepSize, count in
      BlockOptimisers.Block(optimiser: optimiser.optimiser(stepSize: stepSize), count: count)
    }
  }
}
