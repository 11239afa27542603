// SPDX-License-Identifier: GPL-3.0-or-later

/// How agents cooperate, and when.
extension ScenarioWriter {
  var isDiffusion: Bool { ["diffusion-atc", "diffusion-cta", "consensus"].contains(kind) }
  private var isSynchronous: Bool { timing.hasPrefix("synchronous") }

  /// Decides on what other sections depend on.
  mutating func chooseStrategy() {
    let diffusions = ["diffusion-atc", "diffusion-cta", "consensus"]
    var kinds = diffusions + diffusions + ["gossip", "push-sum", "push-sum"]
    if learner != .averaging { kinds.append("non-cooperative") }
    if learner == .actorCritic { kinds += ["centralised", "centralised", "centralised"] }
    if learner == .leastMeanSquares || learner == .steepestDescent { kinds += ["centralised", "centralised"] }
    kind = dice.pick(kinds)
    switch kind {
    case "gossip": timing = "asynchronous"
    case "push-sum": timing = dice.pick(["asynchronous", "slotted"])
    case "centralised": timing = dice.pick(["synchronous-global", "asynchronous"])
    default: timing = dice.pick(["asynchronous", "synchronous-global", "synchronous-local", "slotted"])
    }
    chooseTurns()
    if isDiffusion { chooseRule() }
    if isDiffusion, timing == "asynchronous" { exchange = dice.pick(["push", "push", "pull", "link"]) }
    isInstant = exchange == "pull" || kind == "gossip" && dice.flip()
    slot = 4 * dice.roll(10...100)
  }

  /// Agents that take turns, in place of whatever was chosen, with dice of their own.
  private mutating func chooseTurns() {
    var dice = Dice(seed: seed ^ 0x7_0C_E4)
    guard learner != .averaging, dice.happens(onceIn: 12) else { return }
    (kind, timing, rule) = ("incremental", "synchronous-local", "wait")
    // Who waits for ever does so for what was lost, too.
    hasCrashes = true
    let dead = dice.pick(["wait", "skip"])
    turns = ["incremental: {dead-agents: \(dead)}"]
  }

  private mutating func chooseRule() {
    let goOn = ["last-heard", "self", "renormalise"]
    rule = dice.pick(isSynchronous ? goOn + ["wait", "auto"] : goOn + ["auto"])
    // The usual rule of this timing is to wait.
    if timing == "synchronous-local", rule == "auto" { rule = "wait" }
  }

  mutating func strategySection() -> String {
    var entries = ["kind: \(kind)", "timing: \(timing)"]
    if isDiffusion { entries += diffusionEntries() }
    if isSynchronous, kind != "non-cooperative" { entries += retransmissionEntries() }
    if timing == "slotted" { entries.append("slots: \(slots())") }
    if kind == "gossip" || kind == "push-sum" && timing == "asynchronous" { entries.append("clock: \(clock())") }
    if kind == "gossip" { entries.append("gossip: \(gossip())") }
    entries += turns
    if kind == "push-sum", learner != .actorCritic { entries.append("push-sum: {running-sums: \(dice.flip())}") }
    if kind == "centralised" {
      let stepTime = "step-time: \(duration(about: dice.roll(1...60)))"
      if timing == "asynchronous" {
        entries += [
          "missing-neighbour: \(dice.pick(["last-heard", "wait"]))", "centre: \(asynchronousCentre(stepTime))",
        ]
      } else {
        entries += ["upload: \(dice.pick(["episodes", "gradients"]))", "centre: {\(stepTime)}"]
      }
    }
    return map(entries)
  }

  private mutating func asynchronousCentre(_ stepTime: String) -> String {
    var entries = [stepTime]
    if dice.happens(onceIn: 3) { entries.append("buffer: \(dice.roll(1...4))") }
    if dice.happens(onceIn: 4) { entries.append("oldest-gradient: \(dice.roll(0...6))") }
    if dice.happens(onceIn: 3) { entries.append("staleness-exponent: \(dice.pick(["0.5", "1"]))") }
    if dice.happens(onceIn: 3) { entries.append("compensate-frequency: true") }
    return map(entries)
  }

  private mutating func diffusionEntries() -> [String] {
    var entries = ["missing-neighbour: \(rule)", "exchange: \(exchange)"]
    if kind == "diffusion-atc", timing == "asynchronous", exchange == "push", dice.happens(onceIn: 3) {
      entries.append("message: w")
    }
    if exchange == "link" { entries.append("link-interval: \(duration(about: dice.roll(20...300)))") }
    if dice.happens(onceIn: 4) { entries.append("mailbox-start: initial") }
    if timing == "synchronous-local", rule != "wait" || dice.happens(onceIn: 4) {
      entries.append("peer-timeout: \(plain(dice.pick([1, 20, dice.roll(1...400), 2000])))")
    }
    return entries
  }

  private mutating func retransmissionEntries() -> [String] {
    // With constant durations the usual timeout, a share of a mean, would be no whole number.
    let usual = durations == .drawn && dice.flip()
    var entries = usual ? [] : ["timeout: \(plain(dice.roll(10...400)))"]
    if dice.flip() { entries.append("back-off: \(dice.pick(["1", "1.5", "2", "3"]))") }
    if durations != .drawn { entries.removeAll { $0 == "back-off: 1.5" } }
    if !isDirected, dice.happens(onceIn: 3) { entries.append("acknowledge: always") }
    if dice.happens(onceIn: 3) { entries.append("acknowledgement-size: \(dice.roll(0...100)) B") }
    if dice.happens(onceIn: 3) { entries.append("lose-acknowledgements: false") }
    return ["retransmission: \(map(entries))"]
  }

  private mutating func slots() -> String {
    var entries = ["duration: \(plain(slot))"]
    guard kind != "push-sum" else { return map(entries) }
    if dice.flip() {
      entries += [
        "activity: \(dice.pick(["compute", "sleep", "pull"]))",
        "active-probability: \(dice.pick(["0.5", "1", "{uniform: [0.2, 1]}"]))",
      ]
    }
    if dice.happens(onceIn: 3) { entries.append("message-delay: \(dice.roll(0...4))") }
    if dice.happens(onceIn: 3) { entries.append("gradient-delay: \(dice.roll(0...4))") }
    return map(entries)
  }

  private mutating func clock() -> String {
    var entries = ["between-agents: \(duration(about: dice.roll(20...200), .ofSize))", "within-agent: \(factor())"]
    if dice.flip() { entries.append("start-phase: \(duration(about: dice.roll(1...200)))") }
    return map(entries)
  }

  private mutating func gossip() -> String {
    map([
      "exchange: \(isInstant ? "pairwise" : "push")",
      "order: \(dice.pick(["combine-then-adapt", "adapt-then-combine"]))",
      "loses: \(dice.pick(["exchange", "direction"]))", "wake: \(dice.pick(["independent", "one-at-a-time"]))",
    ])
  }
}
