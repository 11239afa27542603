// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// How adapt and combine are arranged, and when.
package struct StrategySettings: Sendable, Equatable {
  /// How adapt and combine are arranged.
  package enum Kind: String, Sendable, CaseIterable {
    /// Adapt, then combine the intermediate estimates of the neighbourhood.
    case diffusionATC = "diffusion-atc"
    /// Every agent for itself; nothing is sent.
    case nonCooperative = "non-cooperative"
  }

  /// Whom an agent waits for before it combines.
  package enum Timing: String, Sendable, CaseIterable {
    /// An agent uses what it has.
    case asynchronous
    /// A round starts for all when the last live agent has combined.
    case synchronousGlobal = "synchronous-global"
    /// An agent waits for its own neighbourhood only.
    case synchronousLocal = "synchronous-local"
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
    /// The intermediate estimate ψ, sent when the local step ends.
    case psi
    /// The combined estimate w, sent when the agent has combined (asynchronous timing only).
    case combined = "w"
  }

  package var kind: Kind
  package var timing: Timing
  package var missingNeighbour: MissingNeighbourRule
  package var message: MessageContent
  /// In local synchronous timing: how long an agent waits, after its own step ended, before it presumes dead every
  /// neighbour that it has not heard, in seconds. Nothing means for ever.
  package var peerTimeout: Double?
  package var retransmission: Retransmission

  /// How synchronous messages are sent again until they are acknowledged.
  package struct Retransmission: Sendable, Equatable {
    /// When estimates are acknowledged and sent again.
    package enum Use: String, Sendable, CaseIterable {
      /// When messages can be lost or agents can crash.
      case auto
      case always
      case never
    }

    package var acknowledge: Use
    /// Seconds from sending until a message is sent again; nothing means three mean round trips of its link, at
    /// least a tenth of the mean compute time.
    package var timeout: Double?
    /// Factor of the timeout from one attempt to the next, at least 1.
    package var backOff: Double
    /// The size of an acknowledgement.
    package var acknowledgementSize: ByteCount
    /// Whether acknowledgements are lost like messages.
    package var losesAcknowledgements: Bool

    package init(
      acknowledge: Use = .auto, timeout: Double? = nil, backOff: Double = 2,
      acknowledgementSize: ByteCount = ByteCount(64), losesAcknowledgements: Bool = true
    ) {
      self.acknowledge = acknowledge
      self.timeout = timeout
      self.backOff = backOff
      self.acknowledgementSize = acknowledgementSize
      self.losesAcknowledgements = losesAcknowledgements
    }
  }

  package init(
    kind: Kind = .diffusionATC, timing: Timing = .asynchronous, missingNeighbour: MissingNeighbourRule? = nil,
    message: MessageContent = .psi, peerTimeout: Double? = nil, retransmission: Retransmission = Retransmission()
  ) {
    self.kind = kind
    self.timing = timing
    self.missingNeighbour = missingNeighbour ?? timing.usualMissingNeighbourRule
    self.message = message
    self.peerTimeout = peerTimeout
    self.retransmission = retransmission
  }
}

extension StrategySettings.Timing {
  /// The missing-neighbour rule that a scenario gets when it names none.
  package var usualMissingNeighbourRule: StrategySettings.MissingNeighbourRule {
    switch self {
    case .asynchronous: .lastHeard
    case .synchronousGlobal: .itself
    case .synchronousLocal: .wait
    }
  }
}
