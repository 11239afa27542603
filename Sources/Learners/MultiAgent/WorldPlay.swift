// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import NeuralNets
import Quantities
import Randomness

/// What chooses the actions of all players of a world.
package enum PlayersPolicy {
  /// Draws from policies with these parameters, as players act while they learn.
  case drawn(UnsafePointer<Float>)
  /// The most probable action for a drawn skill.
  case best(UnsafePointer<Float>)
  /// Nobody does anything.
  case zero
  /// Uniform over all choices.
  case uniform
}

/// Episodes in copies of a world that go on side by side, one episode in each.
///
/// A player draws its skill when an episode begins, and keeps it.
///
/// *Randomness*: of each episode two streams at its index: `starts` for the first state, and then for grass that grows again;
/// `noise` for skills of its players in their order, and then for an action of each in each step.
final class WorldPlay {
  let copies: Int
  private let networks: PlayerNetworks<Float>
  private let gradient: PlayerGradient<Float>
  private let room: PlayerRoom<Float>
  private let states: Column<Double>
  private let nextStates: Column<Double>
  private let skills: Column<Float>
  private let noise: Column<Float>
  private let actions: Column<Int32>
  private let directions: Column<Double>
  private let rewards: Column<Double>
  private let eaten: Column<Int32>

  /// - Parameters:
  ///   - room: with space for all players of a role in all copies.
  init(_ gradient: PlayerGradient<Float>, in task: ParticleTask, copies: Int, room: PlayerRoom<Float>) {
    self.copies = copies
    self.gradient = gradient
    self.room = room
    networks = gradient.networks
    let players = task.worlds.reduce(0) { max($0, $1.players) }
    let state = task.worlds.reduce(0) { max($0, $1.stateCount) }
    states = Column(repeating: 0, count: copies * state)
    nextStates = Column(repeating: 0, count: copies * state)
    skills = Column(repeating: 0, count: copies * players * networks.sizes.skills)
    noise = Column(repeating: 0, count: copies * players * networks.sizes.skills)
    actions = Column(repeating: 0, count: copies * players)
    directions = Column(repeating: 0, count: 2 * players)
    rewards = Column(repeating: 0, count: players)
    eaten = Column(repeating: 0, count: task.worlds.reduce(0) { max($0, $1.players * $1.landmarks) })
  }

  /// Plays episodes.
  ///
  /// - Parameters:
  ///   - count: how many, at most as many as there are copies.
  ///   - first: the index of the first of them.
  ///   - note: is told of every step, one step of all copies after the other.
  /// - Returns: the return of each episode, the mean over its players.
  func play(
    _ policy: PlayersPolicy, _ task: ParticleTask, world position: Int, episodes count: Int, from first: Int,
    starts: StreamKey, noise noiseKey: StreamKey, note: ((WorldStep) -> Void)? = nil
  ) -> [Double] {
    let world = task.worlds[position]
    var startDraws = (0..<count).map { Draws(starts, at: UInt64(first + $0)) }
    var noiseDraws = (0..<count).map { Draws(noiseKey, at: UInt64(first + $0)) }
    var returns = [Double](repeating: 0, count: count)
    let (players, width) = (world.players, networks.sizes.skills)
    for copy in 0..<count {
      world.start(states.base + copy * world.stateCount, &startDraws[copy])
      for place in copy * players * width..<(copy + 1) * players * width {
        noise[place] = GumbelSoftmax<Float>.noise(ofUniform: noiseDraws[copy].uniform())
      }
    }
    if let parameters = policy.parameters { drawSkills(at: parameters, in: world, copies: count) }
    for _ in 0..<task.timeLimit {
      if let parameters = policy.parameters {
        for (index, role) in task.roles.enumerated() where !world.players(of: role).isEmpty {
          choose(role, index, at: parameters, isBest: policy.isBest, in: world, copies: count, &noiseDraws)
        }
      } else {
        for copy in 0..<count {
          for player in 0..<players {
            let number = Int(noiseDraws[copy].integer(below: UInt32(ParticleWorld.choiceCount)))
            actions[copy * players + player] = policy.isUniform ? Int32(number) : 0
          }
        }
      }
      for copy in 0..<count { returns[copy] += step(copy, in: world, &startDraws[copy], note) }
    }
    return returns
  }

  private func drawSkills(at parameters: UnsafePointer<Float>, in world: ParticleWorld, copies: Int) {
    let logits = networks.encoder.logits(world.description.map { Float($0) }, at: parameters + networks.encoderStart)
    gradient.writeSkills(
      logits, noise: UnsafePointer(noise.base), count: copies * world.players, into: skills.base)
  }

  /// Lets all players of a role choose.
  private func choose(
    _ role: ParticleWorld.Role, _ network: Int, at parameters: UnsafePointer<Float>, isBest: Bool,
    in world: ParticleWorld, copies: Int, _ draws: inout [Draws]
  ) {
    let (who, players, width) = (world.players(of: role), world.players, networks.sizes.skills)
    let (batch, count) = (room.batch, world.entityCount)
    let rows = copies * who.count
    var row = 0
    for copy in 0..<copies {
      for player in who {
        world.observe(
          UnsafePointer(states.base + copy * world.stateCount), player,
          own: batch.own.base + row * ParticleWorld.ownCount,
          entities: batch.entities.base + row * count * ParticleWorld.entityWidth,
          visible: batch.visible.base + row * count)
        (room.skills.base + row * width).update(from: skills.base + (copy * players + player) * width, count: width)
        row += 1
      }
    }
    let seen = SeenRows(
      rows: rows, entityCount: count, own: UnsafePointer(batch.own.base),
      entities: UnsafePointer(batch.entities.base), visible: UnsafePointer(batch.visible.base))
    gradient.relate(seen, samples: 1, at: parameters, in: room)
    gradient.choose(seen, samples: 1, policy: parameters + networks.policyStart(network), in: room)
    row = 0
    for copy in 0..<copies {
      for player in who {
        let logPolicy = UnsafePointer(room.logPolicy.base + row * networks.sizes.actionCount)
        let number = draws[copy].uniform()
        actions[copy * players + player] = Int32(
          isBest ? best(of: logPolicy) : networks.choices.action(logPolicy, atUniform: number))
        row += 1
      }
    }
  }

  private func best(of logPolicy: UnsafePointer<Float>) -> Int {
    (1..<networks.sizes.actionCount).reduce(0) { logPolicy[$1] > logPolicy[$0] ? $1 : $0 }
  }

  /// - Returns: the mean reward.
  private func step(
    _ copy: Int, in world: ParticleWorld, _ draws: inout Draws, _ note: ((WorldStep) -> Void)?
  ) -> Double {
    let (players, width) = (world.players, networks.sizes.skills)
    let state = states.base + copy * world.stateCount
    let next = nextStates.base + copy * world.stateCount
    next.update(from: state, count: world.stateCount)
    for player in 0..<players {
      let direction = ParticleWorld.direction(ofChoice: Int(actions[copy * players + player]))
      directions[2 * player] = direction.x
      directions[2 * player + 1] = direction.y
    }
    world.step(
      next, directions: UnsafePointer(directions.base), rewards: rewards.base, eaten: eaten.base, &draws)
    note?(
      WorldStep(
        world: world, state: UnsafePointer(state), nextState: UnsafePointer(next),
        actions: UnsafePointer(actions.base + copy * players), rewards: UnsafePointer(rewards.base),
        noise: UnsafePointer(noise.base + copy * players * width)))
    state.update(from: next, count: world.stateCount)
    var sum = 0.0
    for player in 0..<players { sum += rewards[player] }
    return sum / Double(players)
  }
}

extension PlayersPolicy {
  fileprivate var parameters: UnsafePointer<Float>? {
    switch self {
    case .drawn(let parameters), .best(let parameters): parameters
    case .zero, .uniform: nil
    }
  }

  fileprivate var isBest: Bool { if case .best = self { true } else { false } }

  fileprivate var isUniform: Bool { if case .uniform = self { true } else { false } }
}

/// Networks of players, as they act in worlds that nobody learns from.
package struct PlayersForm: Sendable {
  package let networks: PlayerNetworks<Float>
  package let task: ParticleTask
  /// Episodes that are played side by side.
  private static let together = 50

  package init(_ networks: PlayerNetworks<Float>, in task: ParticleTask) {
    self.networks = networks
    self.task = task
  }

  /// The return of each episode in a world, the mean over its players. A policy that has diverged has none.
  ///
  /// *Randomness*: as `WorldPlay` says; so whatever policies there are start from the same states.
  package func returns(
    of policy: PlayersPolicy, in world: Int, starts: StreamKey, noise: StreamKey, episodes: Int
  ) -> [Double] {
    let parameters = policy.parameters
    if let parameters, !(0..<networks.parameterCount).allSatisfy({ parameters[$0].isFinite }) {
      return Array(repeating: .nan, count: episodes)
    }
    let copies = min(episodes, Self.together)
    let room = PlayerRoom(networks, rows: copies * task.mostPlayers, samples: 1, entities: task.mostEntities)
    let play = WorldPlay(
      PlayerGradient(networks, discount: 0, entropyBonus: 0), in: task, copies: copies, room: room)
    var returns: [Double] = []
    while returns.count < episodes {
      returns += play.play(
        policy, task, world: world, episodes: min(copies, episodes - returns.count), from: returns.count,
        starts: starts, noise: noise)
    }
    return returns
  }
}
