// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: ParticleWorldBenchmark GAME PLAYERS COPIES EPISODES; plays episodes with uniform actions in copies of a world side by
// side, everybody seeing what there is before each step, and prints
// "player-steps-per-second allocations return checksum", in CPU time. Players of grassland are half wolves.

import BenchmarkMeasuring
import Environments
import Randomness

/// Copies of a world, and room for what is done and seen there.
final class Copies {
  let world: ParticleWorld
  private let count: Int
  private let states: UnsafeMutablePointer<Double>
  private let directions: UnsafeMutablePointer<Double>
  private let rewards: UnsafeMutablePointer<Double>
  private let eaten: UnsafeMutablePointer<Int32>
  private let seen: UnsafeMutablePointer<Float>
  private(set) var collected = 0.0
  private(set) var checksum: Float = 0
  private var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .actionNoise, entity: "benchmark"), at: 0)

  init(_ world: ParticleWorld, count: Int) {
    self.world = world
    self.count = count
    func zeros<Number: BinaryFloatingPoint>(_ count: Int) -> UnsafeMutablePointer<Number> {
      let memory = UnsafeMutablePointer<Number>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    states = zeros(count * world.stateCount)
    directions = zeros(2 * world.players)
    rewards = zeros(world.players)
    eaten = .allocate(capacity: world.players * world.landmarks)
    seen = zeros(ParticleWorld.ownCount + world.entityCount * (ParticleWorld.entityWidth + 1))
  }

  /// Plays an episode in every copy.
  func play() {
    for copy in 0..<count { world.start(states + copy * world.stateCount, &draws) }
    for _ in 0..<ParticleWorld.timeLimit {
      for copy in 0..<count { step(states + copy * world.stateCount) }
    }
  }

  private func step(_ state: UnsafeMutablePointer<Double>) {
    let entities = seen + ParticleWorld.ownCount
    let visible = entities + world.entityCount * ParticleWorld.entityWidth
    for player in 0..<world.players {
      world.observe(UnsafePointer(state), player, own: seen, entities: entities, visible: visible)
      checksum += entities[0]
      let direction = ParticleWorld.direction(
        ofChoice: Int(draws.integer(below: UInt32(ParticleWorld.choiceCount))))
      directions[2 * player] = direction.x
      directions[2 * player + 1] = direction.y
    }
    world.step(state, directions: UnsafePointer(directions), rewards: rewards, eaten: eaten, &draws)
    for player in 0..<world.players { collected += rewards[player] }
  }
}

let numbers = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
let game = CommandLine.arguments.dropFirst().first.flatMap { ParticleWorld.Game(rawValue: $0) }
if let game, numbers.count == 3, numbers.allSatisfy({ $0 > 0 }) {
  let wolves = game == .grassland ? numbers[0] / 2 : 0
  let copies = Copies(
    ParticleWorld(game, wolves: wolves, sheep: numbers[0] - wolves, landmarks: numbers[0]), count: numbers[1])
  copies.play()
  let allocationsBefore = allocationCount()
  let start = processSeconds()
  for _ in 0..<numbers[2] { copies.play() }
  let seconds = processSeconds() - start
  let allocations = allocationsBefore < 0 ? -1 : allocationCount() - allocationsBefore
  let steps = Double(numbers[0] * numbers[1] * numbers[2] * ParticleWorld.timeLimit)
  print(steps / seconds, allocations, copies.collected, copies.checksum)
} else {
  print("usage: ParticleWorldBenchmark food-collect|grassland PLAYERS COPIES EPISODES")
}
