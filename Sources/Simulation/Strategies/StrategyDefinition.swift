// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Schema

/// What a strategy is made from.
struct StrategyContext {
  let settings: SimulationSettings
  let world: World
  let replication: UInt32
  /// The parameters of each agent, and the phases of a step.
  let layout: StepLayout
  /// Bytes of each parameter.
  let bytesPerParameter: Int

  /// Bytes of a message about all shared parameters, with so many numbers beside.
  func messageSize(numbersBeside: Int = 0) -> UInt64 {
    settings.conditions.links.messageSize(
      numbers: layout.sharedCount + numbersBeside, bytesPerParameter: bytesPerParameter)
  }
}

/// What others have to know of a strategy, whatever the run.
package struct StrategyFacts: Sendable {
  /// Whom an agent's messages go to.
  package enum Audience: String, Sendable {
    case nobody
    case neighbourhood = "all neighbours"
    /// A neighbour at a time, drawn at each turn.
    case oneNeighbour = "one neighbour, drawn at each turn"
    /// Neighbours, and the agent whose turn is next, over others where it is no neighbour.
    case inTurn = "the next in turn, and neighbours where learners take turns"
    /// A node beside the agents, to which and from which all messages go.
    case centre = "a fusion centre, and from there to all"
  }

  /// Which recursions of theory an agent's parameters follow where nothing is late and nobody crashes.
  package enum Recursion: Sendable {
    /// Steps and combinations with the weights of the network, in turn.
    case combination
    /// Averages of two.
    case pairs
    /// Shares of sums and masses.
    case shares
    /// None; `model` is what there is no closed form for.
    case none(model: String)
  }

  package var audience = Audience.neighbourhood
  package var recursion = Recursion.combination
  /// How a step and a combination with the network's weights follow each other.
  package var arrangement = Arrangement.alone
  /// Whether averages need no weights of the network: the strategy brings its own.
  package var bringsWeights = false
  /// Numbers that a message carries beside parameters.
  package var numbersBesideParameters = 0
  /// The timings in which an agent's clock, and not the end of its step, says when it takes a turn.
  package var timingsByClock: Set<StrategySettings.Timing> = []
  /// The timing where a scenario does not say it; nothing where it has to be the usual one of all strategies.
  package var usualTiming: StrategySettings.Timing?
  /// What messages carry where a scenario does not say it.
  package var usualMessage = StrategySettings.MessageContent.combined
  /// Keys of the section `strategy` that it knows, beyond those of its timing.
  package var keys: [String] = []
  /// Whether the phases of a step can each be followed by a combination of their block.
  package var goesInPhases = false
  /// Whether, where a scenario does not say it, what may be lost is acknowledged and sent again.
  package var repeatsWhatMayBeLost = true

  /// Whether agents send, or read, anything at all.
  package var cooperates: Bool { audience != .nobody }
  /// Whether a node beside the agents gathers what they send.
  package var hasCentre: Bool { audience == .centre }
  /// Whether agents take turns one after the other.
  package var takesTurns: Bool { audience == .inTurn }
  /// Whether agents pass on shares of a sum and of a mass.
  package var passesShares: Bool { if case .shares = recursion { true } else { false } }
  /// Whether agents combine the estimates of their neighbourhood with the weights of the network.
  package var combinesNeighbourhood: Bool { arrangement != .alone }
}

/// A strategy in some timings, compiled for both numbers that parameters can be made of.
struct StrategyForm: Sendable {
  typealias Outcome = PreparedRun.Outcome

  let timings: [StrategySettings.Timing]
  let single: @Sendable (PreparedRun, consuming StepBank<Float>) throws(SimulationError) -> Outcome
  let double: @Sendable (PreparedRun, consuming StepBank<Double>) throws(SimulationError) -> Outcome

  init<InSingle: Cooperation & ~Copyable, InDouble: Cooperation & ~Copyable>(
    _ timings: [StrategySettings.Timing], _: InSingle.Type, _: InDouble.Type
  ) where InSingle.Scalar == Float, InDouble.Scalar == Double {
    self.timings = timings
    single = { (run, bank) throws(SimulationError) in try run.record(InSingle(run.context(bank)), bank) }
    double = { (run, bank) throws(SimulationError) in try run.record(InDouble(run.context(bank)), bank) }
  }
}

/// A strategy: how adapt and combine are arranged. It says all that anybody has to know about it.
///
/// A strategy is one file that makes one of these, and a line in `all`.
package struct StrategyDefinition: Definition, Equatable {
  package let name: String
  package let meaning: String
  package let source: String?
  package var parameters: [Parameter] { [] }
  package let facts: StrategyFacts
  let forms: [StrategyForm]

  init(
    _ name: String, _ meaning: String, source: String, facts: StrategyFacts, forms: [StrategyForm]
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.facts = facts
    self.forms = forms
  }

  package var properties: [Property] {
    [
      Property("timings", timings.map(\.rawValue).joined(separator: ", ")),
      Property("messages go to", facts.audience.rawValue),
    ]
      + (facts.keys.isEmpty ? [] : [Property("keys", facts.keys.map { "strategy.\($0)" }.joined(separator: ", "))])
  }

  /// The timings that it goes with.
  package var timings: [StrategySettings.Timing] {
    StrategySettings.Timing.allCases.filter { timing in forms.contains { $0.timings.contains(timing) } }
  }

  /// All strategies: a new one is a file of its own and a line here.
  package static let all: [StrategyDefinition] = [
    .diffusionATC, .diffusionCTA, .consensus, .gossip, .pushSum, .randomNeighbourPush, .centralised, .incremental,
    .nonCooperative,
  ]

  /// The strategy of a name.
  package static func named(_ name: String) -> StrategyDefinition? { all.first { $0.name == name } }

  /// By the name, as no two share it.
  package static func == (left: StrategyDefinition, right: StrategyDefinition) -> Bool { left.name == right.name }
}

extension StrategySettings {
  /// What others have to know of the strategy.
  package var facts: StrategyFacts { kind.facts }

  /// Whether each phase of a step can be followed by messages and a combination of its own.
  package var goesInPhases: Bool { facts.goesInPhases && timing != .slotted && exchange == .push }

  /// Whether whatever arrives changes an agent's parameters, every time.
  package var actsOnArrival: Bool {
    switch facts.recursion {
    case .pairs: !averagesInPairs
    case .shares: !pushSum.runningSums
    case .combination, .none: false
    }
  }

  /// Whether two agents average at one instant, which goes both ways.
  package var averagesInPairs: Bool { facts.audience == .oneNeighbour && gossip.exchange == .pairwise }
}
