// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// How agents act and learn that follow the gradient of their policy with one update for each local step: `a2c` and
/// `reinforce`; and what `ProximalCore` has in common with them.
package class PolicyCore: ActingCore, @unchecked Sendable {
  package class var givesGradients: Bool { true }

  package let steps: ActingSteps
  let settings: PolicySettings
  let networks: PolicyNetworks
  let loss: PolicyLoss
  let optimisers: BlockOptimisers
  let streams: ActingStreams
  let keys: [EntityKey]
  /// Of each copy of the environment, all of an agent in a row.
  private let experience: Experience
  private let learners: Int
  private let rooms: RoomPool<PolicyRoom>

  package required init(
    _ settings: PolicySettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    self.settings = settings
    self.learners = learners
    let networks = PolicyNetworks(settings, tasks: tasks)
    self.networks = networks
    loss = PolicyLoss(settings, tasks: tasks)
    optimisers = BlockOptimisers(networks.blocks(settings), nodes: agents.count)
    self.streams = streams
    keys = agents
    experience = Experience(
      tasks, agents: learners * settings.environments, capacity: 0, stepsAtOnce: settings.stepsAtOnce(in: tasks))
    steps = ActingSteps(
      tasks, nodes: agents.count, learners: learners, parameterCount: networks.parameterCount)
    let rows = settings.mostRows(in: tasks)
    rooms = RoomPool { PolicyRoom(settings, networks: networks, rows: rows) }
  }

  package var layout: StepLayout { networks.layout }

  package var policies: PolicyForm { networks.policies }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let entity = settings.start == .common ? EntityKey("network") : keys[agent]
    networks.initialise(parameters, from: streams.initial.key(entity))
  }

  package func lives(of agent: Int) -> [Life] { copies(of: agent).map { experience.life(of: $0) } }

  private func copies(of agent: Int) -> Range<Int> {
    agent * settings.environments..<(agent + 1) * settings.environments
  }

  // MARK: - Steps

  package func compute(_ agent: Int) {
    let room = rooms.take()
    let parameters = steps.parameters(of: agent)
    let episodes =
      settings.environments < Self.fewestTogether || settings.playsWholeEpisodes
      ? act(agent, at: parameters, in: room) : actTogether(agent, at: parameters, in: room)
    loss.judge(at: parameters, in: room)
    learn(agent, at: parameters, in: room)
    let samples = UInt64(room.count)
    steps.work[agent] = StepWork(
      samples: samples, environmentSteps: samples, episodes: episodes,
      gradientSamples: Double(room.count * (settings.proximal?.epochs ?? 1)))
    rooms.giveBack(room)
  }

  /// Takes the steps of a local step in all copies of the environment, one copy after the other.
  ///
  /// - Returns: how many episodes have ended.
  private func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: PolicyRoom) -> UInt64 {
    let key = keys[agent]
    let starts = streams.starts.key(key).attempt(steps.attempt(of: agent))
    var noise = Draws(streams.noise.key(key), at: steps.underWay[agent].attempt)
    let (observation, action, workspace) = (room.observation.base, room.action.base, room.networkRoom)
    let categorical = CategoricalPolicy<Float>(actionCount: networks.actionCount)
    let stepsAtOnce = settings.stepsAtOnce(in: steps.tasks)
    var wanted = UInt64.max
    if case .episodes(let count) = settings.stretch { wanted = UInt64(count) }
    var episodes: UInt64 = 0
    room.count = 0
    for (number, copy) in copies(of: agent).enumerated() {
      experience.begin(copy)
      episodes += experience.act(
        copy, steps: stepsAtOnce, episodes: wanted, in: steps.taskUnderWay(of: agent), starts: starts,
        from: UInt64(number * stepsAtOnce), observation: observation, action: action
      ) { _ in
        let chosen = networks.logChoices(UnsafePointer(observation), rows: 1, at: parameters, workspace: workspace)
        action[0] = Float(categorical.action(UnsafePointer(chosen), atUniform: noise.uniform()))
      }
      let taken = Int(experience.shadow(of: copy).steps - experience.life(of: copy).steps)
      experience.latest(copy, count: taken, into: room.batch, from: room.count)
      room.count += taken
    }
    return episodes
  }

  /// From how many copies on an action is chosen for all of them at once. What is chosen is the same but for rounding: products
  /// of matrices may round otherwise than those of vectors.
  private static let fewestTogether = 16

  /// The same as `act`, all copies side by side.
  private func actTogether(_ agent: Int, at parameters: UnsafePointer<Float>, in room: PolicyRoom) -> UInt64 {
    let key = keys[agent]
    let starts = streams.starts.key(key).attempt(steps.attempt(of: agent))
    var noise = Draws(streams.noise.key(key), at: steps.underWay[agent].attempt)
    let categorical = CategoricalPolicy<Float>(actionCount: networks.actionCount)
    let (own, count) = (copies(of: agent), settings.stepsAtOnce(in: steps.tasks))
    let task = steps.taskUnderWay(of: agent)
    for number in 0..<own.count {
      room.begun[number] = 0
      experience.begin(own.lowerBound + number)
    }
    // In the order in which the copies would take them one after the other.
    for index in 0..<own.count * count { room.numbers[index] = noise.uniform() }
    var episodes: UInt64 = 0
    for step in 0..<count {
      episodes += experience.actTogether(
        own, in: task, starts: starts, from: { UInt64($0 * count) }, begun: room.begun,
        observations: room.observation.base, actions: room.action.base
      ) {
        let chosen = networks.logChoices(
          UnsafePointer(room.observation.base), rows: own.count, at: parameters, workspace: room.networkRoom)
        for number in 0..<own.count {
          room.action[number] = Float(
            categorical.action(
              UnsafePointer(chosen + number * networks.actionCount), atUniform: room.numbers[number * count + step]))
        }
      }
    }
    for (number, copy) in own.enumerated() {
      experience.latest(copy, count: count, into: room.batch, from: number * count)
    }
    room.count = own.count * count
    return episodes
  }

  /// Writes what the step ends with: the gradient of all rows.
  func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: PolicyRoom) {
    loss.writeGradient(of: room.all, at: parameters, into: steps.gradients[agent], in: room)
  }

  package func commit(_ agent: Int) { for copy in copies(of: agent) { experience.commit(copy) } }

  package func turnIntoIncrement(_ agent: Int) { turnIntoIncrement(steps.gradients[agent], of: agent) }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    for block in optimisers.blocks.indices { optimisers.turn(block, of: gradient, for: node) }
  }

  package func forget(_ node: Int) {
    optimisers.forget(node)
    guard node < learners else { return }
    for copy in copies(of: node) { experience.forget(copy) }
  }

  // MARK: - Memory

  /// Bytes of parameters, moments and environments, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    let room = PolicyRoom.bytes(settings, networks: networks, rows: settings.mostRows(in: steps.tasks))
    return steps.bytesHeld + optimisers.bytes + experience.bytesHeld + rooms.freeCount * Int(room)
  }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try steps.visit(&memory, increments: increments)
    try experience.visit(&memory)
  }

  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    guard node < learners else { return }
    for copy in copies(of: node) { try experience.visit(&memory, of: copy) }
  }
}
