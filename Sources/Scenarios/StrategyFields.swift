// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Simulation

/// The section `strategy` as it is written.
struct StrategyDraft {
  var settings = StrategySettings()
  /// Nothing stands for the usual rule of the timing.
  var missingNeighbour: StrategySettings.MissingNeighbourRule?

  init() {}

  init(_ settings: StrategySettings) {
    self.settings = settings
    missingNeighbour = settings.missingNeighbour
  }

  /// The settings with the usual missing-neighbour rule filled in.
  var resolved: StrategySettings {
    var settings = settings
    settings.missingNeighbour = missingNeighbour ?? settings.timing.usualMissingNeighbourRule
    return settings
  }

  static var record: Record<StrategyDraft> {
    Record([
      Field("kind", \.settings.kind, .choice, "how adapt and combine are arranged"),
      Field("timing", \.settings.timing, .choice, "whom an agent waits for"),
      Field(
        "missing-neighbour", \.missingNeighbour, Codec.choice.orWord("auto"), "what replaces an absent estimate"),
      Field("message", \.settings.message, .choice, "what messages carry"),
      Field(
        "peer-timeout", \.settings.peerTimeout, Codec.quantity(.duration, .positiveDuration).orWord(),
        "synchronous-local: a neighbour silent for so long is presumed dead"),
      Field(group: "retransmission", \.settings.retransmission, retransmission, "synchronous timings only"),
    ])
  }

  private static var retransmission: Record<StrategySettings.Retransmission> {
    Record([
      Field("acknowledge", \.acknowledge, .choice, "auto: when messages can be lost or agents crash"),
      Field(
        "timeout", \.timeout, Codec.quantity(.duration, .positiveDuration).orWord("auto"),
        "auto: three mean round trips, at least a tenth of the mean step"),
      Field(
        "back-off", \.backOff, .quantity(.number, Bounds(lower: 1, upper: 1000)),
        "factor of the timeout from one attempt to the next"),
      Field("acknowledgement-size", \.acknowledgementSize, .size, ""),
      Field("lose-acknowledgements", \.losesAcknowledgements, .flag, "whether acknowledgements are lost like messages"),
    ])
  }
}
