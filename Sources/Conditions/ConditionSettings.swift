// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// What the world does to the agents.
package struct ConditionSettings: Sendable, Equatable {
  package var compute: ComputeSettings
  package var links: LinkSettings
  package var failures: FailureSettings?
  /// Groups of agents that other keys name; nothing for none.
  package var groups: AgentGroups?

  package init(
    compute: ComputeSettings = ComputeSettings(), links: LinkSettings = LinkSettings(),
    failures: FailureSettings? = nil, groups: AgentGroups? = nil
  ) {
    self.compute = compute
    self.links = links
    self.failures = failures
    self.groups = groups
  }
}

extension LinkSettings {
  /// The region of each of these agents, in the order of their names; empty where there are no regions.
  package func regionOfAgent(_ names: [String]) -> [String: String] {
    guard let regions = latency.regions else { return [:] }
    let known = names.enumerated().compactMap { rank, name in regions.region(of: name, rank: rank).map { (name, $0) } }
    return Dictionary(known) { first, _ in first }
  }

  /// The names of all regions that agents can be in.
  package var regions: Set<String> {
    latency.regions.map { Set($0.regionOfAgent.values).union($0.inTurn) } ?? []
  }
}

/// How long a local step takes: (between agents) × (slowdown of a straggler) × (within the agent), or by what it
/// computes: (time of its environment steps and samples) × (factor of the agent) × (slowdown) × (within the agent).
package struct ComputeSettings: Sendable, Equatable {
  /// What a step takes by what it computes.
  package struct Work: Sendable, Equatable {
    /// What a step of the environment takes.
    package var environmentStep: VirtualDuration
    /// What the gradient of a sample takes.
    package var sample: VirtualDuration
    /// The factor of an agent's times, a pure number, drawn once per study for each agent.
    package var agentFactor: Distribution

    package init(
      environmentStep: VirtualDuration, sample: VirtualDuration, agentFactor: Distribution = .constant(1)
    ) {
      self.environmentStep = environmentStep
      self.sample = sample
      self.agentFactor = agentFactor
    }
  }

  /// Agents that are slower than their draw says.
  package struct Stragglers: Sendable, Equatable {
    /// Which agents.
    package enum Choice: Sendable, Equatable {
      /// These, by name.
      case named([String])
      /// So large a share of all agents, rounded to the nearest number, drawn at random once per study.
      case share(Double)
      /// Those that are chosen once per study.
      case selected(AgentSelector)
    }

    package var choice: Choice
    /// How many times longer their steps take.
    package var slowdown: Double

    package init(choice: Choice, slowdown: Double) {
      self.choice = choice
      self.slowdown = slowdown
    }
  }

  /// The typical duration of an agent's step in seconds, drawn once per study for each agent.
  package var betweenAgents: Distribution
  /// The factor of each single step, a pure number.
  package var withinAgent: Distribution
  package var stragglers: [Stragglers]
  /// When an agent starts its first step, in seconds.
  package var startPhase: Distribution
  /// Takes the place of `betweenAgents` where steps take as long as what they compute.
  package var work: Work?
  /// Takes the place of `betweenAgents` where it is said of every agent.
  package var durations: StepDurations?
  /// When agents are slow for a while.
  package var spells: SlowSpellSettings?
  /// The speeds of agents by a file.
  package var trace: TraceTable?

  package init(
    betweenAgents: Distribution = .constant(0.1), withinAgent: Distribution = .constant(1),
    stragglers: [Stragglers] = [], startPhase: Distribution = .constant(0), work: Work? = nil,
    durations: StepDurations? = nil, spells: SlowSpellSettings? = nil, trace: TraceTable? = nil
  ) {
    self.betweenAgents = betweenAgents
    self.withinAgent = withinAgent
    self.stragglers = stragglers
    self.startPhase = startPhase
    self.work = work
    self.durations = durations
    self.spells = spells
    self.trace = trace
  }
}

/// What happens to a message between two agents.
package struct LinkSettings: Sendable, Equatable {
  /// What becomes of a message that finds the link busy.
  package enum Queue: String, Sendable, CaseIterable {
    /// One message waits; a newer one replaces it.
    case supersede
    /// Messages wait in line, as many as there are.
    case fifo
  }

  /// How long a message travels after it has left.
  package var latency: LatencySettings
  package var loss: LossSettings
  /// What links carry; nothing for links without a limit.
  package var bandwidth: BandwidthSettings?
  package var queue: Queue
  /// Whether a message never arrives before one sent earlier on its link.
  package var inOrder: Bool
  /// Bytes that every message carries beside its numbers.
  package var overhead: ByteCount
  /// How exactly messages carry numbers; nothing means as exactly as the learner has them.
  package var precision: MessagePrecision?
  /// Whether messages are doubled on their way; nothing means never.
  package var duplication: DuplicationSettings?
  /// When links go down by themselves; nothing means never.
  package var outages: LinkOutageSettings?

  package init(
    latency: LatencySettings = .law(.constant(0)), loss: LossSettings = .never, bandwidth: BandwidthSettings? = nil,
    queue: Queue = .supersede, inOrder: Bool = false, overhead: ByteCount = .zero,
    precision: MessagePrecision? = nil, duplication: DuplicationSettings? = nil, outages: LinkOutageSettings? = nil
  ) {
    self.latency = latency
    self.loss = loss
    self.bandwidth = bandwidth
    self.queue = queue
    self.inOrder = inOrder
    self.overhead = overhead
    self.precision = precision
    self.duplication = duplication
    self.outages = outages
  }

  /// Links that lose every message by itself.
  package init(
    latency: LatencySettings = .law(.constant(0)), loss: Probability, bandwidth: BandwidthSettings? = nil,
    queue: Queue = .supersede, inOrder: Bool = false, overhead: ByteCount = .zero
  ) {
    self.init(
      latency: latency, loss: .independent(loss), bandwidth: bandwidth, queue: queue, inOrder: inOrder,
      overhead: overhead)
  }
}

/// Messages that arrive twice: one that is not lost is doubled where its travel begins. The copy has a latency of its own
/// and takes no bandwidth. The first to arrive is the message.
package struct DuplicationSettings: Sendable, Equatable {
  /// What becomes of the one that comes second.
  package enum Delivery: String, Sendable, CaseIterable {
    /// Nobody sees it.
    case once
    /// It is delivered like any message.
    case twice
  }

  package var probability: Probability
  package var deliver: Delivery

  package init(_ probability: Probability, deliver: Delivery = .once) {
    self.probability = probability
    self.deliver = deliver
  }
}

/// Regions and the round trips between them.
package struct RegionSettings: Sendable, Equatable {
  /// The measured round trip between two regions (or within one).
  package struct RoundTrip: Sendable, Equatable {
    package let first: String
    package let second: String
    package let duration: VirtualDuration

    package init(_ first: String, _ second: String, _ duration: VirtualDuration) {
      self.first = first
      self.second = second
      self.duration = duration
    }
  }

  /// What stands for a round trip that is not given.
  package enum MissingPairs: String, Sendable, CaseIterable {
    /// Nothing: agents in such regions cannot be linked.
    case refuse
    /// The shortest way over other regions.
    case shortestPath = "shortest-path"
  }

  /// The region of each agent, by the agent's name.
  package var regionOfAgent: [String: String]
  /// The regions of agents that have none by name, one after another in the order of names; nothing where all have one.
  package var inTurn: [String]
  /// Round trips between regions, in either order.
  package var roundTrips: [RoundTrip]
  /// The round trip within a region for which `roundTrips` has none.
  package var within: VirtualDuration
  /// The factor of each message's latency, a pure number.
  package var jitter: Distribution
  package var missingPairs: MissingPairs

  package init(
    regionOfAgent: [String: String], inTurn: [String] = [], roundTrips: [RoundTrip], within: VirtualDuration,
    jitter: Distribution = .constant(1), missingPairs: MissingPairs = .refuse
  ) {
    self.regionOfAgent = regionOfAgent
    self.inTurn = inTurn
    self.missingPairs = missingPairs
    self.roundTrips = roundTrips
    self.within = within
    self.jitter = jitter
  }
}
