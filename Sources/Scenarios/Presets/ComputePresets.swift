// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

private let betweenAgents = "conditions.compute.between-agents"
private let withinAgent = "conditions.compute.within-agent"

/// How long local steps take; u is the mean step, `preset-unit`.
extension PresetDefinition {
  static let equal = PresetDefinition("C0", "equal", .compute, "every step of every agent takes u") {
    ground throws(PresetTrouble) in [(betweenAgents, ground.steps(1)), (withinAgent, "1")]
  }

  static let exponential = PresetDefinition(
    "C1", "exponential", .compute, "steps are exponential with mean u",
    source: "Boyd, Ghosh, Prabhakar and Shah, Randomized gossip algorithms, IEEE Trans. Inf. Theory 52 (2006)"
  ) { ground throws(PresetTrouble) in
    [(betweenAgents, ground.steps(1)), (withinAgent, "{exponential: {mean: 1}}")]
  }

  static let shiftedExponential = PresetDefinition(
    "C2", "shifted-exponential", .compute, "a least time of u and an exponential time on top of it",
    source: "Lee et al., Speeding up distributed machine learning using codes, IEEE Trans. Inf. Theory 64 (2018)",
    parameters: [Parameter("scale", .number(.positive), "mean of what comes on top, of u", .otherwise(.number(1.5)))]
  ) { ground throws(PresetTrouble) in
    [
      (betweenAgents, ground.steps(1)),
      (withinAgent, "{shifted-exponential: {shift: 1, scale: \(ground.value("scale"))}}"),
    ]
  }

  static let devices = PresetDefinition(
    "C3", "devices", .compute, "agents differ as devices do, and their steps a little",
    source: "Lai et al., FedScale, ICML 2022: lognormal(1, 0.6) between devices",
    parameters: [
      Parameter("sigma", .number(.positive), "of the logarithm between agents", .otherwise(.number(0.6)))
    ]
  ) { ground throws(PresetTrouble) in
    [
      (betweenAgents, "{lognormal: {median: \(ground.steps(1)), sigma: \(ground.value("sigma"))}}"),
      (withinAgent, "{lognormal: {mean: 1, sigma: 0.2}}"),
    ]
  }

  static let paretoSteps = PresetDefinition(
    "C4", "pareto", .compute, "steps have a heavy tail, at most 60 times the shortest, with mean u",
    source: "Wang, Joshi and Wornell, Using straggler replication to reduce latency in large-scale parallel computing, "
      + "SIGMETRICS 2015: Pareto tails in traces of a cluster",
    parameters: [Parameter("shape", .number(.positive), "exponent of the tail", .otherwise(.number(1.5)))]
  ) { ground throws(PresetTrouble) in
    // With a mean the cap is in the unit of what is drawn, so the least value that has mean 1 says it.
    let shape = ground.arguments.number("shape") ?? 1.5
    let mean = Distribution.pareto(minimum: 1, shape: shape, cap: 60).mean
    return [
      (betweenAgents, ground.steps(1)),
      (
        withinAgent,
        "{pareto: {minimum: \(plainNumber(1 / mean)), shape: \(plainNumber(shape)), cap: \(plainNumber(60 / mean))}}"
      ),
    ]
  }

  static let halfNormal = PresetDefinition(
    "C5", "half-normal", .compute, "steps are half-normal with mean u",
    source: "Nguyen et al., Federated learning with buffered asynchronous aggregation, AISTATS 2022: fit to production"
  ) { ground throws(PresetTrouble) in
    [(betweenAgents, ground.steps(1)), (withinAgent, "{half-normal: {mean: 1}}")]
  }

  static let oneSlow = PresetDefinition(
    "C6", "one-slow", .compute, "one agent, drawn once per study, is slower; with highest-degree the hub",
    source: "Lian, Zhang, Zhang and Liu, Asynchronous decentralized parallel SGD, ICML 2018",
    parameters: [
      Parameter(
        "agents", .agents, "who is slow", .otherwise(.record(["count": .count(1)])), example: "{highest-degree: 1}"),
      Parameter(
        "factor", .number(Bounds(lower: 1, upper: 1e9)), "how many times longer its steps take",
        .otherwise(.number(10))),
    ]
  ) { ground throws(PresetTrouble) in
    [
      (
        "conditions.compute.stragglers", "{agents: \(ground.value("agents")), slowdown: \(ground.value("factor"))}"
      )
    ]
  }

  static let slowSpells = PresetDefinition(
    "C7", "slow-spells", .compute, "agents are slow for spells: a two-state Markov speed",
    source: "Narra et al., Slack squeeze coded computing for adaptive straggler mitigation, SC 2019: speeds of virtual "
      + "machines persist",
    parameters: [
      Parameter("factor", .number(Bounds(lower: 1, upper: 1e9)), "of a slow spell", .otherwise(.number(8))),
      Parameter("share", .probability, "of time that is slow", .otherwise(.number(0.05))),
      Parameter("length", .duration(.positiveDuration), "mean slow spell; by default 50 u", .optional),
    ]
  ) { ground throws(PresetTrouble) in
    [
      (
        "conditions.compute.spells",
        "{slowdown: \(ground.value("factor")), share: \(ground.value("share")), "
          + "length: \(ground.text("length", orSteps: 50))}"
      )
    ]
  }

  static let spread = PresetDefinition(
    "C8", "spread", .compute, "the i-th agent by name takes √i u",
    source:
      "Tyurin and Richtárik, On the optimal time complexities in decentralized stochastic asynchronous optimization, "
      + "NeurIPS 2024"
  ) { ground throws(PresetTrouble) in
    [(betweenAgents, "{root-of-rank: \(ground.steps(1))}"), (withinAgent, "1")]
  }
}
