// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// How long the steps of each agent typically take, where that is said and not drawn.
package enum StepDurations: Sendable, Equatable {
  /// By the rank of the agent.
  case each([VirtualDuration])
  /// τ √i for the i-th agent by name, from one.
  ///
  /// Source: Tyurin and Richtárik, "On the optimal time complexities in decentralized stochastic asynchronous
  /// optimization", NeurIPS 37 (2024), whose experiments have delays √i.
  case rootOfRank(VirtualDuration)

  /// Seconds, by the rank of the agent.
  package func seconds(agents: Int) -> [Double] {
    switch self {
    case .each(let durations): durations.map(\.seconds)
    case .rootOfRank(let first): (0..<agents).map { first.seconds * Double($0 + 1).squareRoot() }
    }
  }
}

extension ComputeSettings {
  /// What a step typically takes in the mean over so many agents, without stragglers: seconds, or the factor of its times
  /// where steps take as long as what they compute.
  package func meanTypicalStep(agents: Int) -> Double {
    if let work { return work.agentFactor.mean }
    guard let durations = durations?.seconds(agents: agents), !durations.isEmpty else { return betweenAgents.mean }
    return durations.reduce(0, +) / Double(durations.count)
  }

  /// Whether it is drawn for each agent how long its steps typically take, and can come out in several ways.
  package var drawsTypicalSteps: Bool {
    if let work { return !work.agentFactor.isConstant }
    return durations == nil && !betweenAgents.isConstant
  }

  /// What every step of every agent takes, where that is one and the same.
  package var onlyStep: VirtualDuration? {
    guard work == nil, durations == nil, betweenAgents.isConstant, withinAgent.isConstant, stragglers.isEmpty,
      !hasChangingSpeeds
    else { return nil }
    return VirtualDuration(seconds: betweenAgents.mean * withinAgent.mean)
  }

  /// Whether the speeds of agents change with time, by what these settings say.
  package var hasChangingSpeeds: Bool { spells != nil || trace != nil }
}
