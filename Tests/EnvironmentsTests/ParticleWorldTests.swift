// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Randomness
import Testing

private func draws(_ index: UInt64 = 0) -> Draws {
  Draws(StreamKey(seed: 5, replication: 0, purpose: .episodeStart, entity: "world"), at: index)
}

/// A state with players and landmarks where they are wanted.
private func state(
  _ world: ParticleWorld, players: [(Double, Double)], landmarks: [(Double, Double)]
) -> [Double] {
  var state = [Double](repeating: 0, count: world.stateCount)
  for (player, place) in players.enumerated() { world.place(player, x: place.0, y: place.1, in: &state) }
  for (landmark, place) in landmarks.enumerated() {
    world.placeLandmark(landmark, x: place.0, y: place.1, in: &state)
  }
  return state
}

private func judged(_ world: ParticleWorld, _ state: inout [Double]) -> (rewards: [Double], eaten: [Int32]) {
  var rewards = [Double](repeating: .nan, count: world.players)
  var eaten = [Int32](repeating: -1, count: world.players * world.landmarks)
  let meals = world.judge(&state, rewards: &rewards, eaten: &eaten)
  return (rewards, Array(eaten[..<meals]))
}

/// Alone, v after t steps is 0.1 a (1 + q + … + qᵗ⁻¹) with q = 3/4, and x the sum of 0.1 v.
@Test func aPlayerAloneAcceleratesAsAGeometricSeries() {
  let world = ParticleWorld(.foodCollect, sheep: 1, landmarks: 1)
  var state = state(world, players: [(-0.5, 0.25)], landmarks: [(0, 0)])
  var x = -0.5
  for step in 1...8 {
    world.move(&state, directions: [1, 0])
    let v = 0.1 * 4 * (1 - pow(0.75, Double(step))) / 0.25
    x += 0.1 * v
    let motion = world.motion(of: 0, in: state)
    #expect(abs(motion.vx - v) < 1e-14 && motion.vy == 0)
    #expect(abs(motion.x - min(x, 1)) < 1e-13 && motion.y == 0.25)
  }
}

/// What two players push each other is equal and opposite, so their momentum is what it was less the damping.
@Test func pushesAreEqualAndOpposite() {
  let world = ParticleWorld(.grassland, wolves: 1, sheep: 2, landmarks: 1)
  var state = state(world, players: [(0, 0), (0.05, 0.08), (-0.03, 0.01)], landmarks: [(0.5, 0.5)])
  world.move(&state, directions: [0, 0, 0, 0, 0, 0])
  let motions = (0..<3).map { world.motion(of: $0, in: state) }
  #expect(motions.contains { abs($0.vx) > 0.1 })
  #expect(abs(motions.reduce(0) { $0 + $1.vx }) < 1e-14)
  #expect(abs(motions.reduce(0) { $0 + $1.vy }) < 1e-14)
}

/// Nobody leaves the world or is faster than it may be, whatever it does, and everybody starts within it.
@Test(arguments: [0.5, 1, 2]) func playersStayInTheirWorld(size: Double) {
  let world = ParticleWorld(.grassland, wolves: 2, sheep: 3, landmarks: 4, size: size)
  var state = [Double](repeating: .nan, count: world.stateCount)
  var (rewards, eaten) = ([Double](repeating: 0, count: 5), [Int32](repeating: 0, count: 20))
  for episode in 0..<20 {
    var draws = draws(UInt64(episode))
    world.start(&state, &draws)
    for _ in 0..<ParticleWorld.timeLimit {
      let directions = (0..<5).flatMap { _ in
        let direction = ParticleWorld.direction(ofChoice: Int(draws.integer(below: 5)))
        return [direction.x, direction.y]
      }
      world.step(&state, directions: directions, rewards: &rewards, eaten: &eaten, &draws)
      for player in 0..<5 {
        let motion = world.motion(of: player, in: state)
        #expect(abs(motion.x) <= size && abs(motion.y) <= size)
        #expect((motion.vx * motion.vx + motion.vy * motion.vy).squareRoot() <= (player < 2 ? 2 : 3) + 1e-12)
      }
    }
  }
}

/// On both foods: 6/2 for each, 10 − 2/26 for all of them, and nothing for distances. Side by side on one: 3 for that one, the
/// collision costs each 3/2, and each is a quarter of a tenth away.
@Test func collectorsGetWhatTheRulesSay() {
  let world = ParticleWorld(.foodCollect, sheep: 2, landmarks: 2)
  var apart = state(world, players: [(-0.5, 0), (0.5, 0)], landmarks: [(-0.5, 0), (0.5, 0)])
  let all = judged(world, &apart)
  #expect(all.rewards.allSatisfy { abs($0 - (6 + 10 - 2.0 / 26)) < 1e-14 } && all.eaten.isEmpty)
  var together = state(world, players: [(-0.025, 0), (0.025, 0)], landmarks: [(0, 0), (1, 1)])
  #expect(judged(world, &together).rewards.allSatisfy { abs($0 - (3 - 1.5 - 0.025)) < 1e-14 })
  // Shared collisions cost everybody everybody's.
  let sharing = ParticleWorld(.foodCollect, sheep: 2, landmarks: 2, rewardShare: 1)
  var shared = state(sharing, players: [(-0.025, 0), (0.025, 0)], landmarks: [(0, 0), (1, 1)])
  #expect(judged(sharing, &shared).rewards.allSatisfy { abs($0 - (3 - 3 - 0.025)) < 1e-14 })
}

/// A sheep that is caught dies, stays where it is and gets nothing any more; its mates get their share of what it lost, and
/// the wolf's mates theirs of what that gained.
@Test func aSheepIsCaughtOnce() {
  let world = ParticleWorld(.grassland, wolves: 2, sheep: 2, landmarks: 1, rewardShare: 0.5)
  var state = state(
    world, players: [(0, 0), (0.9, 0.9), (0.1, 0), (-0.6, 0)], landmarks: [(-0.6, 0.05)])
  let first = judged(world, &state)
  #expect(abs(first.rewards[0] - (5 - 0.01)) < 1e-14)
  #expect(abs(first.rewards[1] - (2.5 - 0.1 * (0.8 * 0.8 + 0.9 * 0.9).squareRoot())) < 1e-14)
  let away = (0.7 * 0.7 + 0.05 * 0.05).squareRoot()
  #expect(abs(first.rewards[2] - (-5 + 1 - 0.1 * away)) < 1e-14)
  #expect(abs(first.rewards[3] - (-2.5 + 2 - 0.1 * 0.05)) < 1e-14)
  #expect(first.eaten == [0])
  #expect(!world.isLive(2, in: state) && world.isLive(3, in: state))
  let place = world.motion(of: 2, in: state)
  world.move(&state, directions: [0, 0, 0, 0, 1, 1, 0, 0])
  #expect(world.motion(of: 2, in: state).x == place.x && world.motion(of: 2, in: state).y == place.y)
  #expect(judged(world, &state).rewards[2] == 0)
}

/// What is out of sight, or dead, is zeros; what is seen is relative to who sees it.
@Test func playersSeeAsFarAsTheyDo() {
  let world = ParticleWorld(.grassland, wolves: 1, sheep: 2, landmarks: 2, sight: 0.5)
  var state = state(
    world, players: [(0, 0), (0.3, 0), (0.4, 0.1)], landmarks: [(0.3, 0.2), (0.3, 0.9)])
  func seen(_ state: [Double], by player: Int) -> (own: [Double], entities: [Double], visible: [Double]) {
    var own = [Double](repeating: .nan, count: 5)
    var entities = [Double](repeating: .nan, count: world.entityCount * 8)
    var visible = [Double](repeating: .nan, count: world.entityCount)
    world.observe(state, player, own: &own, entities: &entities, visible: &visible)
    return (own, entities, visible)
  }
  let first = seen(state, by: 1)
  #expect(first.own == [0, 0, 0.3, 0, 1])
  #expect(first.visible == [1, 1, 1, 0])
  #expect(Array(first.entities[0..<8]) == [-0.3, 0, 0, 0, 1, 1, 0, 0])
  #expect(Array(first.entities[8..<16]) == [0.4 - 0.3, 0.1, 0, 0, 1, 0, 1, 0])
  #expect(Array(first.entities[16..<24]) == [0, 0.2, 0, 0, 1, 0, 0, 1])
  #expect(first.entities[24...].allSatisfy { $0 == 0 })
  world.set(2, x: 0.4, y: 0.1, vx: 0, vy: 0, isLive: false, in: &state)
  let later = seen(state, by: 1)
  #expect(later.visible == [1, 0, 1, 0] && later.entities[8..<16].allSatisfy { $0 == 0 })
}

@Test func tasksAreDescribedByTheirNumbers() {
  let world = ParticleWorld(.grassland, wolves: 2, sheep: 3, landmarks: 4, size: 2, sight: 100)
  #expect(world.description == [5.0 / 8, 0.5, 0.75, 1, 1, 1, 0.9])
}
