// SPDX-License-Identifier: GPL-3.0-or-later

/// What happens to the world at times of the scenario's choice.
extension ScenarioWriter {
  /// A timeline of up to six entries, with dice of its own: whether there is one changes nothing else of the scenario. Every
  /// third scenario has one. Entries have names of their own, as those by default tell times, which a scale changes.
  mutating func timelineSection(until: Int) -> [String] {
    var dice = Dice(seed: seed ^ 0x71_4E11_4E)
    guard dice.happens(onceIn: 3) else { return [] }
    let entries = (0..<dice.roll(1...6)).map { entry($0, until, &dice) } + members(until, &dice)
    return ["timeline: [\(entries.joined(separator: ", "))]"]
  }

  private mutating func entry(_ number: Int, _ until: Int, _ dice: inout Dice) -> String {
    var entries = ["name: event-\(number)"]
    let at = dice.roll(0...until - 1)
    let (action, lasts) = action(&dice)
    if lasts { hasCrashes = true }
    if action.hasPrefix("cut") || action.hasPrefix("partition") { cutsLinks = true }
    var first = at
    var last = at
    if lasts, dice.flip() {
      let length = dice.roll(1...max(1, until / 4))
      entries += ["at: \(plain(at))", "for: \(plain(length))"]
      last = at + length
      if dice.happens(onceIn: 3) {
        let every = length + dice.roll(1...until)
        entries.append("every: \(plain(every))")
        let times = dice.flip() ? dice.roll(2...4) : nil
        if let times { entries.append("times: \(times)") }
        last = times.map { at + ($0 - 1) * every + length } ?? until
      }
    } else if dice.happens(onceIn: 4), at > 0 {
      first = dice.roll(0...at - 1)
      entries.append("at: [\(plain(at)), \(plain(first))]")
    } else {
      entries.append("at: \(plain(at))")
    }
    let others = timelineTimes ?? first...last
    timelineTimes = min(first, others.lowerBound)...max(min(last, until), others.upperBound)
    return map(entries + [action])
  }

  /// Agents that join and leave, behind what else there is: some join once, so somebody is there from the start.
  private mutating func members(_ until: Int, _ dice: inout Dice) -> [String] {
    guard agents > 1, turns.isEmpty, !(drawsNeighbours && timing.hasPrefix("synchronous")), dice.happens(onceIn: 3)
    else { return [] }
    var entries: [String] = []
    let last = timelineTimes?.upperBound ?? until
    if dice.flip() {
      let start = kind == "push-sum" ? "initial" : dice.pick(["initial", "neighbour"])
      let who = dice.pick(["count: 1", "share: \(dice.roll(10...60)) %"])
      entries.append("{name: joining, at: \(plain(dice.roll(0...until - 1))), join: {\(who), start: \(start)}}")
      // They are not there from the beginning.
      timelineTimes = 0...last
    }
    if kind != "push-sum", entries.isEmpty || dice.flip() {
      let at = dice.roll(0...until - 1)
      let who = dice.pick(["count: 1", "share: \(dice.roll(10...100)) %", "highest-degree: 1"])
      entries.append("{name: leaving, at: \(plain(at)), leave: {\(who)}}")
      timelineTimes = min(at, timelineTimes?.lowerBound ?? at)...last
    }
    return entries
  }

  /// What an entry does, and whether that lasts, so that somebody may wait for ever for what it takes away.
  private func action(_ dice: inout Dice) -> (String, lasts: Bool) {
    let action = dice.pick(actions)
    return switch action {
    case "slow": ("slow: {\(agents(&dice)), factor: \(dice.roll(2...9))}", true)
    case "pause": ("pause: {\(agents(&dice))}", true)
    case "crash": ("crash: {\(agents(&dice)), on-recovery: \(recovery(&dice))}", true)
    case "cut": ("cut: {\(links(&dice)), \(cut(&dice))}", true)
    case "partition": ("partition: \(sides(&dice))", true)
    case "change-links": ("change-links: {\(links(&dice)), \(change(&dice))}", true)
    case "restore": ("restore: {\(links(&dice))}", false)
    case "heal": ("heal: all", false)
    case "move": ("change-task: {\(agents(&dice)), truth: {\(move(&dice))}}", false)
    case "shift": ("change-task: {shift: \(dice.roll(1...3))}", false)
    default: ("\(action): {\(agents(&dice))}", false)
    }
  }

  /// What may happen in the scenario.
  private var actions: [String] {
    var actions = ["slow", "pause", "resume"]
    if mayLose { actions += ["crash", "recover", "cut", "restore", "heal"] + (agents > 1 ? ["partition"] : []) }
    if !isInstant { actions.append("change-links") }
    return switch learner {
    case .leastMeanSquares, .steepestDescent: actions + ["move"]
    case .policyGradient, .dualAscent: actions + (hasSeveralTasks ? ["shift"] : [])
    case .averaging, .actorCritic: actions
    }
  }

  private func agents(_ dice: inout Dice) -> String {
    switch dice.roll(0...4) {
    case 0: "share: \(dice.roll(10...100)) %"
    case 1: "count: 1"
    case 2: "highest-degree: 1"
    case 3: "agents: all"
    default: "agents: [\(dice.pick(names))]"
    }
  }

  private func links(_ dice: inout Dice) -> String {
    let direction = ", direction: \(dice.pick(["both", "forward", "backward"]))"
    return switch dice.roll(0...2) {
    case 0: "share: \(dice.roll(10...100)) %" + direction
    case 1: "of: \(dice.pick(["[\(dice.pick(names))]", "{count: 1}", "{highest-degree: 1}"]))" + direction
    default: "links: all" + direction
    }
  }

  private func sides(_ dice: inout Dice) -> String {
    switch dice.roll(0...2) {
    case 0: "{groups: [[\(names[0])]]}"
    case 1: "{bisect: bfs}"
    default: "{groups: {one: [\(names[0])], other: [\(names[1])]}, \(cut(&dice))}"
    }
  }

  /// What becomes of what is on a link that is cut, or that both ends know of it.
  private func cut(_ dice: inout Dice) -> String {
    let words = ["in-flight: lost", "in-flight: arrive"]
    // Whom to wait for would depend on what is drawn.
    return dice.pick(
      !turns.isEmpty || drawsNeighbours && timing.hasPrefix("synchronous") ? words : words + ["known: true"])
  }

  private func recovery(_ dice: inout Dice) -> String {
    kind == "push-sum" ? "keep" : dice.pick(["keep", "reset", "neighbour"])
  }

  private func change(_ dice: inout Dice) -> String {
    switch dice.roll(0...3) {
    case 0 where mayLose: "loss: \(dice.pick(["0", "30 %", "{burst: {mean: 20 %, length: 3 messages}}"]))"
    case 1 where timing != "slotted": "bandwidth: 0"
    case 2: "duplication: \(dice.pick(["0", "20 %"]))"
    default: "latency: \(plain(timing == "slotted" ? dice.roll(1...slot / 2) : dice.roll(0...300)))"
    }
  }

  private func move(_ dice: inout Dice) -> String {
    switch dice.roll(0...1) {
    case 0: "distance: \(dice.number(0.1...2))"
    default: "walk: \(dice.number(0.01...1))"
    }
  }
}
