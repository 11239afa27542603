// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// How adapt and combine are arranged, and when.
package struct StrategySettings: Sendable, Equatable {
  /// Whom an agent waits for before it combines.
  package enum Timing: String, Sendable, CaseIterable {
    /// An agent uses what it has.
    case asynchronous
    /// A round starts for all when the last live agent has combined.
    case synchronousGlobal = "synchronous-global"
    /// An agent waits for its own neighbourhood only.
    case synchronousLocal = "synchronous-local"
    /// Time goes in slots of one length; who is active and which message arrives is drawn slot by slot.
    case slotted
  }

  /// What replaces an absent estimate.
  package enum MissingNeighbourRule: String, Sendable, CaseIterable {
    /// The newest estimate ever heard.
    case lastHeard = "last-heard"
    /// The weight returns to the agent.
    case itself = "self"
    /// The weights present are divided by their sum.
    case renormalise
    /// The agent waits (synchronous timings only).
    case wait
  }

  /// What a message carries.
  package enum MessageContent: String, Sendable, CaseIterable {
    /// The intermediate estimate ψ, sent when the local step ends (diffusion ATC).
    case psi
    /// The estimate w, sent when the agent has arrived at it.
    case combined = "w"
  }

  /// How estimates get from agent to agent in asynchronous timing.
  package enum Exchange: String, Sendable, CaseIterable {
    /// An agent sends its estimate to all neighbours when it has a new one.
    case push
    /// An agent reads its neighbours' estimates, as they are at that instant, when its step ends. Reading takes no time;
    /// each read can be lost.
    case pull
    /// Every directed link sends its sender's present estimate at times of its own.
    case link
  }

  /// What a mailbox holds before the first message of a neighbour.
  package enum MailboxStart: String, Sendable, CaseIterable {
    /// Nothing: the weight goes to the agent.
    case empty
    /// The neighbour's initial parameters, as if they had been sent before the start.
    case initial
  }

  package var kind: StrategyDefinition
  package var timing: Timing
  package var missingNeighbour: MissingNeighbourRule
  package var message: MessageContent
  /// In local synchronous timing: how long an agent waits, after its own step ended, before it presumes dead every
  /// neighbour that it has not heard. Nothing means for ever.
  package var peerTimeout: VirtualDuration?
  /// In asynchronous timing: estimates older than that count as missing. Nothing means never.
  package var forgetAfter: VirtualDuration?
  package var retransmission: Retransmission
  package var exchange: Exchange
  /// Seconds between the messages of a link where `exchange` is `link`; an exponential law makes it a Poisson process.
  package var linkInterval: Distribution?
  package var mailboxStart: MailboxStart
  /// In slotted timing.
  package var slots: SlotSettings
  /// When the agents' clocks ring: they start a gossip exchange, or a share of push-sum in asynchronous timing.
  package var clock: ClockSettings
  package var gossip: GossipSettings
  package var pushSum: PushSumSettings
  /// With a fusion centre: what agents send it.
  package var upload: CentreSettings.Upload
  package var centre: CentreSettings
  /// Where agents take turns.
  package var incremental: IncrementalSettings

  /// How synchronous messages are sent again until they are acknowledged.
  package struct Retransmission: Sendable, Equatable {
    /// When estimates are acknowledged and sent again.
    package enum Use: String, Sendable, CaseIterable {
      /// When messages can get lost in any of the ways of `MessageLoss`.
      case auto
      case always
      case never
    }

    package var acknowledge: Use
    /// How long after sending a message is sent again; nothing means three mean round trips of its link, at
    /// least a tenth of the mean compute time.
    package var timeout: VirtualDuration?
    /// Factor of the timeout from one attempt to the next, at least 1.
    package var backOff: Double
    /// The size of an acknowledgement.
    package var acknowledgementSize: ByteCount
    /// Whether acknowledgements are lost like messages.
    package var losesAcknowledgements: Bool

    package init(
      acknowledge: Use = .auto, timeout: VirtualDuration? = nil, backOff: Double = 2,
      acknowledgementSize: ByteCount = ByteCount(64), losesAcknowledgements: Bool = true
    ) {
      self.acknowledge = acknowledge
      self.timeout = timeout
      self.backOff = backOff
      self.acknowledgementSize = acknowledgementSize
      self.losesAcknowledgements = losesAcknowledgements
    }

    /// How long until an unacknowledged estimate is sent again the first time: as the scenario says, or three round trips,
    /// at least a tenth of a step.
    ///
    /// - Parameters:
    ///   - roundTrip: seconds in the mean, transmission included.
    ///   - step: seconds of the mean local step.
    package func firstTimeout(roundTrip: Double, step: Double) -> VirtualDuration {
      timeout ?? VirtualDuration(seconds: max(3 * roundTrip, step / 10))
    }
  }

  package init(
    kind: StrategyDefinition = .diffusionATC, timing: Timing = .asynchronous,
    missingNeighbour: MissingNeighbourRule? = nil,
    message: MessageContent? = nil, peerTimeout: VirtualDuration? = nil, forgetAfter: VirtualDuration? = nil,
    retransmission: Retransmission = Retransmission(),
    exchange: Exchange = .push, linkInterval: Distribution? = nil, mailboxStart: MailboxStart = .empty,
    slots: SlotSettings = SlotSettings(), clock: ClockSettings = ClockSettings(),
    gossip: GossipSettings = GossipSettings(), pushSum: PushSumSettings = PushSumSettings(),
    upload: CentreSettings.Upload? = nil, centre: CentreSettings = CentreSettings(),
    incremental: IncrementalSettings = IncrementalSettings()
  ) {
    self.kind = kind
    self.timing = timing
    self.missingNeighbour = missingNeighbour ?? timing.usualMissingNeighbourRule
    self.message = message ?? (exchange == .push ? kind.facts.usualMessage : .combined)
    self.peerTimeout = peerTimeout
    self.forgetAfter = forgetAfter
    self.retransmission = retransmission
    self.exchange = exchange
    self.linkInterval = linkInterval
    self.mailboxStart = mailboxStart
    self.slots = slots
    self.clock = clock
    self.gossip = gossip
    self.pushSum = pushSum
    self.centre = centre
    self.incremental = incremental
    self.upload = upload ?? .episodes
    if upload == nil { self.upload = usualUpload }
  }
}

extension StrategySettings.Timing {
  /// Whether agents wait for each other's messages, round by round.
  package var hasRounds: Bool { self == .synchronousGlobal || self == .synchronousLocal }

  /// The missing-neighbour rule that a scenario gets when it names none.
  package var usualMissingNeighbourRule: StrategySettings.MissingNeighbourRule {
    switch self {
    case .asynchronous: .lastHeard
    case .synchronousGlobal, .slotted: .itself
    case .synchronousLocal: .wait
    }
  }
}
