// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Why a reference file cannot be used, as a full sentence.
package struct ReferenceError: Error, CustomStringConvertible {
  package let description: String
  /// Whether the file could not even be read.
  package let isUnreadable: Bool
}

/// What every reference file has in common.
package struct ReferenceHeader: Decodable, Sendable {
  package let schema: String
  package let id: String
  package let kind: String
}

/// A file of schema `diffusion-reference/1`, kind `diffusion-lms`: slotted network LMS with exact expectations.
struct DiffusionReference: Decodable, Sendable {
  struct Graph: Decodable, Sendable {
    let n: Int
    let edges: [[Int]]
  }

  struct Weights: Decodable, Sendable {
    let rule: String
    /// matrix[l][k] is the weight that agent k gives to information from agent l.
    let matrix: [[Double]]
  }

  struct Data: Decodable, Sendable {
    let w0: [Double]
    let mu: ScalarOrList
    let regressorVariance: ScalarOrList
    let regressorRho: ScalarOrList
    let noiseVariance: ScalarOrList
  }

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let networkMsdDb: Double
      let agentMsdDb: [Double]
      /// Pairs of slot and network MSD in dB.
      let transient: [[Double]]?
    }

    struct Averaging: Decodable, Sendable {
      let runs: Int
      /// Slots [from, to).
      let window: [Int]
    }

    let name: String
    let strategy: String
    let agentActiveProbability: ScalarOrList?
    let linkDeliveryProbability: ScalarOrList?
    let messageDelaySlots: Int?
    let expected: Expected
    let `protocol`: Averaging
  }

  struct Tolerance: Decodable, Sendable {
    let networkMsdDb: Double
    let agentMsdDb: Double
    let transientDb: Double
    let transientNeedsRuns: Int
  }

  let id: String
  let network: Graph
  let weights: Weights
  let data: Data
  let experiments: [Experiment]
  let tolerance: Tolerance
}

/// One number for all agents, or one for each.
enum ScalarOrList: Decodable, Sendable {
  case scalar(Double)
  case list([Double])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let scalar = try? container.decode(Double.self) {
      self = .scalar(scalar)
    } else {
      self = .list(try container.decode([Double].self))
    }
  }

  /// The number of each agent.
  func values(count: Int) -> [Double] {
    switch self {
    case .scalar(let value): Array(repeating: value, count: count)
    case .list(let values): values
    }
  }

  /// Whether every agent has this number.
  func isEverywhere(_ number: Double) -> Bool {
    switch self {
    case .scalar(let value): value == number
    case .list(let values): values.allSatisfy { $0 == number }
    }
  }
}
