// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// How agents of `SoftActorCriticLearning` act and learn.
package final class SoftActorCriticCore: ReplayingCore, @unchecked Sendable {
  package let steps: ActingSteps
  private let settings: SoftActorCriticSettings
  private let networks: SoftActorCriticNetworks
  package let experience: Experience
  package let pace: ReplayPace
  private let gradient: SoftActorCriticGradient
  private let optimisers: BlockOptimisers
  private let temperatures: Temperatures
  private let streams: ActingStreams
  private let keys: [EntityKey]
  private let learners: Int
  /// Slow critics (N × both).
  private let slow: Column<Float>
  /// Updates of each agent that have ended: steps that learnt something.
  private let updates: Column<UInt64>
  package let rooms: RoomPool<SoftActorCriticRoom>

  package init(
    _ settings: SoftActorCriticSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int,
    streams: ActingStreams
  ) {
    self.settings = settings
    self.learners = learners
    let networks = SoftActorCriticNetworks(settings, tasks: tasks)
    self.networks = networks
    gradient = SoftActorCriticGradient(settings, networks: networks)
    optimisers = BlockOptimisers(settings.blocks(of: networks), nodes: agents.count)
    temperatures = Temperatures(settings, actionCount: tasks.environment.actionCount, agents: learners)
    self.streams = streams
    keys = agents
    experience = Experience(
      tasks, agents: learners, capacity: settings.replay, stepsAtOnce: settings.stepsPerUpdate)
    pace = ReplayPace(
      batch: settings.batch, randomFirst: settings.randomFirst, stepsPerUpdate: settings.stepsPerUpdate)
    steps = ActingSteps(
      tasks, nodes: agents.count, learners: learners, parameterCount: networks.parameterCount)
    slow = Column(repeating: 0, count: learners * networks.criticCount)
    updates = Column(repeating: 0, count: agents.count)
    rooms = RoomPool { SoftActorCriticRoom(batch: settings.batch, networks: networks) }
  }

  package var layout: StepLayout { networks.layout }

  package var policies: PolicyForm { networks.policies }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: streams.initial.key(entity))
  }

  // MARK: - Steps

  package func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: SoftActorCriticRoom) -> UInt64 {
    let key = keys[agent]
    var noise = Draws(streams.noise.key(key), at: steps.underWay[agent].attempt)
    let (observation, action) = (room.observation.base, room.action.base)
    let workspace = room.policyRoom
    return experience.act(
      agent, steps: pace.stepsPerUpdate, in: steps.taskUnderWay(of: agent),
      starts: streams.starts.key(key).attempt(steps.attempt(of: agent)), observation: observation, action: action
    ) { stepsBefore in
      if pace.isRandom(after: stepsBefore) {
        action[0] = networks.bound * Float(2 * noise.uniform() - 1)
      } else {
        fillStandardNormal(UnsafeMutableBufferPointer(start: room.numbers.base, count: 1), from: &noise)
        networks.act(
          UnsafePointer(observation), rows: 1, at: parameters, noise: UnsafePointer(room.numbers.base),
          workspace: workspace, into: action)
      }
    }
  }

  package func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: SoftActorCriticRoom) {
    var draws = Draws(streams.replay.key(keys[agent]), at: steps.underWay[agent].attempt)
    experience.draw(agent, from: &draws, into: room.batch)
    room.drawNoise(from: &draws)
    writeSlow(of: agent, into: room.slow.base)
    let temperature = temperatures[agent]
    gradient.writeTargets(at: parameters, temperature: temperature, in: room)
    gradient.writeOfCritics(at: parameters, into: steps.gradients[agent], in: room)
    let density = gradient.writeOfPolicy(
      at: parameters, temperature: temperature, into: steps.gradients[agent], in: room
    ).logDensity
    temperatures.note(agent, logDensity: density)
  }

  /// The slow critics of the step under way: as they were, and a part of the way to the critics as they are, which are
  /// those that the update before has come to. At first they are the critics.
  ///
  /// - Parameter place: may be where they are.
  private func writeSlow(of agent: Int, into place: UnsafeMutablePointer<Float>) {
    let count = networks.criticCount
    let critics = steps.parameters(of: agent) + networks.criticStart
    guard updates[agent] > 0 else {
      place.update(from: critics, count: count)
      return
    }
    let own = slow.base + agent * count
    let rate = Float(settings.targetRate)
    for index in 0..<count { place[index] = own[index] + rate * (critics[index] - own[index]) }
  }

  package func commit(_ agent: Int) {
    experience.commit(agent)
    guard steps.work[agent].gradientSamples > 0 else { return }
    writeSlow(of: agent, into: slow.base + agent * networks.criticCount)
    temperatures.commit(agent)
    updates[agent] &+= 1
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    for block in optimisers.blocks.indices { optimisers.turn(block, of: gradient, for: node) }
  }

  package func forget(_ node: Int) {
    optimisers.forget(node)
    updates[node] = 0
    guard node < learners else { return }
    experience.forget(node)
    temperatures.forget(node)
  }

  // MARK: - Memory

  /// Bytes of parameters, slow critics, moments and transitions, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    steps.bytesHeld + slow.count * MemoryLayout<Float>.stride + optimisers.bytes + experience.bytesHeld
      + rooms.freeCount * Int(SoftActorCriticRoom.bytes(batch: settings.batch, networks: networks))
  }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try temperatures.visit(&memory)
    try memory.column("slow critics", slow)
    try memory.column("updates", updates)
    try steps.visit(&memory, increments: increments)
    // A step that ends moves the slow critics towards the parameters at which it was taken.
    try memory.column("parameters of steps under way", steps.frozen)
    try experience.visit(&memory)
  }

  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    try memory.values("updates of an agent", updates.base + node, count: 1)
    guard node < learners else { return }
    let count = networks.criticCount
    try memory.values("slow critics of an agent", slow.base + node * count, count: count)
    try temperatures.visit(&memory, of: node)
    try experience.visit(&memory, of: node)
  }
}
