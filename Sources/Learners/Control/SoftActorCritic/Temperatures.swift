// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// What a nat of entropy is worth to each agent, κ: given, or learnt by an optimiser of its own so that the entropy of the
/// policy comes to a target,
///
///     L_κ = −κ mean(log π + H̄)      slope by log κ: −κ (mean log π + H̄)
///
/// What a step has seen of the policy is noted, and counts when the step ends.
///
/// Source: Haarnoja et al., "Soft actor-critic algorithms and applications", 2018, equation 18.
package final class Temperatures: @unchecked Sendable {
  /// H̄; nothing where κ is given.
  private let target: Double?
  private let first: Float
  private let optimisers: BlockOptimisers
  /// log κ of each agent.
  private let logarithms: Column<Float>
  /// The slope by it that the step under way has come to; afterwards the move.
  private let slopes: Column<Float>
  private let fixed: Float

  package init(_ settings: SoftActorCriticSettings, actionCount: Int, agents: Int) {
    switch settings.temperature {
    case .fixed(let value): (target, fixed) = (nil, Float(value))
    case .tuned(let entropy): (target, fixed) = (entropy ?? -Double(actionCount), 0)
    }
    first = Float.logarithm(Float(settings.firstTemperature))
    let optimiser = settings.optimiser.optimiser(stepSize: settings.temperatureStepSize)
    optimisers = BlockOptimisers([BlockOptimisers.Block(optimiser: optimiser, count: 1)], nodes: agents)
    logarithms = Column(repeating: first, count: agents)
    slopes = Column(repeating: 0, count: agents)
  }

  /// κ of an agent.
  package subscript(agent: Int) -> Float { target == nil ? fixed : Float.exponential(logarithms[agent]) }

  /// What a step under way has seen of an agent's policy: the mean of log π.
  package func note(_ agent: Int, logDensity: Double) {
    slopes[agent] = -self[agent] * Float(logDensity + (target ?? 0))
  }

  /// Makes the move of what was noted, if κ is learnt.
  package func commit(_ agent: Int) {
    guard target != nil else { return }
    optimisers.turn(0, of: slopes.base + agent, for: agent)
    logarithms[agent] += slopes[agent]
  }

  /// Starts an agent afresh.
  package func forget(_ agent: Int) {
    logarithms[agent] = first
    optimisers.forget(agent)
  }

  /// All of it, with what steps under way have seen.
  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("temperatures", logarithms)
    try memory.column("slopes by temperatures", slopes)
    try optimisers.visit(&memory)
  }

  /// What an agent keeps between steps.
  func visit(_ memory: inout RunMemory, of agent: Int) throws(RunMemoryFault) {
    try memory.values("temperature of an agent", logarithms.base + agent, count: 1)
    try optimisers.visit(&memory, of: agent)
  }
}
