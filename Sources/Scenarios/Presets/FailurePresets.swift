// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Schema
import Simulation

/// Who goes down, and what else happens to the world; u is the mean step, `preset-unit`.
extension PresetDefinition {
  private static let up = "conditions.failures.up"
  private static let down = "conditions.failures.down"
  /// When something of the timeline happens.
  private static let at = Parameter(
    "at", .line, "when: a time, or a share of measure.until", .otherwise(.text("33 %")), example: "100 s")

  static let servers = PresetDefinition(
    "F1", "servers", .failures, "servers that fail the less the longer they have been up",
    source:
      "Schroeder and Gibson, A large-scale study of failures in high-performance computing systems, DSN 2006: Weibull "
      + "up times, lognormal repair; sigma is ours"
  ) { ground throws(PresetTrouble) in
    [
      (up, "{weibull: {mean: \(ground.steps(10_000)), shape: 0.75}}"),
      (down, "{lognormal: {mean: \(ground.steps(500)), sigma: 1.2}}"),
    ]
  }

  static let sessions = PresetDefinition(
    "F2", "sessions", .failures, "sessions of peers that come and go; gaps as long as sessions in the mean",
    source:
      "Stutzbach and Rejaie, Understanding churn in peer-to-peer networks, IMC 2006: Weibull fits in minutes; the gaps "
      + "are ours",
    parameters: [
      Parameter(
        "shape", .number(.positive), "of a session; the published fits are 0.38, 0.34 and 0.59",
        .otherwise(.number(0.38))),
      Parameter(
        "scale", .duration(.positiveDuration), "of a session; for shape 0.34 it is 21.3 min, for 0.59 41.9 min",
        .otherwise(.duration(VirtualDuration(nanoseconds: 2_544_000_000_000)))),
    ]
  ) { ground throws(PresetTrouble) in
    let (scale, shape) = (ground.arguments.duration("scale"), ground.arguments.number("shape") ?? 0.38)
    let mean = Distribution.weibull(scale: scale.seconds, shape: shape).mean
    return [
      (up, "{weibull: {scale: \(ground.value("scale")), shape: \(plainNumber(shape))}}"),
      (down, "{exponential: {mean: \(plainNumber((mean * 1e3).rounded())) ms}}"),
    ]
  }

  static let diurnal = PresetDefinition(
    "F3", "diurnal", .failures, "phones that are available by the hour of their day",
    source: "Berta, Bilicki and Jelasity, Defining and understanding smartphone churn over the internet, P2P 2014",
    parameters: [
      Parameter("low", .probability, "availability at the worst hour", .otherwise(.number(0.1))),
      Parameter("high", .probability, "availability at the best hour", .otherwise(.number(0.8))),
      Parameter("period", .duration(.positiveDuration), "of a day; by default 36,000 u", .optional),
    ]
  ) { ground throws(PresetTrouble) in
    [
      (
        "conditions.failures.diurnal",
        "{low: \(ground.value("low")), high: \(ground.value("high")), "
          + "period: \(ground.text("period", orSteps: 36_000)), phase: {uniform: [0, 1]}}"
      )
    ]
  }

  static let onOff = PresetDefinition(
    "F4", "on-off", .failures, "agents go down and come back without memory",
    source:
      "Zhao and Sayed, Asynchronous adaptation and learning over networks, IEEE Trans. Signal Process. 63 (2015), in "
      + "continuous time",
    parameters: [
      Parameter("mtbf", .duration(.positiveDuration), "mean time up; by default 100 u", .optional),
      Parameter("mttr", .duration(.positiveDuration), "mean time down; by default 10 u", .optional),
      Parameter("on-recovery", .line, "what a recovered agent knows", .otherwise(.text("keep"))),
    ]
  ) { ground throws(PresetTrouble) in
    [
      (up, "{exponential: {mean: \(ground.text("mtbf", orSteps: 100))}}"),
      (down, "{exponential: {mean: \(ground.text("mttr", orSteps: 10))}}"),
      ("conditions.failures.on-recovery", ground.value("on-recovery")),
    ]
  }

  static let kill = PresetDefinition(
    "F5", "kill", .failures, "some agents go down for ever",
    source: "dead nodes at random or of the highest degree, as studies of attacks and failures have them",
    parameters: [
      Parameter(
        "agents", .agents, "who", .otherwise(.record(["share": .number(0.1)])), example: "{highest-degree: 10 %}"),
      at,
    ]
  ) { ground throws(PresetTrouble) in
    [("timeline", "[{at: \(ground.value("at")), crash: {agents: \(ground.value("agents"))}}]")]
  }

  static let partition = PresetDefinition(
    "F6", "partition", .failures, "the network falls into two halves for a while; or a group or region goes down",
    parameters: [
      Parameter("of", .choice(["halves", "group", "region"]), "what parts, or goes down", .otherwise(.text("halves"))),
      Parameter("length", .duration(.positiveDuration), "how long; by default 200 u", .optional), at,
    ]
  ) { ground throws(PresetTrouble) in
    let what = ground.value("of")
    let event = what == "halves" ? "partition: {bisect: spectral}" : "crash: {agents: {\(what): any}}"
    return [
      ("timeline", "[{at: \(ground.value("at")), for: \(ground.text("length", orSteps: 200)), \(event)}]")
    ]
  }

  static let flashCrowd = PresetDefinition(
    "F7", "flash-crowd", .failures, "many agents join at once",
    parameters: [
      Parameter(
        "agents", .agents, "who", .otherwise(.record(["share": .number(0.5)])), example: "{count: 10}"),
      Parameter(
        "start", .choice(["initial", "neighbour"]), "what they start from", .otherwise(.text("initial"))), at,
    ]
  ) { ground throws(PresetTrouble) in
    [
      (
        "timeline",
        "[{at: \(ground.value("at")), join: {agents: \(ground.value("agents")), start: \(ground.value("start"))}}]"
      )
    ]
  }

  static let bernoulli = PresetDefinition(
    "F8", "bernoulli", .failures, "agents and links of each slot at random; in slotted timing only",
    source: "Zhao and Sayed, Asynchronous adaptation and learning over networks, IEEE Trans. Signal Process. 63 (2015)",
    parameters: [
      Parameter("q", .probability, "that an agent is active in a slot", .otherwise(.number(0.5))),
      Parameter("loss", .probability, "of a message", .otherwise(.number(0.3))),
    ]
  ) { ground throws(PresetTrouble) in
    if ground.timing != StrategySettings.Timing.slotted.rawValue {
      throw .impossible("it is about slots, but strategy.timing is \(ground.timing)")
    }
    return [
      ("strategy.slots.active-probability", ground.value("q")), ("conditions.links.loss", ground.value("loss")),
    ]
  }
}
