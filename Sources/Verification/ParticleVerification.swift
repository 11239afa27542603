// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// Kind `particles`: episodes in worlds of several players as another program played them.
struct ParticleVerification: ReferenceCase {
  static let kind = "particles"
  /// Of numbers of a step from the file's own state before it, absolute; all are of the order of one.
  private static let stepBar = 1e-12
  /// Of a whole episode from its start.
  private static let runBar = 1e-9

  struct Case: Decodable, Sendable {
    let scenario: String
    let nGood: Int
    let nAdv: Int
    let nFood: Int
    let alpha: Double
    let size: Double
    let sight: Double
    let pos0: [[Double]]
    let food0: [[Double]]
    /// For each step and player how much it goes: not at all, right, left, up and down.
    let actions: [[[Double]]]
    /// After each step.
    let pos: [[[Double]]]
    let vel: [[[Double]]]
    let live: [[Double]]
    let rewards: [[Double]]
    /// Tufts eaten in each step, and where they grow again: tuft, x, y.
    let eaten: [[Int]]
    let respawn: [[[Double]]]
    /// After some of the steps.
    let obs: [ReferencePoint<[[Double]]>]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try VerificationReport(of: cases) { try checks(of: $1, name: "\(Self.kind)/\($0)") }
  }

  private func checks(of one: Case, name: String) throws -> [VerificationReport.Check] {
    let episode = try ParticleEpisode(one)
    let (steps, run) = (episode.played(fromFile: true), episode.played(fromFile: false))
    func error(_ quantity: String, _ seen: [Double], _ expected: [Double], _ bar: Double) -> VerificationReport.Check {
      .init(
        reference: name, quantity: "error of \(quantity)", expected: 0, seen: largestDifference(seen, expected),
        bar: bar)
    }
    func differing(_ quantity: String, _ count: Int) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: 0, seen: Double(count), bar: 0)
    }
    let (positions, velocities) = (one.pos.joined().flatMap(\.self), one.vel.joined().flatMap(\.self))
    let seenInFile = one.obs.flatMap { $0.value.flatMap(\.self) }
    return [
      error("positions", steps.positions, positions, Self.stepBar),
      error("velocities", steps.velocities, velocities, Self.stepBar),
      error("rewards", steps.rewards, one.rewards.flatMap(\.self), Self.stepBar),
      error("positions in a whole episode", run.positions, positions, Self.runBar),
      error("velocities in a whole episode", run.velocities, velocities, Self.runBar),
      error("observations", run.observations, seenInFile, Self.runBar),
      differing("players that live or not", zip(run.live, one.live.flatMap(\.self)).count { $0 != $1 }),
      differing("steps with other meals", zip(run.eaten, one.eaten).count { $0 != $1 }),
    ]
  }
}

/// An episode of a file, and the world that it is played in.
private struct ParticleEpisode {
  struct Played {
    var positions: [Double] = []
    var velocities: [Double] = []
    var rewards: [Double] = []
    var live: [Double] = []
    var eaten: [[Int]] = []
    var observations: [Double] = []
  }

  private let file: ParticleVerification.Case
  private let world: ParticleWorld

  init(_ file: ParticleVerification.Case) throws {
    let games: [String: ParticleWorld.Game] = ["grassland": .grassland, "food_collect": .foodCollect]
    guard let game = games[file.scenario] else { throw ReferenceError("the world '\(file.scenario)' is not known.") }
    let (most, players) = (1000, file.nGood + file.nAdv)
    guard (1...most).contains(file.nGood), (0...most).contains(file.nAdv), (1...most).contains(file.nFood),
      game == .grassland || file.nAdv == 0, (0...1).contains(file.alpha), file.size > 0, file.sight >= 0
    else {
      throw ReferenceError("there are no players or landmarks, or too many, or 'alpha', 'size' or 'sight' is no such.")
    }
    let steps = file.actions.count
    let counts = [
      file.pos.count, file.vel.count, file.live.count, file.rewards.count, file.eaten.count, file.respawn.count,
    ]
    guard steps > 0, counts.allSatisfy({ $0 == steps }) else {
      throw ReferenceError("there are no steps, or not all of everything for each.")
    }
    func pairs(_ rows: [[Double]], _ count: Int) -> Bool { rows.count == count && rows.allSatisfy { $0.count == 2 } }
    guard pairs(file.pos0, players), pairs(file.food0, file.nFood), file.pos.allSatisfy({ pairs($0, players) }),
      file.vel.allSatisfy({ pairs($0, players) }), file.live.allSatisfy({ $0.count == players }),
      file.rewards.allSatisfy({ $0.count == players }),
      file.actions.allSatisfy({ $0.count == players && $0.allSatisfy { $0.count == ParticleWorld.choiceCount } })
    else { throw ReferenceError("a step has not a place, a velocity and an action for each player.") }
    guard
      file.respawn.joined().allSatisfy({ $0.count == 3 && (0..<file.nFood).contains(Int($0[0])) }),
      file.obs.allSatisfy({ (0..<steps).contains($0.index) })
    else { throw ReferenceError("something grows that there is not, or is seen when nothing happens.") }
    self.file = file
    world = ParticleWorld(
      game, wolves: file.nAdv, sheep: file.nGood, landmarks: file.nFood, rewardShare: file.alpha, size: file.size,
      sight: file.sight)
  }

  /// Plays the actions of the file, each from the file's state before it or from what they have led to.
  func played(fromFile: Bool) -> Played {
    var played = Played()
    var state = [Double](repeating: 0, count: world.stateCount)
    for (player, place) in file.pos0.enumerated() { world.place(player, x: place[0], y: place[1], in: &state) }
    for (food, place) in file.food0.enumerated() { world.placeLandmark(food, x: place[0], y: place[1], in: &state) }
    var rewards = [Double](repeating: 0, count: world.players)
    var eaten = [Int32](repeating: 0, count: world.players * world.landmarks)
    for step in file.actions.indices {
      let directions = file.actions[step].flatMap { [$0[1] - $0[2], $0[3] - $0[4]] }
      world.move(&state, directions: directions)
      let meals = world.judge(&state, rewards: &rewards, eaten: &eaten)
      played.eaten.append(eaten[..<meals].map { Int($0) })
      for grown in file.respawn[step] { world.placeLandmark(Int(grown[0]), x: grown[1], y: grown[2], in: &state) }
      for player in 0..<world.players {
        let motion = world.motion(of: player, in: state)
        played.positions += [motion.x, motion.y]
        played.velocities += [motion.vx, motion.vy]
        played.live.append(world.isLive(player, in: state) ? 1 : 0)
      }
      played.rewards += rewards
      for _ in file.obs.filter({ $0.index == step }) {
        played.observations += (0..<world.players).flatMap { seen(by: $0, in: state) }
      }
      if fromFile { take(file, at: step, into: &state) }
    }
    return played
  }

  /// The state after a step as the file has it.
  private func take(_ file: ParticleVerification.Case, at step: Int, into state: inout [Double]) {
    for player in 0..<world.players {
      world.set(
        player, x: file.pos[step][player][0], y: file.pos[step][player][1], vx: file.vel[step][player][0],
        vy: file.vel[step][player][1], isLive: file.live[step][player] != 0, in: &state)
    }
  }

  /// As files write it: own velocity and place and whether one lives; of each landmark its place and whether it is seen;
  /// the places of the other players, then their velocities, then whether each is seen.
  private func seen(by player: Int, in state: [Double]) -> [Double] {
    let (width, others) = (ParticleWorld.entityWidth, world.players - 1)
    var own = [Double](repeating: 0, count: ParticleWorld.ownCount)
    var entities = [Double](repeating: 0, count: world.entityCount * width)
    var visible = [Double](repeating: 0, count: world.entityCount)
    world.observe(state, player, own: &own, entities: &entities, visible: &visible)
    let landmarks = (others..<world.entityCount).flatMap {
      [entities[$0 * width], entities[$0 * width + 1], visible[$0]]
    }
    let places = (0..<others).flatMap { entities[$0 * width..<$0 * width + 2] }
    let velocities = (0..<others).flatMap { entities[$0 * width + 2..<$0 * width + 4] }
    return own + landmarks + places + velocities + visible[..<others]
  }
}
