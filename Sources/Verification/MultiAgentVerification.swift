// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import NeuralNets

/// Kind `marl`: skills, relations, policies, critics, targets, losses and all gradients of agents whose tasks have several
/// players, as automatic differentiation computed them.
struct MultiAgentVerification: ReferenceCase {
  static let kind = "marl"

  struct Sizes: Decodable, Sendable {
    let skills: Int
    let key: Int
    let value: Int
    let hidden: Int
    let encoderHidden: Int
    let entities: Int
    let batch: Int
    let samples: Int
  }

  struct Networks: Decodable, Sendable {
    let phi: ReferenceParameters
    let psi: ReferenceParameters
    let dec: ReferenceParameters
    let policy: [ReferenceParameters]
    let critic: [ReferenceParameters]
  }

  struct TargetNetworks: Decodable, Sendable {
    let policy: [ReferenceParameters]
    let critic: [ReferenceParameters]
  }

  struct InformationGradients: Decodable, Sendable {
    let phi: ReferenceParameters
    let psi: ReferenceParameters
  }

  struct ReconstructionGradients: Decodable, Sendable {
    let psi: ReferenceParameters
    let dec: ReferenceParameters
  }

  struct Output: Decodable, Sendable {
    let taskLogits: [[Double]]
    let taskProbabilities: [[Double]]
    let z: [[Double]]
    let relations: [[Double]]
    let relationsNext: [[Double]]
    let relationsSamplesFirst: [[Double]]
    let logPolicy: [[Double]]
    let q: [[Double]]
    let targetSampled: [Double]
    let targetExpected: [Double]
    let criticLoss: Double
    let criticGrads: ReferenceParameters
    let value: [Double]
    let actorLossReplayActions: Double
    let actorGradsReplayActions: ReferenceParameters
    let actorLossAllActions: Double
    let actorGradsAllActions: ReferenceParameters
    let miReward: [Double]
    let miMean: Double
    let miGrads: InformationGradients
    let decoded: [[Double]]
    let reconstructionLoss: [Double]
    let reconstructionNorm: [Double]
    let reconstructionGradsTask0: ReconstructionGradients
  }

  struct Case: Decodable, Sendable {
    let sizes: Sizes
    let tau: Double
    let gamma: Double
    let entropyCoefficient: Double
    let params: Networks
    let targetParams: TargetNetworks
    let taskVectors: [[Double]]
    let task: Int
    let own: [[Double]]
    let entities: [[[Double]]]
    let visible: [[Double]]
    let ownNext: [[Double]]
    let entitiesNext: [[[Double]]]
    let visibleNext: [[Double]]
    let actions: [Int32]
    let rewards: [Double]
    let done: [Double]
    let nextActions: [Int]
    let targetActions: [Int]
    let uniforms: [[Double]]
    let uniformsSamples: [[[Double]]]
    let out: Output
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try VerificationReport(of: cases) { number, one in
      var comparison = GradientComparison(reference: "\(Self.kind)/\(number)")
      let world = try PlayersOfFile(one)
      world.compareTasks(&comparison)
      world.compareLearning(&comparison)
      world.compareInformation(&comparison)
      return comparison.checks
    }
  }
}

/// The networks and the batch of a case.
private struct PlayersOfFile {
  private let file: MultiAgentVerification.Case
  private let networks: PlayerNetworks<Double>
  private let gradient: PlayerGradient<Double>
  private let parameters: [Double]
  private let targets: [Double]
  private let room: PlayerRoom<Double>
  private let expected: Expected

  /// Gradients of the file as vectors.
  private struct Expected {
    let critic: [Double]
    let replayed: [Double]
    let all: [Double]
    let relations: [Double]
    let encoder: [Double]
    let reconstructionEncoder: [Double]
    let reconstructionDecoder: [Double]
  }

  init(_ file: MultiAgentVerification.Case) throws {
    self.file = file
    let sizes = try Self.sizes(of: file)
    let networks = PlayerNetworks<Double>(sizes, roles: 1, temperature: file.tau)
    self.networks = networks
    gradient = PlayerGradient(networks, discount: file.gamma, entropyBonus: file.entropyCoefficient)
    func flat(_ tensors: ReferenceParameters, _ parts: [Perceptron<Double>]) throws -> [Double] {
      var rest = tensors[...]
      var numbers: [Double] = []
      for part in parts {
        let own = Array(rest.prefix(2 * part.layerCount))
        rest = rest.dropFirst(own.count)
        numbers += try ReferencePerceptron(part).flat(own)
      }
      guard rest.isEmpty else { throw ReferenceError("a network has more layers than it should.") }
      return numbers
    }
    let head = [networks.attending.values, networks.attending.head]
    let relations = [networks.relations.query, networks.relations.key]
    func vector(_ policy: ReferenceParameters, _ critic: ReferenceParameters) throws -> [Double] {
      try flat(policy, head) + flat(critic, head) + flat(file.params.phi, relations)
        + flat(file.params.psi, [networks.encoder.encoder]) + flat(file.params.dec, [networks.encoder.decoder])
    }
    parameters = try vector(file.params.policy[0], file.params.critic[0])
    targets = try vector(file.targetParams.policy[0], file.targetParams.critic[0])
    let out = file.out
    expected = Expected(
      critic: try flat(out.criticGrads, head), replayed: try flat(out.actorGradsReplayActions, head),
      all: try flat(out.actorGradsAllActions, head), relations: try flat(out.miGrads.phi, relations),
      encoder: try flat(out.miGrads.psi, [networks.encoder.encoder]),
      reconstructionEncoder: try flat(out.reconstructionGradsTask0.psi, [networks.encoder.encoder]),
      reconstructionDecoder: try flat(out.reconstructionGradsTask0.dec, [networks.encoder.decoder]))
    let room = PlayerRoom(
      networks, rows: file.sizes.batch, samples: file.sizes.samples + 1, entities: file.sizes.entities)
    self.room = room
    Self.fill(room.batch, from: file)
  }

  private static func sizes(of file: MultiAgentVerification.Case) throws -> PlayerSizes {
    let sizes = file.sizes
    let all = [
      sizes.skills, sizes.key, sizes.value, sizes.hidden, sizes.encoderHidden, sizes.entities, sizes.batch,
      sizes.samples,
    ]
    guard all.allSatisfy({ (1...1000).contains($0) }), file.tau > 0, (0...1).contains(file.gamma),
      file.entropyCoefficient >= 0
    else {
      throw ReferenceError("a size is not from 1 to 1000, or 'tau', 'gamma' or 'entropy_coefficient' is no such.")
    }
    guard file.params.policy.count == 1, file.params.critic.count == 1, file.targetParams.policy.count == 1,
      file.targetParams.critic.count == 1
    else { throw ReferenceError("there is not one policy and one critic, as of one role.") }
    guard let own = file.own.first?.count, let width = file.entities.first?.first?.count,
      let description = file.taskVectors.first?.count, own > 0, width > 0, description > 0,
      let last = file.params.policy[0].last, case .vector(let outputs) = last, !outputs.isEmpty
    else { throw ReferenceError("players see nothing, tasks have no description, or a policy has no actions.") }
    func rows(_ rows: [[Double]], _ count: Int, _ width: Int) -> Bool {
      rows.count == count && rows.allSatisfy { $0.count == width }
    }
    let batch = sizes.batch
    guard file.taskVectors.allSatisfy({ $0.count == description }), file.taskVectors.indices.contains(file.task),
      rows(file.own, batch, own), rows(file.ownNext, batch, own), rows(file.visible, batch, sizes.entities),
      rows(file.visibleNext, batch, sizes.entities), file.entities.count == batch, file.entitiesNext.count == batch,
      (file.entities + file.entitiesNext).allSatisfy({ rows($0, sizes.entities, width) }),
      (file.visible + file.visibleNext).joined().allSatisfy({ $0 == 0 || $0 == 1 }),
      rows(file.uniforms, batch, sizes.skills), file.uniformsSamples.count == batch,
      file.uniformsSamples.allSatisfy({ rows($0, sizes.samples, sizes.skills) })
    else { throw ReferenceError("what is seen, or a uniform number, is not there for each row.") }
    let actions = file.actions.map { Int($0) } + file.nextActions + file.targetActions
    let counts = [
      file.actions.count, file.rewards.count, file.done.count, file.nextActions.count, file.targetActions.count,
    ]
    guard counts.allSatisfy({ $0 == batch }), actions.allSatisfy({ outputs.indices.contains($0) }),
      file.done.allSatisfy({ $0 == 0 || $0 == 1 })
    else { throw ReferenceError("an action is none of the policy's, an end is neither 0 nor 1, or one is missing.") }
    return PlayerSizes(
      skills: sizes.skills, keyUnits: sizes.key, valueUnits: sizes.value, hiddenUnits: sizes.hidden,
      encoderUnits: sizes.encoderHidden, ownCount: own, entityWidth: width, descriptionCount: description,
      actionCount: outputs.count)
  }

  private static func fill(_ batch: PlayerBatch<Double>, from file: MultiAgentVerification.Case) {
    func write(_ numbers: [Double], _ place: UnsafeMutablePointer<Double>) {
      place.update(from: numbers, count: numbers.count)
    }
    write(file.own.flatMap(\.self), batch.own.base)
    write(file.entities.joined().flatMap(\.self), batch.entities.base)
    write(file.visible.flatMap(\.self), batch.visible.base)
    write(file.ownNext.flatMap(\.self), batch.nextOwn.base)
    write(file.entitiesNext.joined().flatMap(\.self), batch.nextEntities.base)
    write(file.visibleNext.flatMap(\.self), batch.nextVisible.base)
    write(file.uniforms.flatMap(\.self).map { GumbelSoftmax<Double>.noise(ofUniform: $0) }, batch.noise.base)
    write(file.rewards, batch.rewards.base)
    for row in file.actions.indices {
      batch.actions[row] = file.actions[row]
      batch.isTerminal[row] = file.done[row] == 1
    }
  }

  private var decoder: [Double] {
    Array(parameters[networks.decoderStart..<networks.decoderStart + networks.encoder.decoder.parameterCount])
  }

  private func logits(_ task: Int) -> [Double] {
    parameters.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return [] }
      return networks.encoder.logits(file.taskVectors[task], at: base + networks.encoderStart)
    }
  }

  private func numbers(_ start: UnsafePointer<Double>, _ count: Int) -> [Double] { (0..<count).map { start[$0] } }

  private func part(_ gradient: [Double], _ start: Int, _ count: Int) -> [Double] {
    Array(gradient[start..<start + count])
  }

  // MARK: - Tasks

  func compareTasks(_ comparison: inout GradientComparison) {
    let (out, tasks) = (file.out, file.taskVectors.indices)
    let logits = tasks.map { self.logits($0) }
    comparison.scaled("task logits", logits.flatMap(\.self), out.taskLogits.flatMap(\.self))
    comparison.scaled(
      "probabilities of skills", logits.flatMap { networks.encoder.probabilities($0) },
      out.taskProbabilities.flatMap(\.self))
    let found = tasks.map {
      networks.encoder.reconstruction(of: file.taskVectors[$0], logits: logits[$0], at: decoder)
    }
    comparison.scaled("decoded tasks", found.flatMap(\.decoded), out.decoded.flatMap(\.self))
    comparison.scaled("losses of reconstruction", found.map(\.loss), out.reconstructionLoss)
    comparison.scaled("norms of reconstruction", found.map { $0.loss.squareRoot() }, out.reconstructionNorm)
    var encoderGradient = [Double](repeating: 0, count: networks.encoder.encoder.parameterCount)
    parameters.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      networks.encoder.addGradient(
        ofLogits: found[0].logitGradient, file.taskVectors[0], at: base + networks.encoderStart, to: &encoderGradient)
    }
    comparison.gradient("encoder from reconstruction", encoderGradient, expected.reconstructionEncoder)
    comparison.gradient("decoder from reconstruction", found[0].gradient, expected.reconstructionDecoder)
  }

  // MARK: - Critic and policy

  func compareLearning(_ comparison: inout GradientComparison) {
    let (out, rows) = (file.out, file.sizes.batch)
    let (entities, actions) = (file.sizes.entities, networks.sizes.actionCount)
    gradient.writeSkills(
      logits(file.task), noise: UnsafePointer(room.batch.noise.base), count: rows, into: room.skills.base)
    comparison.scaled(
      "skills", numbers(UnsafePointer(room.skills.base), rows * networks.sizes.skills), out.z.flatMap(\.self))
    gradient.writeTargets(0, at: parameters, targets: targets, in: room, draw: nil)
    comparison.scaled("next relations", numbers(room.weights, rows * entities), out.relationsNext.flatMap(\.self))
    comparison.scaled("mean targets", numbers(UnsafePointer(room.targets.base), rows), out.targetExpected)
    gradient.writeTargets(0, at: parameters, targets: targets, in: room) { row, _ in file.nextActions[row] }
    comparison.scaled("targets", numbers(UnsafePointer(room.targets.base), rows), out.targetSampled)
    gradient.look(0, at: parameters, in: room)
    comparison.scaled("relations", numbers(room.weights, rows * entities), out.relations.flatMap(\.self))
    comparison.scaled(
      "log probabilities", numbers(UnsafePointer(room.logPolicy.base), rows * actions), out.logPolicy.flatMap(\.self))
    comparison.scaled("worths", numbers(UnsafePointer(room.worths.base), rows * actions), out.q.flatMap(\.self))
    comparison.scaled("values", (0..<rows).map { gradient.value(ofRow: $0, in: room) }, out.value)
    var found = [Double](repeating: 0, count: networks.parameterCount)
    let count = networks.attending.parameterCount
    let criticLoss = gradient.learnCritic(0, at: parameters, into: &found, isThrough: false, in: room)
    comparison.scaled("loss of the critic", criticLoss, out.criticLoss)
    comparison.gradient("critic", part(found, networks.criticStart(0), count), expected.critic)
    let all = gradient.learnPolicy(0, at: parameters, into: &found, isReplayed: false, isThrough: false, in: room)
    comparison.scaled("loss of the policy", all, out.actorLossAllActions)
    comparison.gradient("policy", part(found, networks.policyStart(0), count), expected.all)
    // The file's has no bonus for entropy.
    let plain = PlayerGradient(networks, discount: file.gamma, entropyBonus: 0)
    let replayed = plain.learnPolicy(0, at: parameters, into: &found, isReplayed: true, isThrough: false, in: room)
    comparison.scaled("loss of the policy, replayed", replayed, out.actorLossReplayActions)
    comparison.gradient("policy, replayed", part(found, networks.policyStart(0), count), expected.replayed)
  }

  // MARK: - Relations

  func compareInformation(_ comparison: inout GradientComparison) {
    let (out, sizes) = (file.out, file.sizes)
    let samples = sizes.samples + 1
    let uniforms = (0..<sizes.batch).flatMap { [file.uniforms[$0]] + file.uniformsSamples[$0] }.flatMap(\.self)
    let noise = uniforms.map { GumbelSoftmax<Double>.noise(ofUniform: $0) }
    gradient.writeSkills(logits(file.task), noise: noise, count: sizes.batch * samples, into: room.skills.base)
    var found = [Double](repeating: 0, count: networks.parameterCount)
    let mean = gradient.learnInformation(
      samples: sizes.samples, description: file.taskVectors[file.task], at: parameters, policy: nil, target: targets,
      into: &found, in: room
    ) { row, _ in file.targetActions[row] }
    comparison.scaled(
      "relations of samples", numbers(room.weights + sizes.entities, sizes.samples * sizes.entities),
      out.relationsSamplesFirst.flatMap(\.self))
    comparison.scaled(
      "rewards of relations", numbers(UnsafePointer(room.information.base), sizes.batch), out.miReward)
    comparison.scaled("mean reward of relations", mean, out.miMean)
    func negated(_ start: Int, _ count: Int) -> [Double] { part(found, start, count).map { -$0 } }
    comparison.gradient(
      "relations", negated(networks.relationStart, networks.relations.parameterCount), expected.relations)
    comparison.gradient(
      "encoder", negated(networks.encoderStart, networks.encoder.encoder.parameterCount), expected.encoder)
  }
}
