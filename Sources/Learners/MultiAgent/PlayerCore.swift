// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import NeuralNets
import Quantities
import Randomness

/// How agents of `PlayerBank` act and learn.
///
/// A local step is an episode in each copy of the agent's world, updates of policies and critics from replayed transitions
/// with target networks that are the networks before the step, and an update of relations, task encoder and decoder. All of
/// its moves are in its increment. What belongs to one agent is touched by one thread at a time.
final class PlayerCore: @unchecked Sendable {
  let task: ParticleTask
  let networks: PlayerNetworks<Float>
  let work: Column<StepWork>
  private let settings: PlayerSettings
  private let gradient: PlayerGradient<Float>
  private let optimisers: BlockOptimisers
  /// Those of steps under way.
  private let shadowOptimisers: BlockOptimisers
  private let lives: Column<Life>
  private let shadows: Column<Life>
  private let replay: PlayerReplay
  private let underWay: Column<LocalStep>
  private let increments: Column<UnsafeMutablePointer<Float>>
  /// The parameters at which each step is taken (N × M).
  private let frozen: Column<Float>
  private let streams: ActingStreams
  private let keys: [EntityKey]
  private let learners: Int
  private let rooms: RoomPool<PlayerCoreRoom>

  init(_ settings: PlayerSettings, task: ParticleTask, agents: [EntityKey], learners: Int, streams: ActingStreams) {
    self.settings = settings
    self.task = task
    self.learners = learners
    let networks = settings.networks(of: task)
    self.networks = networks
    gradient = PlayerGradient(networks, discount: settings.discount, entropyBonus: settings.entropyBonus)
    let blocks = settings.blocks(of: networks)
    optimisers = BlockOptimisers(blocks, nodes: agents.count)
    shadowOptimisers = BlockOptimisers(blocks, nodes: agents.count)
    lives = Column(repeating: Life(), count: learners)
    shadows = Column(repeating: Life(), count: learners)
    replay = PlayerReplay(
      task, agents: learners, capacity: settings.replay, stepsAtOnce: settings.environments * task.timeLimit,
      skills: settings.sizes.skills)
    underWay = Column((0..<agents.count).map { LocalStep(NodeID($0), attempt: 0) })
    work = Column(repeating: StepWork(samples: 0), count: agents.count)
    frozen = Column(repeating: 0, count: learners * networks.parameterCount)
    increments = Column(repeating: frozen.base, count: agents.count)
    self.streams = streams
    keys = agents
    rooms = RoomPool { PlayerCoreRoom(settings, task: task) }
  }

  func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    let key = streams.initial.key(settings.start == .common ? EntityKey("network") : keys[agent])
    networks.initialise(parameters, hidden: settings.hiddenStart.initialisation, from: key)
  }

  /// How far an agent has come.
  func life(of agent: Int) -> Life { lives[agent] }

  // MARK: - Steps

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Float>, increment: UnsafeMutablePointer<Float>) {
    let agent = step.node.index
    underWay[agent] = step
    increments[agent] = increment
    (frozen.base + agent * networks.parameterCount).update(from: parameters, count: networks.parameterCount)
  }

  /// Computes the step under way, on any thread.
  func compute(_ agent: Int) {
    let room = rooms.take()
    room.parameters.base.update(
      from: frozen.base + agent * networks.parameterCount, count: networks.parameterCount)
    let world = task.worlds[task.position(agent: agent)]
    act(agent, in: room)
    learn(agent, in: world, room)
    let samples = UInt64(settings.environments * task.timeLimit)
    let roles = task.roles.count { !world.players(of: $0).isEmpty }
    work[agent] = StepWork(
      samples: samples, environmentSteps: samples, episodes: UInt64(settings.environments),
      gradientSamples: Double(settings.updates * settings.batch * roles))
    rooms.giveBack(room)
  }

  private func act(_ agent: Int, in room: PlayerCoreRoom) {
    var life = lives[agent]
    let (first, copies) = (life.steps, settings.environments)
    let attempt = UInt32(truncatingIfNeeded: underWay[agent].attempt)
    var number: UInt64 = 0
    let returns = room.play.play(
      .drawn(UnsafePointer(room.parameters.base)), task, world: task.position(agent: agent), episodes: copies, from: 0,
      starts: streams.starts.key(keys[agent]).attempt(attempt), noise: streams.noise.key(keys[agent]).attempt(attempt)
    ) { step in
      self.replay.note(agent, first + number, step)
      number += 1
    }
    for collected in returns { life.pass(steps: Int32(task.timeLimit), return: collected) }
    shadows[agent] = life
  }

  private func learn(_ agent: Int, in world: ParticleWorld, _ room: PlayerCoreRoom) {
    let increment = increments[agent]
    increment.update(repeating: 0, count: networks.parameterCount)
    shadowOptimisers.copy(agent, from: optimisers)
    var draws = Draws(streams.replay.key(keys[agent]), at: underWay[agent].attempt)
    let description = world.description.map { Float($0) }
    for _ in 0..<settings.updates {
      room.clear()
      for (index, role) in task.roles.enumerated() where !world.players(of: role).isEmpty {
        let own = room.ofRoles[index]
        own.batch.rows = settings.batch
        replay.draw(
          agent, in: world, of: role, after: shadows[agent].steps, rewardScale: settings.rewardScale, from: &draws,
          into: own.batch)
        learn(agent, index, description, room, &draws)
      }
      move(agent, room)
    }
    room.clear()
    learnRelations(agent, in: world, description, room, &draws)
    move(agent, room)
  }

  /// Gradients of a role's critic and policy from the batch in its room.
  private func learn(
    _ agent: Int, _ role: Int, _ description: [Float], _ room: PlayerCoreRoom, _ draws: inout Draws
  ) {
    let (own, parameters) = (room.ofRoles[role], UnsafePointer(room.parameters.base))
    let isThrough = settings.relations == .endToEnd
    let logits = networks.encoder.logits(description, at: parameters + networks.encoderStart)
    gradient.writeSkills(
      logits, noise: UnsafePointer(own.batch.noise.base), count: own.batch.rows, into: own.skills.base)
    let targets = UnsafePointer(frozen.base + agent * networks.parameterCount)
    if settings.nextAction == .sampled {
      // The closure may not capture what is passed in and out.
      var numbers = draws
      gradient.writeTargets(role, at: parameters, targets: targets, in: own) { _, logPolicy in
        self.networks.choices.action(logPolicy, atUniform: numbers.uniform())
      }
      draws = numbers
    } else {
      gradient.writeTargets(role, at: parameters, targets: targets, in: own, draw: nil)
    }
    gradient.look(role, at: parameters, in: own)
    if isThrough { gradient.clearWeightGradient(samples: 1, in: own) }
    gradient.learnCritic(role, at: parameters, into: room.gradient.base, isThrough: isThrough, in: own)
    gradient.learnPolicy(
      role, at: parameters, into: room.gradient.base, isReplayed: settings.policyActions == .replayed,
      isThrough: isThrough, in: own)
    if isThrough {
      gradient.learnRelations(
        samples: 1, description: description, at: parameters, into: room.gradient.base, in: own)
    }
  }

  /// Gradients of relations, task encoder and decoder, from the last batch of each role.
  private func learnRelations(
    _ agent: Int, in world: ParticleWorld, _ description: [Float], _ room: PlayerCoreRoom, _ draws: inout Draws
  ) {
    let parameters = UnsafePointer(room.parameters.base)
    let logits = networks.encoder.logits(description, at: parameters + networks.encoderStart)
    let all = settings.samples + 1
    for (index, role) in task.roles.enumerated() where !world.players(of: role).isEmpty {
      let own = room.ofRoles[index]
      for place in 0..<own.batch.rows * all * settings.sizes.skills {
        own.noise[place] = GumbelSoftmax<Float>.noise(ofUniform: draws.uniform())
      }
      gradient.writeSkills(
        logits, noise: UnsafePointer(own.noise.base), count: own.batch.rows * all, into: own.skills.base)
      var numbers = draws
      let start = networks.policyStart(index)
      gradient.learnInformation(
        samples: settings.samples, description: description, at: parameters, policy: parameters + start,
        target: UnsafePointer(frozen.base + agent * networks.parameterCount + start), into: room.gradient.base, in: own
      ) { _, logPolicy in self.networks.choices.action(logPolicy, atUniform: numbers.uniform()) }
      draws = numbers
    }
    let decoder = (0..<networks.encoder.decoder.parameterCount).map { room.parameters[networks.decoderStart + $0] }
    let found = networks.encoder.reconstruction(of: description, logits: logits, at: decoder)
    for (index, slope) in found.gradient.enumerated() { room.gradient[networks.decoderStart + index] += slope }
    networks.encoder.addGradient(
      ofLogits: found.logitGradient, description, at: parameters + networks.encoderStart,
      to: room.gradient.base + networks.encoderStart)
  }

  /// Lets the optimisers of the step move the parameters in the room.
  private func move(_ agent: Int, _ room: PlayerCoreRoom) {
    let (increment, start) = (increments[agent], frozen.base + agent * networks.parameterCount)
    for block in shadowOptimisers.blocks.indices { shadowOptimisers.turn(block, of: room.gradient.base, for: agent) }
    for index in 0..<networks.parameterCount {
      increment[index] += room.gradient[index]
      room.parameters[index] = start[index] + increment[index]
    }
  }

  func commit(_ agent: Int) {
    lives[agent] = shadows[agent]
    optimisers.copy(agent, from: shadowOptimisers)
  }

  func forget(_ node: Int) {
    optimisers.forget(node)
    if node < learners { lives[node] = Life() }
  }

  // MARK: - Memory

  var bytesHeld: Int {
    4 * frozen.count + optimisers.bytes + shadowOptimisers.bytes + replay.bytes
      + rooms.freeCount * Int(settings.bytesPerStep(of: task))
  }

  func visit(_ memory: inout RunMemory, increments all: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try optimisers.visit(&memory)
    try shadowOptimisers.visit(&memory)
    try memory.column("steps under way", underWay)
    try memory.column("work", work)
    try memory.column("lives", lives)
    try memory.column("lives in steps under way", shadows)
    for agent in 0..<learners {
      try replay.visit(&memory, of: agent, written: max(lives[agent].steps, shadows[agent].steps))
    }
    guard memory.isReading else { return }
    for node in 0..<increments.count { increments[node] = all + node * networks.parameterCount }
  }

  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try optimisers.visit(&memory, of: node)
    guard node < learners else { return }
    try memory.values("life", lives.base + node, count: 1)
    try replay.visit(&memory, of: node, written: lives[node].steps)
  }
}

/// Room for what one thread computes of a step at a time.
final class PlayerCoreRoom {
  let ofRoles: [PlayerRoom<Float>]
  let play: WorldPlay
  let parameters: Column<Float>
  let gradient: Column<Float>

  init(_ settings: PlayerSettings, task: ParticleTask) {
    let networks = settings.networks(of: task)
    let rows = settings.rows(of: task)
    ofRoles = task.roles.map { _ in
      PlayerRoom(networks, rows: settings.batch, samples: settings.samples + 1, entities: task.mostEntities)
    }
    play = WorldPlay(
      PlayerGradient(networks, discount: settings.discount, entropyBonus: settings.entropyBonus), in: task,
      copies: settings.environments,
      room: PlayerRoom(networks, rows: rows, samples: 1, entities: task.mostEntities))
    parameters = Column(repeating: 0, count: networks.parameterCount)
    gradient = Column(repeating: 0, count: networks.parameterCount)
  }

  func clear() { gradient.base.update(repeating: 0, count: gradient.count) }
}

extension PlayerSettings {
  /// Players of a role that act at once, at most.
  fileprivate func rows(of task: ParticleTask) -> Int { environments * task.mostPlayers }

  /// How a step changes each network.
  func blocks(of networks: PlayerNetworks<Float>) -> [BlockOptimisers.Block] {
    networks.blockCounts.map {
      BlockOptimisers.Block(optimiser: optimiser.optimiser(stepSize: stepSize), count: $0)
    }
  }

  /// About how many bytes a room has. In Double, so that no size can overflow.
  func bytesPerStep(of task: ParticleTask) -> Double {
    let (networks, entities) = (networks(of: task), task.mostEntities)
    return Double(task.roles.count)
      * PlayerRoom.bytes(networks, rows: batch, samples: samples + 1, entities: entities)
      + PlayerRoom.bytes(networks, rows: rows(of: task), samples: 1, entities: entities)
      + Double(8 * networks.parameterCount)
  }
}

extension PlayerNetworks {
  /// Writes initial parameters.
  ///
  /// *Randomness*: an index of the stream for each network, in the order policies, critics, relations, encoder, decoder.
  func initialise(_ parameters: UnsafeMutablePointer<Scalar>, hidden: Initialisation, from key: StreamKey) {
    var index: UInt64 = 0
    func write(_ parts: [Perceptron<Scalar>], at start: Int) {
      var draws = Draws(key, at: index)
      index += 1
      var place = parameters + start
      for part in parts {
        part.initialise(place, hidden: hidden, output: .uniformByInputs, from: &draws)
        place += part.parameterCount
      }
    }
    for role in 0..<roles { write([attending.values, attending.head], at: policyStart(role)) }
    for role in 0..<roles { write([attending.values, attending.head], at: criticStart(role)) }
    write([relations.query, relations.key], at: relationStart)
    write([encoder.encoder], at: encoderStart)
    write([encoder.decoder], at: decoderStart)
  }
}
