// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
import Learners
import Networks
import Randomness
import Records
import Schema
import Simulation

extension Catalogue {
  /// All kinds of things that scenarios choose by name; a new one gets an entry here, and with it its list, its page in
  /// the reference and its place in `starling list`.
  package static let all: [Catalogue] = [
    Catalogue(
      "tasks", meaning: "what agents learn from", usage: "task:\n  kind: linear-regression\n  dimension: 10",
      TaskDefinition.all),
    Catalogue(
      "environments", meaning: "what agents of task control act on",
      usage: "task:\n  kind: control\n  environment: cart-pole-balance", EnvironmentDefinition.all),
    Catalogue(
      "learners", meaning: "what one local step of an agent computes",
      usage: "learner:\n  algorithm: lms\n  step-size: 0.01", LearnerDefinition.all),
    Catalogue(
      "strategies", meaning: "how adapting and combining are arranged",
      usage: "strategy:\n  kind: diffusion-atc\n  timing: asynchronous", StrategyDefinition.all),
    Catalogue(
      "topologies", meaning: "how the graph of the agents is made",
      usage: "network:\n  topology: random-geometric\n  agents: 20\n  mean-degree: 5", TopologyDefinition.all),
    Catalogue(
      "combination-rules", meaning: "how much an agent k counts what it hears from l: the weight c_lk",
      usage: "network:\n  weights: laplacian\n  beta: 0.1", CombinationRule.all),
    Catalogue(
      "laws", meaning: "what durations, factors and parameters are drawn from",
      usage: "conditions:\n  compute:\n    between-agents: {lognormal: {median: 100 ms, sigma: 0.5}}",
      LawDefinition.all),
    Catalogue(
      "presets", meaning: "named conditions and networks; u is the mean step, preset-unit",
      usage: "presets:\n  compute: {C6: {factor: 4}}\n  loss: P2\n  failures: F4\npreset-unit: 100 ms",
      PresetDefinition.all),
    Catalogue(
      "metrics", meaning: "what is measured of runs, and compared",
      usage: "measure:\n  until: 10 min\n  every: 1 s\n  target: {msd: -30 dB}\n  also: [msd-95th-percentile]",
      MetricDefinition.all),
    Catalogue(
      "losses", meaning: "how links lose messages; several in a list lose what any of them does",
      usage: "conditions:\n  links:\n    loss: {burst: {mean: 10 %, length: 1 s}}", LossForm.all),
    Catalogue(
      "latencies", meaning: "how long messages travel",
      usage: "conditions:\n  links:\n    latency: {between-links: {lognormal: {mean: 90 ms, cv: 0.7}}}", LatencyForm.all
    ),
    Catalogue(
      "bandwidths", meaning: "what links carry",
      usage: "conditions:\n  links:\n    bandwidth: {between-agents: {lognormal: {median: 10 Mbit/s, sigma: 1.15}}}",
      BandwidthForm.all),
    Catalogue(
      "outages", meaning: "what takes agents down and lets them up by itself",
      usage: "conditions:\n  failures:\n    - {up: {exponential: {mean: 10 min}}, down: {exponential: {mean: 30 s}}}\n"
        + "    - {diurnal: {low: 10 %, high: 80 %, period: 1 day}}", OutageDefinition.all),
    Catalogue(
      "disturbances", meaning: "what happens to the world at times of the scenario's choice",
      usage: "timeline:\n  - {at: 10 min, for: 5 min, crash: [agent-3]}", DisturbanceDefinition.all),
  ]
}
