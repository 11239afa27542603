// SPDX-License-Identifier: GPL-3.0-or-later

/// What agents learn and how, on what network, and how it is measured.
extension ScenarioWriter {
  // MARK: - Task and learner

  mutating func taskSection() -> String {
    switch learner {
    case .averaging: return "{kind: averaging, dimension: \(dimension)}"
    case .policyGradient, .dualAscent:
      let tasks = dice.pick(["alternating", "average"])
      hasSeveralTasks = tasks == "alternating"
      var entries = ["kind: five-state", "tasks: \(tasks)"]
      if dice.happens(onceIn: 3) { entries.append("drift-probability: \(dice.number(0...0.5))") }
      return map(entries)
    case .actorCritic:
      return map(["kind: control", "environment: cart-pole-balance", "time-limit: \(dice.roll(3...12))"])
    case .leastMeanSquares, .steepestDescent:
      var entries = ["kind: linear-regression", "dimension: \(dimension)"]
      if dice.flip() { entries.append("truth: {spread: \(dice.number(0...1))}") }
      if dice.flip() { entries.append("noise-variance: \(dice.number(0.001...0.5))") }
      if dice.happens(onceIn: 4) { entries.append("regressor-variance: {uniform: [0.5, 1.5]}") }
      if dice.happens(onceIn: 4) { entries.append("regressor-correlation: \(dice.number(-0.9...0.9))") }
      if learner == .leastMeanSquares, dice.happens(onceIn: 5) { entries.append("samples: \(dice.roll(1...30))") }
      return map(entries)
    }
  }

  /// Few parameters, and the same number wherever it is asked for.
  private var dimension: Int { 1 + Int(seed % 4) }

  mutating func learnerSection() -> String {
    var entries = ["algorithm: \(learner.rawValue)"]
    switch learner {
    case .averaging: entries.append("initial: \(initial())")
    case .leastMeanSquares, .steepestDescent:
      entries.append("step-size: \(dice.pick(["0.01", "0.05", "{uniform: [0.001, 0.1]}", "0"]))")
      // A centre has all agents start from one point.
      if dice.flip() { entries.append("initial: \(kind == "centralised" ? dice.number(-2...2) : initial())") }
      if learner == .steepestDescent, dice.flip() { entries.append("gradient-noise-variance: 0.01") }
    case .policyGradient:
      entries += ["step-size: \(dice.number(0.01...0.3))", "relative-entropy-weight: \(dice.pick(["0", "0.01"]))"]
    case .dualAscent: entries += ["step-size: \(dice.number(0.01...0.1))", "initial: \(dice.number(0.05...0.5))"]
    case .actorCritic:
      entries += [
        "hidden-units: [\(dice.roll(1...4))]", "episodes-per-step: \(dice.roll(1...2))", "critic-step-size: 0.01",
        "actor-step-size: 0.001", "optimiser: \(dice.pick(["adam", "rms-prop", "gradient-descent"]))",
      ]
      if kind != "centralised" { entries.append("start: \(dice.pick(["common", "own"]))") }
      let canHavePhases = ["diffusion-atc", "consensus", "non-cooperative"].contains(kind) && timing != "slotted"
      if canHavePhases, exchange == "push", dice.flip() { entries.append("order: gauss-seidel") }
    }
    return map(entries)
  }

  private mutating func initial() -> String {
    switch dice.roll(0...2) {
    case 0: return dice.number(-2...2)
    case 1: return "{normal: {standard-deviation: \(dice.number(0.1...3))}}"
    default:
      let values = (0..<agents).map { _ in dice.number(-9...9) }
      return "[\(values.joined(separator: ", "))]"
    }
  }

  // MARK: - Network

  /// Also fixes how many agents there are and their names.
  mutating func networkSection() -> String {
    let canBeDirected = timing != "synchronous-local" && kind != "centralised" && !(kind == "gossip" && isInstant)
    agents = dice.roll(1...8)
    isDirected = canBeDirected && dice.happens(onceIn: kind == "push-sum" ? 2 : 6)
    var entries = isDirected ? directedTopology() : undirectedTopology()
    let moves = movement()
    if let moves { entries = moves }
    let oneNeighbour = oneNeighbour(moves: moves != nil)
    if names.isEmpty { names = (0..<agents).map { "agent-\($0)" } }
    let symmetric = ["metropolis", "lazy-metropolis", "laplacian", "max-degree"]
    let ofAnyGraph = ["averaging", "relative-degree"]
    // These weigh by the noise of each agent.
    let ofNoise = learner == .leastMeanSquares || learner == .steepestDescent ? ["hastings", "relative-variance"] : []
    let others = isDirected ? ofAnyGraph : symmetric + ofAnyGraph + ofNoise
    let needsSymmetry = learner == .averaging && kind != "gossip" && kind != "push-sum"
    let weights: [String]
    if needsSymmetry, isDirected || dice.happens(onceIn: 3) {
      weights = ["weights: \(dice.pick(others))", "require-doubly-stochastic: false"]
    } else {
      weights = ["weights: \(dice.pick(needsSymmetry ? symmetric : others))"]
    }
    guard let oneNeighbour else { return map(entries + weights + edgeSpells()) }
    if oneNeighbour.count > 1 { entries = oneNeighbour } else { entries += oneNeighbour }
    return map(entries + edgeSpells())
  }

  private mutating func undirectedTopology() -> [String] {
    switch dice.roll(0...9) {
    case 0: return ["topology: path", "agents: \(agents)"]
    case 1: return ["topology: star", "agents: \(agents)"]
    case 2: return ["topology: complete", "agents: \(agents)"]
    case 3: return ["topology: erdos-renyi", "agents: \(agents)", "probability: 0.5", "require-connected: false"]
    case 4:
      return ["topology: random-geometric", "agents: \(agents)", "radius: 0.6", "require-connected: false"]
    case 5:
      agents = dice.roll(3...8)
      return ["topology: barabasi-albert", "agents: \(agents)", "edges-per-agent: \(dice.roll(1...2))"]
    case 6:
      let columns = dice.roll(1...4)
      agents = 2 * columns
      return ["topology: \(dice.pick(["grid", "torus"]))", "rows: 2", "columns: \(columns)"]
    case 7:
      agents = 8
      return ["topology: hypercube", "dimension: 3"]
    case 8:
      names = ["anna", "bert", "carl", "dora"]
      agents = names.count
      return ["topology: edge-list", "edges: [[anna, bert], [bert, carl], [anna, carl], [carl, dora]]"]
    default: return ["topology: ring", "agents: \(agents)"]
    }
  }

  private mutating func directedTopology() -> [String] {
    switch dice.roll(0...2) {
    case 0: return ["topology: ring", "agents: \(agents)", "directed: true"]
    case 1: return ["topology: exponential", "agents: \(agents)", "directed: true"]
    default:
      names = ["p", "q", "r", "s"]
      agents = names.count
      return ["topology: edge-list", "directed: true", "edges: [[p, q], [q, r], [r, s], [s, p], [p, r], [s, q]]"]
    }
  }

  // MARK: - Measurement

  mutating func measureSection() -> String {
    until = learner == .actorCritic ? dice.roll(300...800) : dice.roll(500...5000)
    var entries = ["until: \(plain(until))", "every: \(plain(max(1, until / dice.roll(1...40))))"]
    if dice.happens(onceIn: 8) {
      entries.append(
        "budget: \(dice.pick(["{updates: \(dice.roll(1...30))}", "{samples: 40}", "{bytes: \(dice.roll(100...9000)) B}"]))"
      )
    }
    switch learner {
    case .actorCritic: entries += ["test-episodes: 1", "keep-parameters: \(dice.pick(["auto", "none", "final"]))"]
    case .policyGradient, .dualAscent: entries.append("all-tasks: \(dice.flip())")
    case .averaging, .leastMeanSquares, .steepestDescent:
      if dice.flip() { entries.append("target: {msd: \(-dice.roll(1...30)) dB}") }
      if dice.happens(onceIn: 8) { entries.append("keep-parameters: {every: \(plain(until / 3))}") }
    }
    return map(entries + records())
  }

  /// What is kept beyond what is always kept, with dice of its own: it alters nothing else of a scenario.
  private func records() -> [String] {
    var dice = Dice(seed: seed ^ 0x4EA_115ED)
    var parts: [String] = []
    if kind != "centralised", turns.isEmpty, dice.happens(onceIn: 3) {
      let product = dice.pick(["auto", "true", "false"])
      parts.append("realised: {every: \(plain(until / dice.roll(1...12))), product: \(product)}")
    }
    if dice.flip() { parts.append("links: true") }
    if dice.happens(onceIn: 3) {
      parts.append("energy: {computing: \(dice.roll(1...20)) W, waiting: 300 mW, sending: 1 uJ/B, hearing: 500 nJ/B}")
    }
    let records = parts.isEmpty ? [] : ["records: {\(parts.joined(separator: ", "))}"]
    return records + (kind == "push-sum" && dice.flip() ? ["also: [mass, mass-least]"] : [])
  }
}
