// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// Slow spells: the speed of an agent alternates between its usual one and a slower one, whatever it does.
package struct SlowSpellSettings: Sendable, Equatable {
  /// How long spells last.
  package enum Lengths: Sendable, Equatable {
    /// Seconds, by a law each.
    case laws(normal: Distribution, slow: Distribution)
    /// Exponential ones: the share of time that is slow, below one, and the mean of a slow spell.
    case share(Double, length: VirtualDuration)
  }

  /// What an agent is in at time zero.
  package enum Start: String, Sendable, CaseIterable {
    /// Either, as at any other time: with the share of time that is slow.
    case stationary
    /// At the begin of a normal spell.
    case normal
  }

  /// How many times longer a step takes whose work is done in a slow spell.
  package var slowdown: Double
  package var lengths: Lengths
  /// The agents that have slow spells, chosen once per study.
  package var agents: AgentSelector
  /// What a scenario says of the start; nothing means stationary where laws allow it.
  package var start: Start?

  package init(slowdown: Double, lengths: Lengths, agents: AgentSelector = .all, start: Start? = nil) {
    self.slowdown = slowdown
    self.lengths = lengths
    self.agents = agents
    self.start = start
  }
}

extension SlowSpellSettings {
  /// How long a normal spell lasts, seconds; for ever where no time is slow.
  package var normal: Distribution {
    switch lengths {
    case .laws(let normal, _): normal
    case .share(let share, let length):
      share > 0 ? .exponential(mean: length.seconds * (1 - share) / share) : .constant(.infinity)
    }
  }

  /// How long a slow spell lasts, seconds.
  package var slow: Distribution {
    switch lengths {
    case .laws(_, let slow): slow
    case .share(_, let length): .exponential(mean: length.seconds)
    }
  }

  /// Whether what is left of a spell at any time has the law of a whole one, so that the start can be stationary.
  package var canStartStationary: Bool {
    if case .laws(let normal, let slow) = lengths { normal.hasNoMemory && slow.hasNoMemory } else { true }
  }

  /// What an agent is in at time zero.
  package var resolvedStart: Start { start ?? (canStartStationary ? .stationary : .normal) }

  /// The share of time that is slow, in the long run: mean slow / (mean normal + mean slow).
  package var shareOfTime: Double {
    if case .share(let share, _) = lengths { return share }
    let (normal, slow) = (normal.mean, slow.mean)
    return slow == 0 ? 0 : slow / (normal + slow)
  }

  /// The mean speed of an agent that has such spells, over time: 1 − share (1 − 1 / slowdown).
  package var meanSpeed: Double { 1 - shareOfTime * (1 - 1 / slowdown) }

  /// The ranks of the agents that have slow spells.
  ///
  /// *Randomness*: `choice` of the path of the key.
  package func ranks(in ground: SelectionGround, seed: UInt64) -> [Int] {
    let family = StreamFamily(seed: seed, replication: StreamFamily.study, purpose: .choice)
    return ground.ranks(agents, ChoiceDraw(family, name: "conditions.compute.spells"))
  }

  /// Whether spells are left to chance.
  package var isRandom: Bool { !normal.isConstant || !slow.isConstant || isStartRandom }

  private var isStartRandom: Bool { resolvedStart == .stationary && 0 < shareOfTime && shareOfTime < 1 }
}

extension Distribution {
  /// Whether it is exponential: what is left of such a time has the law of the whole.
  fileprivate var hasNoMemory: Bool { self == .exponential(mean: mean) }
}
