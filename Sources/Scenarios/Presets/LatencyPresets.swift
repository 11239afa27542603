// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

private let latency = "conditions.links.latency"

/// How long messages travel; u is the mean step, `preset-unit`.
extension PresetDefinition {
  static let lan = PresetDefinition("L0", "lan", .latency, "links of a local network: 0.1 to 1 ms") {
    ground throws(PresetTrouble) in [(latency, "{uniform: [100 us, 1 ms]}")]
  }

  static let gossipClassic = PresetDefinition(
    "L1", "gossip-classic", .latency, "short delays, a tenth lost, phones that are online a fifth of their time",
    source: "Ormándi, Hegedűs and Jelasity, Gossip learning with linear models on fully distributed data, 2013, as in "
      + "public simulations of it; the means of on and off are ours, as the sources give the share only"
  ) { ground throws(PresetTrouble) in
    [
      (latency, "{uniform: [0 s, \(ground.steps(0.1))]}"), ("conditions.links.loss", "10 %"),
      ("conditions.failures.up", "{exponential: {mean: \(ground.steps(10))}}"),
      ("conditions.failures.down", "{exponential: {mean: \(ground.steps(40))}}"),
    ]
  }

  static let gossipExtreme = PresetDefinition(
    "L2", "gossip-extreme", .latency,
    "delays of one to ten steps, half of all messages lost, sessions with a heavy tail",
    source:
      "Ormándi, Hegedűs and Jelasity, Gossip learning with linear models on fully distributed data, 2013; the means "
      + "of on and off are ours, as the source gives 90 % online only"
  ) { ground throws(PresetTrouble) in
    [
      (latency, "{uniform: [\(ground.steps(1)), \(ground.steps(10))]}"), ("conditions.links.loss", "50 %"),
      ("conditions.failures.up", "{lognormal: {mean: \(ground.steps(90)), sigma: 1}}"),
      ("conditions.failures.down", "{lognormal: {mean: \(ground.steps(10)), sigma: 1}}"),
    ]
  }

  static let cloudRegions = PresetDefinition(
    "L3", "cloud-regions", .latency, "agents in turn in ten regions of a cloud; half the round trip, with jitter",
    source: "published round trips between regions of one cloud, 2017; missing pairs by the shortest way over others"
  ) { ground throws(PresetTrouble) in
    let trips = [
      "VA-CA: 73 ms", "VA-OR: 87 ms", "VA-IE: 81 ms", "VA-FRA: 89 ms", "VA-TYO: 145 ms", "VA-SEL: 178 ms",
      "VA-SIN: 217 ms", "VA-SYD: 230 ms", "VA-SAO: 120 ms", "IE-FRA: 20 ms", "IE-TYO: 212 ms", "IE-SIN: 239 ms",
      "IE-SYD: 310 ms", "TYO-SEL: 31 ms", "TYO-SIN: 74 ms", "TYO-SYD: 104 ms", "SIN-SYD: 175 ms", "SIN-SAO: 328 ms",
      "SYD-SAO: 323 ms",
    ]
    return [
      (
        latency,
        "{regions: {assignment: {in-turn: [VA, CA, OR, IE, FRA, TYO, SEL, SIN, SYD, SAO]}, round-trip: "
          + "{\(trips.joined(separator: ", "))}, missing-pairs: shortest-path, jitter: {lognormal: {mean: 1, cv: 0.1}}}}"
      )
    ]
  }

  static let wideArea = PresetDefinition(
    "L4", "wide-area", .latency, "links differ as those between hosts of the internet; or a matrix of round trips",
    source: "Gummadi, Saroiu and Gribble, King, IMW 2002: mean round trip near 180 ms; the spread is ours",
    parameters: [
      Parameter("file", .file("a matrix of round trips in ms"), "in place of the law", .optional)
    ]
  ) { ground throws(PresetTrouble) in
    if let file = ground.text("file") {
      return [(latency, "{matrix: {file: \(file), unit: ms, is: round-trip, jitter: {lognormal: {mean: 1, cv: 0.1}}}}")]
    }
    return [
      (
        latency,
        "{between-links: {lognormal: {mean: 90 ms, cv: 0.7}}, within-link: {lognormal: {mean: 1, cv: 0.1}}}"
      )
    ]
  }

  static let heavyTail = PresetDefinition(
    "L5", "heavy-tail", .latency, "delays with mean u and a heavy tail, so that messages overtake each other",
    parameters: [
      Parameter("law", .choice(["lognormal", "pareto"]), "sigma 1, or shape 1.5", .otherwise(.text("lognormal")))
    ]
  ) { ground throws(PresetTrouble) in
    let shape = ground.value("law") == "pareto" ? "pareto: {mean: \(ground.steps(1)), shape: 1.5}" : nil
    return [
      (latency, "{\(shape ?? "lognormal: {mean: \(ground.steps(1)), sigma: 1}")}"),
      ("conditions.links.in-order", "false"),
    ]
  }

  static let access = PresetDefinition(
    "L6", "access", .latency,
    "each agent's access has a rate of its own, over two decades; a link has the lesser of its ends'",
    source: "Lai et al., FedScale, ICML 2022: capacities of devices over two decades; sharing is left out"
  ) { ground throws(PresetTrouble) in
    [("conditions.links.bandwidth", "{between-agents: {lognormal: {median: 10 Mbit/s, sigma: 1.15}}}")]
  }
}
