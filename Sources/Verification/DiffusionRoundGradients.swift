// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Theory

/// Part `diffusion_round`: rounds of Diff-DAC with a few agents. Everybody adapts, then everybody combines, first the
/// critics and then the actors; Adam's moments stay with each agent.
///
/// Source: Valcarcel Macua et al., "Diff-DAC", algorithm 1 (Jacobi) and its second remark (Gauss-Seidel, in which the
/// actor's advantages come from the critic of this round).
struct DiffusionRoundGradients: GradientCase {
  static let part = "diffusionRound"

  struct Batch: Decodable, Sendable {
    let states: [[Double]]
    let actions: [Double]
    let returns: [Double]

    enum CodingKeys: String, CodingKey {
      case states = "X"
      case actions = "U"
      case returns = "Y"
    }
  }

  struct Final: Decodable, Sendable {
    let actorFinal: [ReferenceParameters]
    let criticFinal: [ReferenceParameters]
  }

  /// For each agent l, the weights that each agent k gives to it.
  let weights: [[Double]]
  let sizesHidden: [Int]
  let activation: String
  let scale: Double
  let rounds: Int
  let lrCritic: Double
  let lrActor: Double
  let entropyCoefficient: Double
  let data: [Batch]
  let actor0: [ReferenceParameters]
  let critic0: [ReferenceParameters]
  let jacobi: Final
  let gaussSeidel: Final

  enum CodingKeys: String, CodingKey {
    case weights = "C"
    case sizesHidden, activation, scale, rounds, lrCritic, lrActor, entropyCoefficient, data, actor0, critic0, jacobi
    case gaussSeidel
  }

  func compare(_ comparison: inout GradientComparison) throws {
    guard (0...Int(ReferenceLimits.latest)).contains(rounds) else {
      throw ReferenceError("there cannot be \(rounds) rounds.")
    }
    for (name, isGaussSeidel, final) in [("Jacobi", false, jacobi), ("Gauss-Seidel", true, gaussSeidel)] {
      var agents = try DiffusionRoundAgents(self)
      for _ in 0..<rounds { agents.advance(isGaussSeidel: isGaussSeidel) }
      try agents.critics.compare(&comparison, "critics, \(name)", final.criticFinal)
      try agents.actors.compare(&comparison, "actors, \(name)", final.actorFinal)
    }
  }
}

/// The actors and critics of all agents.
private struct DiffusionRoundAgents {
  private let combination: CombinationMatrix
  private let policy: GaussianPolicy<Double>
  private let entropyBonus: Double
  private let data: [DiffusionRoundGradients.Batch]
  /// The states of each agent's data, one row behind the other.
  private let batches: [[Double]]
  private(set) var actors: ReferenceNetworks
  private(set) var critics: ReferenceNetworks

  init(_ reference: DiffusionRoundGradients) throws {
    let count = reference.data.count
    guard reference.actor0.count == count, reference.critic0.count == count else {
      throw ReferenceError("there are not an actor and a critic for each of \(count) agents.")
    }
    func networks(_ start: [ReferenceParameters], outputs: Int, stepSize: Double) throws -> ReferenceNetworks {
      try ReferenceNetworks(
        ReferencePerceptron(
          sizes: reference.sizesHidden + [outputs], activation: reference.activation, outputs: outputs),
        start: start, stepSize: stepSize)
    }
    actors = try networks(reference.actor0, outputs: 2, stepSize: reference.lrActor)
    critics = try networks(reference.critic0, outputs: 1, stepSize: reference.lrCritic)
    batches = try reference.data.map { [actors] batch in
      try checkRows(batch.states.count, ["actions": batch.actions.count, "returns": batch.returns.count])
      return try actors.perceptron.batch(batch.states)
    }
    combination = try combinationMatrix(ofSenders: reference.weights, agents: count)
    policy = try gaussianPolicy(scale: reference.scale)
    entropyBonus = reference.entropyCoefficient
    data = reference.data
  }

  /// One round of everybody.
  mutating func advance(isGaussSeidel: Bool) {
    let old = critics
    critics.adapt(batches) { agent, outputs, gradient in
      let returns = data[agent].returns
      return squaredErrorLoss(outputs, rows: returns.count, targets: returns, gradient: gradient)
    }
    critics.combine(combination)
    let judges = isGaussSeidel ? critics : old
    actors.adapt(batches) { agent, outputs, gradient in
      let values = judges.perceptron.network.outputs(batches[agent], at: judges.parameters[agent])
      let advantages = zip(data[agent].returns, values).map { $0 - $1 }
      return policy.loss(
        outputs, rows: advantages.count, actions: data[agent].actions, advantages: advantages,
        entropyBonus: entropyBonus, gradient: gradient)
    }
    actors.combine(combination)
  }
}

/// Networks of one shape, one of each agent, with moments of Adam that nobody shares.
private struct ReferenceNetworks {
  let perceptron: ReferencePerceptron
  private(set) var parameters: [[Double]]
  private let optimiser: Optimiser
  private var moments: [[Double]]
  private var moves: UInt64 = 0

  init(_ perceptron: ReferencePerceptron, start: [ReferenceParameters], stepSize: Double) throws {
    guard stepSize >= 0 else { throw ReferenceError("a step size is \(stepSize), below zero.") }
    let optimiser = Optimiser(.adam(), stepSize: stepSize)
    self.perceptron = perceptron
    self.optimiser = optimiser
    parameters = try start.map { try perceptron.flat($0) }
    moments = parameters.map { Array(repeating: 0, count: optimiser.stateCount(parameters: $0.count)) }
  }

  func compare(_ comparison: inout GradientComparison, _ name: String, _ expected: [ReferenceParameters]) throws {
    comparison.numbers(name, parameters.flatMap(\.self), try expected.flatMap { try perceptron.flat($0) })
  }

  /// A move of each agent on its own batch.
  mutating func adapt(
    _ batches: [[Double]],
    head: (_ agent: Int, UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double
  ) {
    moves += 1
    for agent in parameters.indices {
      let gradient = perceptron.network.lossAndGradient(batches[agent], at: parameters[agent]) {
        head(agent, $0, $1)
      }.gradient
      optimiser.update(
        &parameters[agent], gradient: gradient, count: gradient.count, state: &moments[agent], move: moves)
    }
  }

  /// Σ_l c_lk w_l for each agent k.
  mutating func combine(_ combination: CombinationMatrix) {
    let old = parameters
    for receiver in old.indices {
      for entry in old[receiver].indices {
        parameters[receiver][entry] = old.indices.reduce(0) { $0 + combination[$1, receiver] * old[$1][entry] }
      }
    }
  }
}
