// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// How agents of `DeepQLearning` act and learn.
package final class DeepQCore: ReplayingCore, @unchecked Sendable {
  package let steps: ActingSteps
  package let policies: PolicyForm
  private let settings: DeepQSettings
  private let network: Perceptron<Float>
  package let experience: Experience
  package let pace: ReplayPace
  private let loss: DeepQLoss
  private let optimisers: BlockOptimisers
  private let streams: ActingStreams
  private let keys: [EntityKey]
  private let learners: Int
  /// Target networks (N × M); none where there are no such.
  private let targets: Column<Float>
  /// Updates of each agent that have ended: steps that learnt something.
  private let updates: Column<UInt64>
  package let rooms: RoomPool<DeepQRoom>

  package init(
    _ settings: DeepQSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    self.settings = settings
    self.learners = learners
    let network = settings.network(in: tasks)
    self.network = network
    policies = settings.policies(in: tasks)
    loss = DeepQLoss(settings, network: network)
    optimisers = BlockOptimisers(settings.blocks(of: network), nodes: agents.count)
    self.streams = streams
    keys = agents
    let count = network.parameterCount
    experience = Experience(
      tasks, agents: learners, capacity: settings.replay, stepsAtOnce: settings.stepsPerUpdate)
    pace = ReplayPace(
      batch: settings.batch, randomFirst: settings.randomFirst, stepsPerUpdate: settings.stepsPerUpdate)
    steps = ActingSteps(tasks, nodes: agents.count, learners: learners, parameterCount: count)
    targets = Column(repeating: 0, count: settings.targetEvery == nil ? 0 : learners * count)
    updates = Column(repeating: 0, count: agents.count)
    rooms = RoomPool { DeepQRoom(batch: settings.batch, network: network) }
  }

  package var layout: StepLayout { StepLayout([.shared("q", network.parameterCount)]) }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    var draws = Draws(streams.initial.key(entity), at: 0)
    network.initialise(
      parameters, hidden: settings.hiddenStart.initialisation, output: .uniformByInputs, from: &draws)
  }

  // MARK: - Steps

  package func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: DeepQRoom) -> UInt64 {
    let key = keys[agent]
    var noise = Draws(streams.noise.key(key), at: steps.underWay[agent].attempt)
    let (observation, action) = (room.observation.base, room.action.base)
    let workspace = room.networkRoom
    let choices = UInt32(network.outputCount)
    return experience.act(
      agent, steps: pace.stepsPerUpdate, in: steps.taskUnderWay(of: agent),
      starts: streams.starts.key(key).attempt(steps.attempt(of: agent)), observation: observation, action: action
    ) { stepsBefore in
      let isUniform =
        pace.isRandom(after: stepsBefore) || noise.uniform() < settings.exploration.probability(after: stepsBefore)
      if isUniform {
        action[0] = Float(noise.integer(below: choices))
      } else {
        let values = network.forward(UnsafePointer(observation), rows: 1, at: parameters, workspace: workspace)
        action[0] = Float(greatest(UnsafePointer(values), count: Int(choices)))
      }
    }
  }

  package func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: DeepQRoom) {
    var draws = Draws(streams.replay.key(keys[agent]), at: steps.underWay[agent].attempt)
    experience.draw(agent, from: &draws, into: room.batch)
    loss.writeTargets(at: parameters, target: target(of: agent) ?? parameters, in: room)
    loss.gradient(at: parameters, into: steps.gradients[agent], in: room)
  }

  /// The target network of a step, nothing where it is the network itself.
  private func target(of agent: Int) -> UnsafePointer<Float>? {
    isRenewal(agent) ? nil : UnsafePointer(targets.base + agent * network.parameterCount)
  }

  /// Whether the network becomes the target network with the next update, or there is none beside it.
  private func isRenewal(_ agent: Int) -> Bool {
    settings.targetEvery.map { updates[agent] % UInt64($0) == 0 } ?? true
  }

  package func commit(_ agent: Int) {
    experience.commit(agent)
    guard steps.work[agent].gradientSamples > 0 else { return }
    if settings.targetEvery != nil, isRenewal(agent) {
      let count = network.parameterCount
      (targets.base + agent * count).update(from: steps.parameters(of: agent), count: count)
    }
    updates[agent] &+= 1
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    optimisers.turn(0, of: gradient, for: node)
  }

  package func forget(_ node: Int) {
    optimisers.forget(node)
    updates[node] = 0
    if node < learners { experience.forget(node) }
  }

  // MARK: - Memory

  /// Bytes of parameters, targets, moments and transitions, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    steps.bytesHeld + targets.count * MemoryLayout<Float>.stride + optimisers.bytes + experience.bytesHeld
      + rooms.freeCount * Int(DeepQRoom.bytes(batch: settings.batch, network: network))
  }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try memory.column("target networks", targets)
    try memory.column("updates", updates)
    try steps.visit(&memory, increments: increments)
    // A step that ends makes the parameters at which it was taken the target network.
    try memory.column("parameters of steps under way", steps.frozen)
    try experience.visit(&memory)
  }

  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    try memory.values("updates of an agent", updates.base + node, count: 1)
    guard node < learners else { return }
    if settings.targetEvery != nil {
      let count = network.parameterCount
      try memory.values("target network of an agent", targets.base + node * count, count: count)
    }
    try experience.visit(&memory, of: node)
  }
}
