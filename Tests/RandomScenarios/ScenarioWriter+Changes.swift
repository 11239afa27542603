// SPDX-License-Identifier: GPL-3.0-or-later

/// Networks that change while a run goes on, each with dice of its own: whether a network changes alters nothing else
/// of a scenario.
extension ScenarioWriter {
  /// Agents that move, in place of a graph whose agents have the usual names; nothing where agents stay.
  func movement() -> [String]? {
    var dice = Dice(seed: seed ^ 0x30_B1_1E)
    guard !isDirected, names.isEmpty, turns.isEmpty, dice.happens(onceIn: 12) else { return nil }
    var entries = ["topology: mobile", "agents: \(agents)", "every: \(plain(dice.roll(20...400)))"]
    entries.append("require-connected: false")
    entries.append("crossing: \(plain(dice.roll(300...3000)))")
    if dice.flip() {
      entries += ["radius: \(dice.number(0.2...0.5))", "movement: random-direction"]
      entries.append("turn: \(dice.pick(["never", plain(dice.roll(100...2000))]))")
    } else {
      entries += ["radius: \(dice.number(0.2...0.9))", "movement: random-waypoint"]
      if dice.flip() { entries.append("pause: \(plain(dice.roll(0...500)))") }
    }
    return entries
  }

  /// Whom agents send to, in place of weights and of a rule for who is missing; nothing where they send to all.
  mutating func oneNeighbour(moves: Bool) -> [String]? {
    var dice = Dice(seed: seed ^ 0x0E_9EE2)
    guard isDiffusion, exchange == "push", names.isEmpty, !moves, dice.happens(onceIn: 12) else { return nil }
    let mayDraw = timing != "synchronous-local" && (edgeSpells().isEmpty || !timing.hasPrefix("synchronous"))
    if mayDraw, dice.flip() {
      drawsNeighbours = true
      rule = "auto"
      return ["send-to: random-neighbour"]
    }
    rule = "auto"
    isDirected = false
    return ["topology: exponential", "agents: \(agents)", "directed: false", "send-to: one-peer"]
  }

  /// Edges that come and go.
  func edgeSpells() -> [String] {
    var dice = Dice(seed: seed ^ 0xED6E5)
    guard turns.isEmpty, dice.happens(onceIn: 8) else { return [] }
    let (present, absent) = (plain(dice.roll(100...2000)), plain(dice.roll(20...1000)))
    if durations != .drawn { return ["edges-come-and-go: {present: \(present), absent: \(absent)}"] }
    let law = dice.pick(["exponential", "half-normal"])
    return ["edges-come-and-go: {present: {exponential: \(present)}, absent: {\(law): {mean: \(absent)}}}"]
  }

  /// Links that go down by themselves.
  mutating func linkOutages() -> [String] {
    var dice = Dice(seed: seed ^ 0x0D7_A6E5)
    guard mayLose, dice.happens(onceIn: 8) else { return [] }
    cutsLinks = true
    // Who waits for ever may do so for what was lost on a link that has gone down.
    hasCrashes = true
    let (up, down) = (plain(dice.roll(100...2000)), plain(dice.roll(20...1000)))
    let scope = "scope: \(dice.pick(["edge", "link"]))"
    if durations != .drawn { return ["outages: {up: \(up), down: \(down), \(scope)}"] }
    let start = dice.happens(onceIn: 3) ? ", start: stationary" : ""
    return ["outages: {up: {exponential: \(up)}, down: {exponential: \(down)}, \(scope)\(start)}"]
  }
}
