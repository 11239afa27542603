// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import ReferenceFiles

/// What PyTorch computed in double precision: `gradients.json` of the references.
struct ReferenceGradients: Decodable {
  let gaussianActor: [GaussianActor]
  let critic: [Critic]
  let diffusionRound: [DiffusionRound]
  let categorical: [Categorical]
  let returns: [Returns]

  static func load() throws -> ReferenceGradients {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(ReferenceGradients.self, from: try learningReference("gradients"))
  }

  struct AdamSettings: Decodable {
    let lr: Double
    let beta1: Double
    let beta2: Double
    let eps: Double

    var optimiser: Optimiser {
      Optimiser(.adam(firstDecay: beta1, secondDecay: beta2, epsilon: eps), stepSize: lr)
    }
  }

  struct GaussianActor: Decodable {
    let sizes: [Int]
    let activation: String
    let scale: Double
    let entropyCoefficient: Double
    let params: [NestedNumbers]
    let states: [[Double]]
    let actions: [Double]
    let advantages: [Double]
    let mean: [Double]
    let variance: [Double]
    let logp: [Double]
    let entropy: [Double]
    let loss: Double
    let grads: [NestedNumbers]
    let paramsAfter1: [NestedNumbers]
    let paramsAfter3: [NestedNumbers]
    let lossBefore1: Double
    let lossBefore3: Double
    let adam: AdamSettings
  }

  struct Critic: Decodable {
    let sizes: [Int]
    let activation: String
    let params: [NestedNumbers]
    let states: [[Double]]
    let targets: [Double]
    let values: [Double]
    let loss: Double
    let grads: [NestedNumbers]
    let paramsAfter1: [NestedNumbers]
    let paramsAfter3: [NestedNumbers]
    let lossBefore1: Double
    let lossBefore3: Double
    let adam: AdamSettings
  }

  struct DiffusionRound: Decodable {
    struct Batch: Decodable {
      let states: [[Double]]
      let actions: [Double]
      let returns: [Double]

      enum CodingKeys: String, CodingKey {
        case states = "X"
        case actions = "U"
        case returns = "Y"
      }
    }
    struct Final: Decodable {
      let actorFinal: [[NestedNumbers]]
      let criticFinal: [[NestedNumbers]]
    }
    /// Of agent l, the weights that each agent k gives to it.
    let combinationMatrix: [[Double]]
    let sizesHidden: [Int]
    let scale: Double
    let rounds: Int
    let lrCritic: Double
    let lrActor: Double
    let entropyCoefficient: Double
    let data: [Batch]
    let actor0: [[NestedNumbers]]
    let critic0: [[NestedNumbers]]
    let jacobi: Final
    let gaussSeidel: Final

    enum CodingKeys: String, CodingKey {
      case combinationMatrix = "C"
      case sizesHidden, scale, rounds, lrCritic, lrActor, entropyCoefficient, data, actor0, critic0, jacobi
      case gaussSeidel
    }
  }

  struct Categorical: Decodable {
    let sizes: [Int]
    let activation: String
    let params: [NestedNumbers]
    let states: [[Double]]
    let actions: [Int32]
    let advantages: [Double]
    let oldLogp: [Double]
    let entropyCoefficient: Double
    let clip: Double
    let logpAll: [[Double]]
    let entropy: [Double]
    let klUniformPi: [Double]
    let pgLoss: Double
    let pgGrads: [NestedNumbers]
    let ppoLoss: Double
    let ppoGrads: [NestedNumbers]
    let klUniformMean: Double
    let klUniformGrads: [NestedNumbers]
    let paramsAfter1: [NestedNumbers]
    let paramsAfter3: [NestedNumbers]
    let lossBefore3: Double
    let adam: AdamSettings
  }

  struct Returns: Decodable {
    let gamma: Double
    let lam: Double
    let rewards: [Double]
    let values: [Double]
    let done: [Double]
    let bootstrappedReturn: [Double]
    let gae: [Double]
    let n: Int
    let nStepTarget: [Double]
  }
}

/// A vector, or a matrix with a row for each input.
enum NestedNumbers: Decodable {
  case vector([Double])
  case matrix([[Double]])

  init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let matrix = try? container.decode([[Double]].self) {
      self = .matrix(matrix)
    } else {
      self = .vector(try container.decode([Double].self))
    }
  }

  /// In the order of our vectors, where a matrix has a row for each unit.
  var flat: [Double] {
    switch self {
    case .vector(let numbers): numbers
    case .matrix(let rows): (rows.first ?? []).indices.flatMap { unit in rows.map { $0[unit] } }
    }
  }
}

func flat(_ tensors: [NestedNumbers]) -> [Double] { tensors.flatMap(\.flat) }

/// The activation that a reference names.
func activation(_ name: String) throws -> Activation {
  switch name {
  case "relu": return .rectifier
  case "leaky_relu": return .leakyRectifier
  case "tanh": return .hyperbolicTangent
  default: throw UnknownActivation(name: name)
  }
}

struct UnknownActivation: Error {
  let name: String
}
