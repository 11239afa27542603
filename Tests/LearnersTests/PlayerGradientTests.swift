// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Randomness
import Testing

/// Small networks of two roles with a batch that looks at random things, in double precision.
struct SmallPlayers {
  static let (rows, entities, samples) = (4, 3, 2)

  let networks: PlayerNetworks<Double>
  let gradient: PlayerGradient<Double>
  let room: PlayerRoom<Double>
  var parameters: [Double]
  let description: [Double]

  init() {
    let sizes = PlayerSizes(
      skills: 3, keyUnits: 4, valueUnits: 3, hiddenUnits: 5, encoderUnits: 4, ownCount: 2, entityWidth: 3,
      descriptionCount: 2, actionCount: 4)
    networks = PlayerNetworks(sizes, roles: 2, temperature: 0.7)
    gradient = PlayerGradient(networks, discount: 0.9, entropyBonus: 0.1)
    room = PlayerRoom(networks, rows: Self.rows, samples: Self.samples + 1, entities: Self.entities)
    var draws = Draws(StreamKey(seed: 4, replication: 0, purpose: .data, entity: "players"), at: 0)
    func number() -> Double { 4 * draws.uniform() - 2 }
    parameters = (0..<networks.parameterCount).map { _ in number() / 2 }
    description = [0.3, 0.8]
    let batch = room.batch
    for index in 0..<Self.rows * 2 { (batch.own[index], batch.nextOwn[index]) = (number(), number()) }
    for index in 0..<Self.rows * Self.entities * 3 {
      (batch.entities[index], batch.nextEntities[index]) = (number(), number())
    }
    // The second row sees nothing, the third one thing.
    let visible = [1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1]
    for index in visible.indices { (batch.visible[index], batch.nextVisible[index]) = (Double(visible[index]), 1) }
    for index in 0..<Self.rows * 3 { batch.noise[index] = number() }
    for row in 0..<Self.rows {
      batch.actions[row] = Int32(row)
      batch.rewards[row] = number()
    }
  }

  func logits(_ parameters: [Double]) -> [Double] {
    parameters.withUnsafeBufferPointer {
      networks.encoder.logits(description, at: $0.baseAddress! + networks.encoderStart)
    }
  }

  func writeSkills(_ parameters: [Double]) {
    gradient.writeSkills(
      logits(parameters), noise: UnsafePointer(room.batch.noise.base), count: Self.rows, into: room.skills.base)
  }

  /// The slope of a loss by some of the parameters, from differences.
  func slopes(_ which: Range<Int>, _ loss: ([Double]) -> Double) -> [Double] {
    which.map { index in
      var (up, down) = (parameters, parameters)
      up[index] += 1e-6
      down[index] -= 1e-6
      return (loss(up) - loss(down)) / 2e-6
    }
  }
}

private func expectClose(_ a: [Double], _ b: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
  let scale = b.reduce(1e-3) { max($0, abs($1)) }
  #expect(a.count == b.count && b.contains { $0 != 0 }, sourceLocation: sourceLocation)
  #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 * scale }, "\(a) \(b)", sourceLocation: sourceLocation)
}

/// End to end, relations and task encoder have the gradient of both losses, through policy, critic, relations and skills;
/// targets, and worths in the policy's loss, are constants.
@Test(arguments: [false, true]) func gradientsGoThroughRelationsToTheTask(isReplayed: Bool) {
  let players = SmallPlayers()
  let (gradient, networks, room) = (players.gradient, players.networks, players.room)
  players.writeSkills(players.parameters)
  gradient.writeTargets(1, at: players.parameters, targets: players.parameters, in: room, draw: nil)
  gradient.look(1, at: players.parameters, in: room)
  let worths = (0..<16).map { room.worths[$0] }
  var found = [Double](repeating: 0, count: networks.parameterCount)
  gradient.clearWeightGradient(samples: 1, in: room)
  gradient.learnCritic(1, at: players.parameters, into: &found, isThrough: true, in: room)
  gradient.learnPolicy(
    1, at: players.parameters, into: &found, isReplayed: isReplayed, isThrough: true, in: room)
  gradient.learnRelations(
    samples: 1, description: players.description, at: players.parameters, into: &found, in: room)
  let values = (0..<4).map { gradient.value(ofRow: $0, in: room) }
  func loss(_ parameters: [Double]) -> Double {
    players.writeSkills(parameters)
    gradient.look(1, at: parameters, in: room)
    return (0..<4).reduce(0) { sum, row in
      let logPolicy = (0..<4).map { room.logPolicy[row * 4 + $0] }
      let error = room.worths[row * 4 + row] - room.targets[row]
      let entropy = -logPolicy.reduce(0) { $0 + exp($1) * $1 }
      let gain =
        isReplayed
        ? logPolicy[row] * (worths[row * 4 + row] - values[row])
        : (0..<4).reduce(0) { $0 + exp(logPolicy[$1]) * worths[row * 4 + $1] }
      return sum + (error * error - gain - 0.1 * entropy) / 4
    }
  }
  let relations = networks.relationStart..<networks.encoderStart
  expectClose(Array(found[relations]), players.slopes(relations, loss))
  let encoder = networks.encoderStart..<networks.decoderStart
  expectClose(Array(found[encoder]), players.slopes(encoder, loss))
  let critic = networks.criticStart(1)..<networks.relationStart
  expectClose(Array(found[critic]), players.slopes(critic, loss))
  let policy = networks.policyStart(1)..<networks.criticStart(0)
  expectClose(Array(found[policy]), players.slopes(policy, loss))
  // The other role has learnt nothing.
  #expect(found[networks.policyStart(0)..<networks.policyStart(1)].allSatisfy { $0 == 0 })
}

/// The reward of relations has the gradient of differences, with several samples of each row.
@Test func relationsLearnFromWhatTheySay() {
  let players = SmallPlayers()
  let (gradient, networks, room) = (players.gradient, players.networks, players.room)
  let all = SmallPlayers.rows * (SmallPlayers.samples + 1)
  let noise = (0..<all * 3).map { sin(Double($0)) }
  func information(_ parameters: [Double], into found: inout [Double]) -> Double {
    gradient.writeSkills(players.logits(parameters), noise: noise, count: all, into: room.skills.base)
    return players.parameters.withUnsafeBufferPointer { target in
      gradient.learnInformation(
        samples: SmallPlayers.samples, description: players.description, at: parameters, policy: nil,
        target: target.baseAddress!, into: &found, in: room
      ) { row, _ in row }
    }
  }
  var found = [Double](repeating: 0, count: networks.parameterCount)
  let mean = information(players.parameters, into: &found)
  #expect(mean != 0 && mean <= log(2))
  let which = networks.relationStart..<networks.decoderStart
  let slopes = players.slopes(which) {
    var ignored = [Double](repeating: 0, count: networks.parameterCount)
    return -information($0, into: &ignored)
  }
  expectClose(Array(found[which]), slopes)
  #expect(found[..<networks.relationStart].allSatisfy { $0 == 0 })
}

/// Weights are those of a law over what is visible; what is not has none, whatever it looks like.
@Test func relationsSumToOneOverWhatIsVisible() {
  let players = SmallPlayers()
  players.writeSkills(players.parameters)
  players.gradient.look(0, at: players.parameters, in: players.room)
  let weights = (0..<12).map { players.room.weights[$0] }
  for row in 0..<4 {
    let sum = weights[row * 3..<row * 3 + 3].reduce(0, +)
    #expect(abs(sum - (row == 1 ? 0 : 1)) < 1e-14)
  }
  #expect(weights[2] == 0 && weights[6] == 0 && weights[7] == 1 && weights[8] == 0)
  let before = (0..<16).map { players.room.logPolicy[$0] }
  for index in 3..<6 { players.room.batch.entities[9 + index] = 100 }
  players.room.batch.entities[6] = -50
  players.gradient.look(0, at: players.parameters, in: players.room)
  #expect((0..<16).map { players.room.logPolicy[$0] } == before)
}

/// As published for two roles: 4 · 1013 + 992 + 196 + 199 numbers, in the order of the vector.
@Test func networksLieWhereTheyShould() {
  let networks = PlayerNetworks<Float>(PlayerSizes(), roles: 2, temperature: 1)
  #expect(networks.attending.parameterCount == 1013 && networks.relations.parameterCount == 992)
  #expect(networks.parameterCount == 5439 && networks.layout.sharedCount == 5439)
  #expect(networks.criticStart(1) == 3 * 1013 && networks.relationStart == 4 * 1013)
  #expect(networks.encoderStart == 4 * 1013 + 992 && networks.decoderStart == 4 * 1013 + 992 + 196)
  let kept = PlayerNetworks<Float>(PlayerSizes(), roles: 2, temperature: 1, sharesCritics: false)
  #expect(kept.parameterCount == 5439 && kept.layout.sharedCount == 5439 - 2 * 1013)
  #expect(kept.relationStart == 2 * 1013 && kept.criticStart(0) == 5439 - 2 * 1013)
}
