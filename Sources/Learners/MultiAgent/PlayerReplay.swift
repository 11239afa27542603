// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness

/// The latest steps of every agent's worlds, each in a ring of its own: states, not what players saw of them, which is a
/// function of the state, and for each player its action, its reward and the noise of its skill.
///
/// As in `Replay`, a ring has room for what a step under way adds beside all that counts, so that a step that is given up
/// leaves no trace but what nobody reads.
struct PlayerReplay: ~Copyable {
  /// How many steps of its world an agent learns from.
  private let capacities: [Int]
  private let rowsPerAgent: Int
  private let stateCount: Int
  private let players: Int
  private let skills: Int
  /// States before and after, one behind the other.
  private let states: Column<Double>
  private let rewards: Column<Float>
  private let noise: Column<Float>
  private let actions: Column<Int32>

  /// Empty rings.
  ///
  /// - Parameters:
  ///   - capacity: transitions of players that an agent learns from, at least.
  ///   - stepsAtOnce: the most steps of its worlds that a local step adds.
  init(_ task: ParticleTask, agents: Int, capacity: Int, stepsAtOnce: Int, skills: Int) {
    capacities = (0..<agents).map { Self.steps(task.worlds[task.position(agent: $0)], capacity) }
    rowsPerAgent = (capacities.max() ?? 0) + stepsAtOnce
    stateCount = task.worlds.reduce(0) { max($0, $1.stateCount) }
    players = task.worlds.reduce(0) { max($0, $1.players) }
    self.skills = skills
    let rows = agents * rowsPerAgent
    states = Column(repeating: 0, count: rows * 2 * stateCount)
    rewards = Column(repeating: 0, count: rows * players)
    noise = Column(repeating: 0, count: rows * players * skills)
    actions = Column(repeating: 0, count: rows * players)
  }

  private static func steps(_ world: ParticleWorld, _ capacity: Int) -> Int {
    (capacity + world.players - 1) / world.players
  }

  /// Bytes of one agent's ring, in Double, so that no size can overflow.
  static func bytesPerAgent(_ task: ParticleTask, capacity: Int, stepsAtOnce: Int, skills: Int) -> Double {
    let learnt = task.worlds[..<task.learntCount]
    let steps = learnt.reduce(0) { max($0, Self.steps($1, capacity)) } + stepsAtOnce
    let (state, players) = task.worlds.reduce((0, 0)) { (max($0.0, $1.stateCount), max($0.1, $1.players)) }
    return Double(steps) * Double(16 * state + players * (8 + 4 * skills))
  }

  var bytes: Int { 8 * states.count + 4 * (rewards.count + noise.count + actions.count) }

  /// How many steps there are to learn from, of so many that were taken.
  func present(of agent: Int, after written: UInt64) -> Int { Int(min(written, UInt64(capacities[agent]))) }

  @inline(__always)
  private func row(_ agent: Int, _ number: UInt64) -> Int {
    agent * rowsPerAgent + Int(number % UInt64(rowsPerAgent))
  }

  /// Writes a step of a world.
  func note(_ agent: Int, _ number: UInt64, _ step: WorldStep) {
    let row = row(agent, number)
    let (world, place) = (step.world, states.base + row * 2 * stateCount)
    place.update(from: step.state, count: world.stateCount)
    (place + stateCount).update(from: step.nextState, count: world.stateCount)
    for player in 0..<world.players {
      rewards[row * players + player] = Float(step.rewards[player])
      actions[row * players + player] = step.actions[player]
    }
    (noise.base + row * players * skills).update(from: step.noise, count: world.players * skills)
  }

  /// Draws transitions of players of a role that lived, each of the latest with the same probability, with replacement.
  ///
  /// *Randomness*: for each row a whole number that says how far back the step lies, and one that says which player, again
  /// while it is one that had died, eight times at most.
  func draw(
    _ agent: Int, in world: ParticleWorld, of role: ParticleWorld.Role, after written: UInt64, rewardScale: Double,
    from draws: inout Draws, into batch: PlayerBatch<Float>
  ) {
    let present = UInt32(present(of: agent, after: written))
    let who = world.players(of: role)
    let (count, width, own) = (world.entityCount, ParticleWorld.entityWidth, ParticleWorld.ownCount)
    batch.entityCount = count
    for place in 0..<batch.rows {
      var (row, player, attempts) = (0, 0, 0)
      var state = states.base
      repeat {
        row = self.row(agent, written - 1 - UInt64(draws.integer(below: present)))
        player = who.lowerBound + Int(draws.integer(below: UInt32(who.count)))
        state = states.base + row * 2 * stateCount
        attempts += 1
      } while attempts < 8 && !world.isLive(player, in: UnsafePointer(state))
      let next = state + stateCount
      world.observe(
        UnsafePointer(state), player, own: batch.own.base + place * own,
        entities: batch.entities.base + place * count * width, visible: batch.visible.base + place * count)
      world.observe(
        UnsafePointer(next), player, own: batch.nextOwn.base + place * own,
        entities: batch.nextEntities.base + place * count * width, visible: batch.nextVisible.base + place * count)
      batch.actions[place] = actions[row * players + player]
      batch.rewards[place] = Float(rewardScale) * rewards[row * players + player]
      batch.isTerminal[place] = !world.isLive(player, in: UnsafePointer(next))
      (batch.noise.base + place * skills).update(
        from: noise.base + (row * players + player) * skills, count: skills)
    }
  }

  /// What an agent has after so many steps.
  func visit(_ memory: inout RunMemory, of agent: Int, written: UInt64) throws(RunMemoryFault) {
    let first = agent * rowsPerAgent
    let count = Int(min(written, UInt64(rowsPerAgent)))
    try memory.values(
      "states to replay", states.base + first * 2 * stateCount, count: count * 2 * stateCount)
    try memory.values("rewards to replay", rewards.base + first * players, count: count * players)
    try memory.values("noise to replay", noise.base + first * players * skills, count: count * players * skills)
    try memory.values("actions to replay", actions.base + first * players, count: count * players)
  }
}

/// A step of a world, as it was taken.
struct WorldStep {
  let world: ParticleWorld
  let state: UnsafePointer<Double>
  let nextState: UnsafePointer<Double>
  /// Of each player.
  let actions: UnsafePointer<Int32>
  let rewards: UnsafePointer<Double>
  /// Players × skills.
  let noise: UnsafePointer<Float>
}
