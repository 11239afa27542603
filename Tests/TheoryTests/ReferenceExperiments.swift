// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import ReferenceFiles
import Testing
import Theory

/// Reads a reference file of this folder.
func reference<File: Decodable>(_ name: String, as type: File.Type = File.self) throws -> File {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(File.self, from: theoryReference("\(name)"))
}

func decibels(_ value: Double) -> Double { 10 * log10(value) }

/// The reference files of least mean squares, slotted and by events.
struct LeastMeanSquaresReference: Decodable {
  /// One number for all agents, or one for each.
  enum Probabilities: Decodable {
    case same(Double)
    case each([Double])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        self = .same(value)
      } else {
        self = .each(try container.decode([Double].self))
      }
    }
  }

  struct Expected: Decodable {
    let networkMsdDb: Double
    let agentMsdDb: [Double]
    let transient: [[Double]]?
    let transientTime: [[Double]]?
    let settleIteration: Int?
    let smallStepClosedFormDb: Double?
  }

  struct Experiment: Decodable {
    let name: String
    let strategy: String?
    let activity: String?
    let agentActiveProbability: Probabilities?
    let linkDeliveryProbability: Double?
    let messageDelaySlots: Int?
    let model: String?
    let messageLoss: Double?
    let linkRate: Double?
    let expected: Expected
  }

  let weights: ReferenceCase.Weights
  let data: ReferenceCase.Regression
  let clockRate: [Double]?
  let experiments: [Experiment]

  var costs: QuadraticCosts {
    QuadraticCosts(
      dimension: data.w0.count, regressorVariances: data.regressorVariance,
      regressorCorrelations: data.regressorRho, truths: data.mu.flatMap { _ in data.w0 })
  }

  /// The model of an experiment.
  func model(_ experiment: Experiment, stepScale: Double = 1) throws -> SlottedRecursion {
    let strategies: [String: SlottedRecursion.Strategy] = [
      "atc": .adaptThenCombine, "cta": .combineThenAdapt, "consensus": .consensus, "noncooperative": .nonCooperative,
    ]
    let activities: [String: SlottedRecursion.Activity] = ["compute": .compute, "sleep": .sleep, "pull": .pull]
    let count = data.mu.count
    let active: [Double]? =
      switch experiment.agentActiveProbability {
      case .same(let value): [Double](repeating: value, count: count)
      case .each(let values): values
      case nil: nil
      }
    return try SlottedRecursion(
      costs: costs, stepSizes: data.mu.map { $0 * stepScale }, noiseVariances: data.noiseVariance,
      combination: CombinationMatrix(rows: weights.matrix),
      strategy: try #require(strategies[experiment.strategy ?? ""]),
      activity: try #require(activities[experiment.activity ?? "compute"]), activeProbabilities: active,
      deliveryProbabilities: experiment.linkDeliveryProbability.map {
        [Double](repeating: $0, count: count * count)
      }, delay: experiment.messageDelaySlots ?? 0)
  }
}
