// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Simulation

/// The section `strategy` as it is written.
struct StrategyDraft {
  var settings = StrategySettings()
  /// Nothing stands for the usual rule of the timing.
  var missingNeighbour: StrategySettings.MissingNeighbourRule?
  /// Nothing stands for what the strategy usually sends.
  var message: StrategySettings.MessageContent?
  /// Nothing stands for what agents usually send a fusion centre in the timing.
  var upload: CentreSettings.Upload?

  init() {}

  init(_ settings: StrategySettings) {
    self.settings = settings
    missingNeighbour = settings.missingNeighbour
    message = settings.message
    upload = settings.upload
  }

  /// The settings with the usual missing-neighbour rule and message filled in.
  var resolved: StrategySettings {
    var settings = settings
    settings.missingNeighbour = missingNeighbour ?? settings.timing.usualMissingNeighbourRule
    settings.message = message ?? (settings.exchange == .push ? settings.facts.usualMessage : .combined)
    settings.upload = upload ?? settings.usualUpload
    return settings
  }

  static var record: Record<StrategyDraft> {
    Record([
      Field(
        choice: "kind", \.settings.kind, of: StrategyDefinition.all, "strategies", "how adapt and combine are arranged"),
      Field("timing", \.settings.timing, .choice, "whom an agent waits for"),
      Field(
        "missing-neighbour", \.missingNeighbour, Codec.choice.orWord("auto"), "what replaces an absent estimate"),
      Field(
        "message", \.message, Codec.choice.orWord("auto"), "what messages carry; auto: psi in diffusion-atc, else w"),
      Field(
        "exchange", \.settings.exchange, .choice,
        "asynchronous: who moves estimates; pull reads the neighbours', link sends at times of the links"),
      Field(
        "link-interval", \.settings.linkInterval, Codec.law(.positiveDuration).orWord(),
        "exchange link: between the messages of a link", hidden: { $0.settings.linkInterval == nil }),
      Field("mailbox-start", \.settings.mailboxStart, .choice, "what a mailbox holds before the first message"),
      Field(
        "forget-after", \.settings.forgetAfter, Codec.duration(.positiveDuration).orWord(),
        "asynchronous: an estimate older than that counts as missing", hidden: { $0.settings.forgetAfter == nil }),
      Field(
        "peer-timeout", \.settings.peerTimeout, Codec.duration(.positiveDuration).orWord(),
        "synchronous-local: a neighbour silent for so long is presumed dead"),
      Field(group: "retransmission", \.settings.retransmission, retransmission, "synchronous timings only"),
      Field(group: "slots", \.settings.slots, SlotSettings.record, "slotted timing only"),
      Field(group: "clock", \.settings.clock, ClockSettings.record, "when agents wake: gossip, asynchronous push-sum"),
      Field(group: "gossip", \.settings.gossip, GossipSettings.record, "strategy gossip only"),
      Field(group: "push-sum", \.settings.pushSum, PushSumSettings.record, "strategy push-sum only"),
      Field(
        "upload", \.upload, Codec.choice.orWord("auto"),
        "centralised: what agents send to the fusion centre; auto: gradients in asynchronous timing, else episodes",
        hidden: { !$0.settings.facts.hasCentre }),
      Field(
        group: "centre", \.settings.centre, CentreSettings.record, "strategy centralised only",
        hidden: { !$0.settings.facts.hasCentre }),
      Field(
        group: "incremental", \.settings.incremental, IncrementalSettings.record, "strategy incremental only",
        hidden: { !$0.settings.facts.takesTurns }),
    ])
  }

  private static var retransmission: Record<StrategySettings.Retransmission> {
    Record([
      Field("acknowledge", \.acknowledge, .choice, "auto: when messages can be lost or superseded, or agents crash"),
      Field(
        "timeout", \.timeout, Codec.duration(.positiveDuration).orWord("auto"),
        "auto: three mean round trips, at least a tenth of the mean step"),
      Field(
        "back-off", \.backOff, .quantity(.number, Bounds(lower: 1, upper: 1000)),
        "factor of the timeout from one attempt to the next"),
      Field("acknowledgement-size", \.acknowledgementSize, .size, ""),
      Field("lose-acknowledgements", \.losesAcknowledgements, .flag, "whether acknowledgements are lost like messages"),
    ])
  }
}

extension SlotSettings {
  static var record: Record<SlotSettings> {
    Record([
      Field("duration", \.duration, .duration(.positiveDuration), "of a slot"),
      Field("activity", \.activity, .choice, "what an inactive agent leaves out"),
      Field(
        "active-probability", \.activeProbability, .perAgent(LawRule(kind: .share, bounds: .share)),
        "that an agent is active in a slot"),
      Field("message-delay", \.messageDelay, .count(0...1000), "slots by which neighbours' messages are late"),
      Field("gradient-delay", \.gradientDelay, .count(0...1000), "slots by which gradients are stale"),
    ])
  }
}

extension ClockSettings {
  static var record: Record<ClockSettings> {
    Record([
      Field(
        "between-agents", \.betweenAgents, .law(.positiveDuration), "typical interval of an agent, drawn once each"),
      Field("within-agent", \.withinAgent, .law(.factor), "factor of each interval; exponential: a Poisson process"),
      Field("start-phase", \.startPhase, .law(.duration), "when a clock rings first"),
    ])
  }
}

extension GossipSettings {
  static var record: Record<GossipSettings> {
    Record([
      Field("exchange", \.exchange, .choice, "push: one way over the link; pairwise: both average at one instant"),
      Field("order", \.order, .choice, "whether a step follows averaging or comes before it"),
      Field("loses", \.loss, .choice, "pairwise: what a loss takes, the whole exchange or one direction"),
      Field("wake", \.wake, .choice, "one-at-a-time: one clock rings for an agent drawn among all"),
    ])
  }
}

extension PushSumSettings {
  static var record: Record<PushSumSettings> {
    Record([
      Field("running-sums", \.runningSums, .flag, "messages carry sums of all shares so far, so that losses heal")
    ])
  }
}

extension IncrementalSettings {
  static var record: Record<IncrementalSettings> {
    Record([
      Field("order", \.order, .choice, "token: one has its turn at a time; dataflow: whoever has heard what it needs"),
      Field("dead-agents", \.deadAgents, .choice, "skip: the order leaves out who is down, as all know at once"),
      Field(
        "resync", \.resynchronises, .flag,
        "whether turns go on with what was heard last, and multipliers are sent with estimates"),
    ])
  }
}

extension CentreSettings {
  static var record: Record<CentreSettings> {
    Record([
      Field("step-time", \.stepTime, .law(.duration), "of a step of the centre, where it computes no work"),
      Field(
        "factor", \.factor, .quantity(.number, .notNegative), "compute.work: of the centre's time for each sample"),
      Field("region", \.region, Codec.line.orWord(), "of the centre, with latencies between regions"),
      Field(
        "buffer", \.buffer, .count(1...1_000_000), "asynchronous: gradients that make a step of the centre",
        hidden: { $0.buffer == 1 }),
      Field(
        "oldest-gradient", \.oldestGradient, Codec.count(0...1_000_000_000).orWord(),
        "asynchronous: gradients at parameters of more versions ago are dropped", hidden: { $0.oldestGradient == nil }),
      Field(
        "staleness-exponent", \.stalenessExponent, .quantity(.number, Bounds(0...10)),
        "asynchronous: a, where gradients t versions old count (1 + t)^-a times", hidden: { $0.stalenessExponent == 0 }),
      Field(
        "compensate-frequency", \.compensatesFrequency, .flag,
        "asynchronous: whether gradients count the less the oftener their agent sends some",
        hidden: { !$0.compensatesFrequency }),
    ])
  }
}
