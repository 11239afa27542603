// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Schema

extension LossForm {
  /// Losses in bursts: a link is in a good or in a bad state, and loses messages with the probability of its state.
  ///
  /// With mean loss p the share of bad is s = (p − good)/(bad − good). *In messages* the chain moves before every message
  /// after the first: bad → good with 1/length, good → bad with s/(1 − s)/length. *In seconds* the sojourns are exponential
  /// with means length and length (1 − s)/s, or have laws of their own. Both begin stationary.
  ///
  /// *Randomness*: `burstState` of the link at the number of the message; `burstSojourn` of whoever shares the state, at 0
  /// the first state and then the number of the sojourn.
  package static let burst = LossForm(
    "burst", "losses come in bursts: a link is good or bad for a while",
    source:
      "Gilbert, Capacity of a burst-noise channel, Bell System Technical Journal 39 (1960); Elliott, Estimates of "
      + "error rates for codes on burst-noise channels, Bell System Technical Journal 42 (1963)",
    parameters: [
      Parameter("mean", .probability, "share of messages lost in the long run", .optional, example: "10 %"),
      Parameter("length", .messagesOrDuration, "how long a bad state lasts in the mean", .optional),
      Parameter("when-bad", .probability, "probability that a message is lost then", .otherwise(.number(1))),
      Parameter("when-good", .probability, "probability that a message is lost else", .otherwise(.number(0))),
      Parameter("good", .law(.positiveDuration), "in place of mean and length: how long a good state lasts", .optional),
      Parameter("bad", .law(.positiveDuration), "how long a bad state lasts", .optional),
      Parameter(
        "scope", .choice(BurstLaw.Scope.allCases.map(\.rawValue)), "who shares a state",
        .otherwise(.text(BurstLaw.Scope.link.rawValue))),
    ],
    check: { $0.burstFault },
    facts: { arguments in
      let burst = arguments.burstLaw
      let good = arguments.number("when-good") ?? 0
      return LossFacts(
        mean: burst.share * burst.whenBad + (1 - burst.share) * good, independent: burst.share == 0 ? good : nil,
        burst: burst)
    },
    layer: { (arguments, _) throws(ConditionError) in
      LossLayer(LinkNumbers(same: arguments.number("when-good") ?? 0), burst: arguments.burstLaw)
    })
}

extension Arguments {
  /// The states of a burst whose values have no fault.
  fileprivate var burstLaw: BurstLaw {
    let scope = choice("scope", BurstLaw.Scope.self)
    let whenBad = number("when-bad") ?? 1
    if let good = self["good"]?.law, let bad = self["bad"]?.law {
      return BurstLaw(
        course: .time(good: good, bad: bad), share: bad.mean / (good.mean + bad.mean), whenBad: whenBad, scope: scope)
    }
    let share = burstShare
    if let length = self["length"]?.duration?.seconds {
      // Without bad states the good one lasts longer than any run.
      let good = share > 0 ? length * (1 - share) / share : VirtualDuration.forever.nanosecondsInSeconds
      return BurstLaw(
        course: .time(good: .exponential(mean: good), bad: .exponential(mean: length)), share: share, whenBad: whenBad,
        scope: scope)
    }
    let length = number("length") ?? 1
    return BurstLaw(
      course: .messages(goodToBad: share / (1 - share) / length, badToGood: 1 / length), share: share, whenBad: whenBad,
      scope: scope)
  }

  /// The share of bad that gives the mean loss.
  private var burstShare: Double {
    let (bad, good) = (number("when-bad") ?? 1, number("when-good") ?? 0)
    return ((number("mean") ?? good) - good) / (bad - good)
  }

  fileprivate var burstFault: Fault? {
    if self["good"] != nil || self["bad"] != nil {
      for (law, other) in [("good", "bad"), ("bad", "good")] where self[law] == nil {
        return Fault(
          other, "'\(other)' says how long one state lasts, and nothing says it of the other",
          hint: "give '\(law)', too")
      }
      for key in ["mean", "length"] where self[key] != nil {
        return Fault(key, "'good' and 'bad' say all that '\(key)' could", hint: "leave '\(key)' out")
      }
      return lossFault
    }
    for key in ["mean", "length"] where self[key] == nil { return .missing(key) }
    return lossFault ?? meanFault ?? lengthFault
  }

  private var lossFault: Fault? {
    let (bad, good) = (number("when-bad") ?? 1, number("when-good") ?? 0)
    guard bad <= good else { return nil }
    return Fault("when-bad", "no more is lost when bad (\(percent(bad))) than when good (\(percent(good)))")
  }

  private var meanFault: Fault? {
    let (bad, good, mean) = (number("when-bad") ?? 1, number("when-good") ?? 0, number("mean") ?? 0)
    if mean > bad {
      return Fault("mean", "a mean loss of \(percent(mean)) is more than is lost when bad (\(percent(bad)))")
    }
    if mean < good {
      return Fault("mean", "a mean loss of \(percent(mean)) is less than is lost when good (\(percent(good)))")
    }
    return mean < bad
      ? nil
      : Fault(
        "mean", "a mean loss of \(percent(mean)) is what is lost when bad, so that good spells would last no time",
        hint: "use a plain loss of \(percent(mean))")
  }

  private var lengthFault: Fault? {
    guard let length = number("length") else { return nil }
    if length < 1 { return Fault("length", "a bad spell lasts less than one message") }
    if burstShare / (1 - burstShare) / length > 1 {
      return Fault(
        "mean", "good spells would last less than one message", hint: "use a smaller mean, or a longer length")
    }
    guard choice("scope", BurstLaw.Scope.self) != .link else { return nil }
    return Fault("scope", "bursts in messages are of one link", hint: "give their length in seconds to share them")
  }
}

/// A share in per cent, for messages.
func percent(_ share: Double) -> String { String(format: "%.6g %%", 100 * share) }

extension VirtualDuration {
  /// The greatest number of seconds that a duration can have.
  fileprivate var nanosecondsInSeconds: Double { Double(nanoseconds) / 1e9 }
}
