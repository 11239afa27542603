// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets

/// Part `mi_reward`: what relations say of actions.
struct MutualInformationRewards: GradientCase {
  static let part = "miReward"

  enum CodingKeys: String, CodingKey {
    case count = "N"
    case piOwn, piSamples, actions, reward, definition
  }

  let count: Int
  let piOwn: [[Double]]
  let piSamples: [[[Double]]]
  let actions: [Int32]
  let reward: [Double]
  let definition: String

  func compare(_ comparison: inout GradientComparison) throws {
    guard let width = piOwn.first?.count, width > 0, count > 0, piOwn.allSatisfy({ $0.count == width }),
      piSamples.count == piOwn.count, actions.count == piOwn.count,
      piSamples.allSatisfy({ $0.count == count && $0.allSatisfy { $0.count == width } })
    else { throw ReferenceError("there are not 'N' policies and an action for each row.") }
    guard (piOwn + piSamples.joined()).allSatisfy({ abs($0.reduce(0, +) - 1) <= 1e-9 }) else {
      throw ReferenceError("the probabilities of a policy do not sum to one.")
    }
    guard actions.allSatisfy({ (0..<width).contains(Int($0)) }) else {
      throw ReferenceError("an action is none of the policy's.")
    }
    let logarithms = piOwn.indices.flatMap { ([piOwn[$0]] + piSamples[$0]).flatMap(\.self) }.map { log($0) }
    var rewards = reward.map { _ in Double.nan }
    guard rewards.count == piOwn.count else { throw ReferenceError("there is not a reward for each row.") }
    var gradient = logarithms
    mutualInformation(
      logarithms, rows: piOwn.count, samples: count, actionCount: width, actions: actions, scale: 1,
      rewards: &rewards, gradient: &gradient)
    comparison.scaled("rewards", rewards, reward)
  }
}
