// SPDX-License-Identifier: GPL-3.0-or-later

/// What the world does to the agents.
extension ScenarioWriter {
  mutating func conditionsSection() -> String {
    var entries = ["compute: \(compute())", "links: \(links())"]
    if mayLose, dice.happens(onceIn: 3) { entries.append("failures: \(failures())") }
    return map(entries)
  }

  /// Whether messages may be lost: where agents acknowledge them, each link needs one back.
  var mayLose: Bool { !isDirected || timing != "synchronous-global" }

  private mutating func compute() -> String {
    var entries: [String] = []
    if learner == .actorCritic, dice.flip() {
      entries.append(
        "work: {environment-step: \(plain(dice.roll(1...5))), sample: \(plain(dice.roll(1...3))), "
          + "agent-factor: \(factor())}")
    } else if (kind == "gossip" || kind == "push-sum") && dice.happens(onceIn: 3) {
      entries.append("between-agents: \(plain(0))")
    } else {
      entries.append("between-agents: \(duration(about: dice.roll(20...200), .ofSize))")
    }
    entries.append("within-agent: \(factor())")
    if dice.happens(onceIn: 3) {
      let who = dice.flip() ? "share: 0.3" : "agents: [\(dice.pick(names))]"
      entries.append("stragglers: {\(who), slowdown: \(dice.roll(1...10))}")
    }
    if dice.happens(onceIn: 3) { entries.append("start-phase: \(duration(about: dice.roll(1...300)))") }
    return map(entries + spells())
  }

  /// Slow spells, with dice of their own: whether there are any changes nothing else of the scenario.
  private func spells() -> [String] {
    var dice = Dice(seed: seed ^ 0x5_1035_5E11)
    guard dice.happens(onceIn: 4) else { return [] }
    let (normal, slow) = (plain(dice.roll(100...2000)), plain(dice.roll(20...1000)))
    var entries = ["slowdown: \(dice.pick([2, 4, 5, 10]))"]
    if durations != .drawn {
      entries += ["normal: \(normal)", "slow: \(slow)"]
    } else if dice.flip() {
      entries += ["share: \(dice.roll(1...90)) %", "length: \(slow)"]
    } else {
      let law = dice.pick(["exponential", "half-normal"])
      entries += ["normal: {exponential: \(normal)}", "slow: {\(law): {mean: \(slow)}}"]
    }
    if dice.happens(onceIn: 3) { entries.append("agents: [\(dice.pick(names))]") }
    return ["spells: \(map(entries))"]
  }

  private mutating func links() -> String {
    var entries: [String] = []
    if !isInstant {
      if dice.happens(onceIn: 3) {
        entries.append("latency: \(plain(0))")
      } else {
        entries.append("latency: \(latency())")
      }
      if timing != "slotted", dice.flip() {
        let time = dice.pick([1000, 500, 250, 200, 625, 400, 160, 320, 80, 64])
        let rate = TimeScale.bandwidth(time, dice.pick(TimeScale.RateUnit.allCases), durations)
        entries.append("bandwidth: \(dice.happens(onceIn: 4) ? "{between-agents: \(rate)}" : rate)")
        entries.append("queue: \(dice.pick(["fifo", "supersede"]))")
      }
    }
    if mayLose, dice.flip() { entries.append("loss: \(loss())") }
    if !isInstant, dice.happens(onceIn: 4) { entries.append("duplication: \(dice.pick(["1 %", "0.3"]))") }
    if dice.happens(onceIn: 3) { entries.append("in-order: true") }
    if dice.flip() { entries.append("overhead: \(dice.roll(1...300)) B") }
    return map(entries + linkOutages())
  }

  /// One way in which messages are lost, or several.
  private mutating func loss() -> String {
    let plain = dice.pick(["0.01", "10 %", "0.3", "0.7"])
    switch dice.roll(1...6) {
    case 1: return "{burst: {mean: 20 %, length: \(dice.roll(2...9)) messages, when-bad: 0.9, when-good: 0.05}}"
    case 2 where durations == .drawn:
      let scope = dice.pick(["link", "edge", "sender", "receiver", "network"])
      return "{burst: {mean: 10 %, length: \(dice.roll(1...9)) s, scope: \(scope)}}"
    case 3: return "{one-way: \(plain)}"
    case 4: return "[\(plain), {burst: {mean: 10 %, length: 5 messages}}, {one-way: 5 %}]"
    default: return plain
    }
  }

  private mutating func latency() -> String {
    if timing == "slotted" { return duration(about: dice.roll(1...slot / 2), .bounded) }
    guard kind != "centralised", agents > 1, dice.happens(onceIn: 5) else {
      return duration(about: dice.roll(1...300))
    }
    let half = names.count / 2
    let near = names[..<half].joined(separator: ", ")
    let far = names[half...].joined(separator: ", ")
    let jitter = durations == .drawn ? "{lognormal: {cv: 0.2}}" : "1"
    return "{regions: {assignment: {north: [\(near)], south: [\(far)]}, "
      + "round-trip: {north-south: \(plain(2 * dice.roll(10...200)))}, within: \(plain(4)), jitter: \(jitter)}}"
  }

  /// One cause of outages, or a list of causes.
  private mutating func failures() -> String {
    hasCrashes = true
    guard dice.happens(onceIn: 3) else { return cause() }
    return "[" + (0..<dice.roll(1...3)).map { _ in cause() }.joined(separator: ", ") + "]"
  }

  private mutating func cause() -> String {
    let recovery = kind == "push-sum" ? "keep" : dice.pick(["keep", "reset", "neighbour", "checkpoint"])
    var entries: [String]
    if durations == .drawn, dice.happens(onceIn: 4) {
      entries = ["diurnal: \(diurnal())"]
    } else {
      entries = ["up: \(duration(about: dice.roll(100...3000)))", "down: \(duration(about: dice.roll(20...1000)))"]
    }
    entries.append("on-recovery: \(recovery)")
    if recovery == "checkpoint" { entries.append("checkpoint-every: \(plain(dice.roll(30...600)))") }
    if dice.happens(onceIn: 3) { entries.append("agents: [\(dice.pick(names))]") }
    return map(entries)
  }

  private mutating func diurnal() -> String {
    let phase = dice.pick(["0", "0.3", "{uniform: [0, 1]}"])
    return "{low: \(dice.pick(["0", "0.1", "20 %"])), high: \(dice.pick(["0.5", "90 %", "1"])), "
      + "period: \(plain(dice.roll(100...2000))), phase: \(phase)}"
  }
}

extension TimeScale {
  /// A bandwidth at which a byte takes so many microseconds, as durations are written.
  fileprivate static func bandwidth(
    _ microsecondsPerByte: Int, _ unit: RateUnit, _ durations: RandomScenario.Durations
  ) -> String {
    let scale: TimeScale = if case .constant(let scale) = durations { scale } else { one }
    return scale.bandwidth(microsecondsPerByte: microsecondsPerByte, unit)
  }
}
