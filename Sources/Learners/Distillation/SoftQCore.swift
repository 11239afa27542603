// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// How agents of `SoftQLearning` act and learn.
package final class SoftQCore: ReplayingCore, @unchecked Sendable {
  package let steps: ActingSteps
  private let settings: SoftQSettings
  private let networks: SoftQNetworks
  package let experience: Experience
  package let pace: ReplayPace
  private let gradient: SoftQGradient
  private let optimisers: BlockOptimisers
  private let streams: ActingStreams
  private let keys: [EntityKey]
  private let learners: Int
  package let rooms: RoomPool<SoftQRoom>

  package init(
    _ settings: SoftQSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    self.settings = settings
    self.learners = learners
    let networks = SoftQNetworks(settings, tasks: tasks)
    self.networks = networks
    gradient = SoftQGradient(settings, networks: networks)
    optimisers = BlockOptimisers(settings.blocks(of: networks), nodes: agents.count)
    self.streams = streams
    keys = agents
    experience = Experience(
      tasks, agents: learners, capacity: settings.replay, stepsAtOnce: settings.stepsPerUpdate)
    pace = ReplayPace(
      batch: settings.batch, randomFirst: settings.randomFirst, stepsPerUpdate: settings.stepsPerUpdate)
    steps = ActingSteps(
      tasks, nodes: agents.count, learners: learners, parameterCount: networks.parameterCount)
    rooms = RoomPool { SoftQRoom(settings, networks: networks) }
  }

  package var layout: StepLayout { networks.layout }

  package var policies: PolicyForm { networks.policies }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: streams.initial.key(entity), carried: settings.priorFrom)
  }

  // MARK: - Steps

  package func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: SoftQRoom) -> UInt64 {
    let key = keys[agent]
    var noise = Draws(streams.noise.key(key), at: steps.underWay[agent].attempt)
    let (observation, action, prior) = (room.observation.base, room.action.base, room.prior.base)
    let workspace = room.networkRoom
    let categorical = CategoricalPolicy<Float>(actionCount: networks.actionCount)
    return experience.act(
      agent, steps: pace.stepsPerUpdate, in: steps.taskUnderWay(of: agent),
      starts: streams.starts.key(key).attempt(steps.attempt(of: agent)), observation: observation, action: action
    ) { stepsBefore in
      if pace.isRandom(after: stepsBefore) {
        action[0] = Float(noise.integer(below: UInt32(categorical.actionCount)))
      } else {
        let chosen = networks.logChoices(
          UnsafePointer(observation), rows: 1, at: parameters, room: prior, workspace: workspace)
        action[0] = Float(categorical.action(UnsafePointer(chosen), atUniform: noise.uniform()))
      }
    }
  }

  package func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: SoftQRoom) {
    let into = steps.gradients[agent]
    var draws = Draws(streams.replay.key(keys[agent]), at: steps.underWay[agent].attempt)
    experience.draw(agent, from: &draws, into: room.batch)
    if settings.targetSteps > 1 { experience.latest(agent, into: room.segment) }
    gradient.write(at: parameters, into: into, in: room)
  }

  package func commit(_ agent: Int) {
    experience.commit(agent)
    for block in optimisers.blocks.indices.dropFirst() {
      optimisers.turn(block, of: steps.gradients[agent], for: agent)
    }
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    optimisers.turn(0, of: gradient, for: node)
  }

  package func forget(_ node: Int) {
    optimisers.forget(node)
    if node < learners { experience.forget(node) }
  }

  // MARK: - Memory

  /// Bytes of parameters, moments and transitions, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    steps.bytesHeld + optimisers.bytes + experience.bytesHeld
      + rooms.freeCount * Int(settings.bytesPerStep(of: networks))
  }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try steps.visit(&memory, increments: increments)
    try experience.visit(&memory)
  }

  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    if node < learners { try experience.visit(&memory, of: node) }
  }
}

extension SoftQSettings {
  /// How a step changes the networks: that of the shared policy first, where there is one.
  func blocks(of networks: SoftQNetworks) -> [BlockOptimisers.Block] {
    func block(_ stepSize: Double, _ network: Perceptron<Float>) -> BlockOptimisers.Block {
      BlockOptimisers.Block(optimiser: optimiser.optimiser(stepSize: stepSize), count: network.parameterCount)
    }
    return (networks.prior.map { [block(priorStepSize, $0)] } ?? []) + [block(taskStepSize, networks.worths)]
  }
}
