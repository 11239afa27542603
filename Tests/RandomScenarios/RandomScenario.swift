// SPDX-License-Identifier: GPL-3.0-or-later

/// A scenario drawn at random from all that one can say, small enough that a run takes milliseconds.
///
/// It is text, so that it goes through the reader as those of users do, and always valid. Its study has one arm.
package struct RandomScenario: Sendable {
  /// How its durations are written.
  package enum Durations: Sendable, Equatable {
    /// By laws of all kinds, some of them constant.
    case drawn
    /// Each constant, or one of a few constants: a whole number of milliseconds, written in a scale. So every time of a
    /// run is a whole number of them too, or a half, a quarter or a fifth where something is divided, and a
    /// whole number of microseconds where a link carries bytes.
    case constant(TimeScale)
  }

  package let seed: UInt64
  package let text: String
  /// What the scenario is about, for messages of tests.
  package let title: String
  /// Whether an agent may wait for ever for what does not come: rule `wait`.
  package let waitsForEver: Bool
  /// Whether agents crash, or the timeline takes something away that others may wait for.
  package let hasCrashes: Bool
  /// Whether the timeline cuts links.
  package let cutsLinks: Bool
  /// When the timeline begins, and when it ends, milliseconds; nothing where there is none.
  package let timelineTimes: ClosedRange<Int>?

  /// Draws a scenario; a seed with constant durations gives the same one in every scale.
  package init(seed: UInt64, durations: Durations = .drawn) {
    var writer = ScenarioWriter(seed: seed, durations: durations)
    self.seed = seed
    text = writer.scenario()
    title = "seed \(seed): \(writer.kind), \(writer.timing), \(writer.learner)"
    waitsForEver = writer.rule == "wait"
    hasCrashes = writer.hasCrashes
    cutsLinks = writer.cutsLinks
    timelineTimes = writer.timelineTimes
  }
}

/// Draws the sections one after the other; what earlier ones have decided is here.
struct ScenarioWriter {
  var dice: Dice
  let seed: UInt64
  let durations: RandomScenario.Durations

  var learner = Learner.leastMeanSquares
  var kind = "diffusion-atc"
  var timing = "asynchronous"
  var exchange = "push"
  /// The missing-neighbour rule; `auto` is the usual one of the timing.
  var rule = "auto"
  var agents = 1
  var names: [String] = []
  var isDirected = false
  var hasCrashes = false
  var cutsLinks = false
  var timelineTimes: ClosedRange<Int>?
  /// Whether messages have neither latency nor bandwidth, as the exchange happens at one instant.
  var isInstant = false
  /// The length of a slot, milliseconds.
  var slot = 400
  /// Whether agents can take each other's tasks.
  var hasSeveralTasks = false
  /// Whether an agent sends to one neighbour that is drawn.
  var drawsNeighbours = false
  /// What is said of agents that take turns: their network stays as it is.
  var turns: [String] = []
  /// When the run ends, milliseconds.
  var until = 0

  enum Learner: String, CaseIterable {
    case leastMeanSquares = "lms"
    case steepestDescent = "steepest-descent"
    case averaging = "none"
    case policyGradient = "policy-gradient"
    case dualAscent = "dual-ascent"
    case actorCritic = "actor-critic"
  }

  init(seed: UInt64, durations: RandomScenario.Durations) {
    dice = Dice(seed: seed)
    self.seed = seed
    self.durations = durations
  }

  mutating func scenario() -> String {
    chooseLearner()
    chooseStrategy()
    let network = networkSection()
    let sections = [
      "name: random-\(seed)", "task: \(taskSection())", "network: \(network)", "learner: \(learnerSection())",
      "strategy: \(strategySection())", "conditions: \(conditionsSection())", "measure: \(measureSection())",
      "replications: 2", "seed: \(dice.roll(1...1_000_000))",
    ]
    let resampled = ["network", "tasks", "speeds"].filter { _ in dice.happens(onceIn: 4) }
    let resample = resampled.isEmpty ? [] : ["resample: [\(resampled.joined(separator: ", "))]"]
    return (sections + resample + timelineSection(until: until)).joined(separator: "\n") + "\n"
  }

  private mutating func chooseLearner() {
    // Agents that act take a hundred times as long as others.
    if dice.happens(onceIn: 40) {
      learner = .actorCritic
    } else {
      learner = dice.pick([
        .leastMeanSquares, .leastMeanSquares, .leastMeanSquares, .steepestDescent, .averaging, .averaging,
        .policyGradient, .dualAscent,
      ])
    }
  }

  /// A map in flow style.
  func map(_ entries: [String]) -> String { "{\(entries.joined(separator: ", "))}" }

  // MARK: - Durations

  /// What draws of a law of durations have to be.
  enum Draws {
    case any
    /// At most about as long as the mean.
    case bounded
    /// Never so short that what follows one after the other does so without end.
    case ofSize
  }

  /// A law of durations with about this mean, at least one millisecond.
  mutating func duration(about milliseconds: Int, _ draws: Draws = .any) -> String {
    switch durations {
    case .constant(let scale): return constants(scale, milliseconds)
    case .drawn: return dice.happens(onceIn: 3) ? TimeScale.one.duration(milliseconds) : law(milliseconds, draws)
    }
  }

  /// One duration, not a law.
  func plain(_ milliseconds: Int) -> String {
    switch durations {
    case .constant(let scale): scale.duration(milliseconds)
    case .drawn: TimeScale.one.duration(milliseconds)
    }
  }

  private mutating func constants(_ scale: TimeScale, _ milliseconds: Int) -> String {
    guard dice.happens(onceIn: 3) else { return scale.duration(milliseconds) }
    // Half as long now and then: events overtake each other, and times are whole all the same.
    let fast = scale.duration((milliseconds + 1) / 2)
    return "{mixture: {probability: 0.\(dice.roll(1...9)), slow: \(scale.duration(milliseconds)), fast: \(fast)}}"
  }

  private mutating func law(_ mean: Int, _ draws: Draws) -> String {
    func duration(_ milliseconds: Int) -> String { TimeScale.one.duration(max(1, milliseconds)) }
    let half = max(1, mean / 2)
    let ofSize = [
      "{uniform: [\(duration(half)), \(duration(mean))]}",
      "{discrete-uniform: {lower: \(duration(half)), upper: \(duration(2 * half)), step: \(duration(half))}}",
      "{pareto: {minimum: \(duration(mean / 10)), shape: 0.8, cap: \(duration(max(2, mean)))}}",
    ]
    let bounded = [
      "{normal: {mean: \(duration(mean)), cv: 0.3, upper: \(duration(mean))}}",
      "{mixture: {probability: 0.2, slow: \(duration(mean)), fast: {uniform: [0 ms, \(duration(mean))]}}}",
    ]
    let longer = [
      "{lognormal: {median: \(duration(mean)), sigma: \(dice.number(0...1))}}",
      "{shifted-exponential: {shift: \(duration(half)), scale: \(duration(half))}}",
    ]
    let any = [
      "{exponential: \(duration(mean))}", "{gamma: {mean: \(duration(mean)), shape: \(dice.number(0.1...4))}}",
      "{half-normal: {mean: \(duration(mean))}}",
      "{weibull: {mean: \(duration(mean)), shape: \(dice.number(0.3...3))}}",
      "{pareto: {mean: \(duration(mean)), shape: \(dice.number(1.1...3))}}",
    ]
    return switch draws {
    case .bounded: dice.pick(ofSize + bounded)
    case .ofSize: dice.pick(ofSize + longer)
    case .any: dice.pick(ofSize + bounded + longer + any)
    }
  }

  /// A law of factors around one; with constant durations a whole number.
  mutating func factor() -> String {
    if durations != .drawn { return dice.pick(["1", "1", "2", "{mixture: {probability: 0.3, slow: 3, fast: 1}}"]) }
    return dice.pick([
      "1", "1", "{exponential: {}}", "{lognormal: {cv: 0.2}}", "{uniform: [0.5, 1.5]}", "{gamma: {shape: 2}}",
      "{weibull: {shape: 0.7}}", "{pareto: {shape: 2.5}}",
    ])
  }
}
