// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import RandomScenarios
import Records
import Scenarios
import Simulation
import Testing
import Workers

/// Where agents take no steps their parameters at the end are what the product says of those at the start, whatever strategy,
/// timing, loss, delay, crash, cut, change of the network or precision of messages: Σ_l P_lk w_l, over some 250 random
/// scenarios of averaging.
@Test func finalParametersAreWhatTheProductSays() throws {
  let scenarios = (0..<UInt64(1600)).map { RandomScenario(seed: 21_000 + $0) }.filter {
    $0.title.contains("averaging") && isOfMatrices($0)
  }
  let trials = inParallel(count: scenarios.count, jobs: 2) { ProductTrial(scenarios[$0]) }
  for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
  #expect(trials.count > 200)
  let strategies = Set(trials.map(\.strategy))
  let cooperative = StrategyDefinition.all.filter { $0.facts.cooperates && !$0.facts.hasCentre && !$0.facts.takesTurns }
  for definition in cooperative where definition != .randomNeighbourPush {
    for timing in definition.timings { #expect(strategies.contains("\(definition.name) \(timing)")) }
  }
}

/// Whether agents combine estimates of neighbours, all of them in a way that a matrix says.
private func isOfMatrices(_ scenario: RandomScenario) -> Bool {
  !scenario.text.contains("kind: centralised") && !scenario.text.contains("kind: incremental")
}

/// One window over the whole of a run of averaging.
private struct ProductTrial: Sendable {
  var faults: [String] = []
  var strategy = ""

  init(_ scenario: RandomScenario) {
    do {
      var settings = try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings
      strategy = "\(settings.strategy.kind.name) \(settings.strategy.timing)"
      // Also what happens in the last instant belongs to it.
      let length = settings.measurement.until + VirtualDuration.seconds(1)
      settings.measurement.records.realised = RealisedSettings(every: length, product: .yes)
      let world = try World(settings, replication: 0)
      let (record, trace) = try simulateWithTrace(settings, in: world)
      // Agents that neither step nor hear anybody are at their end what they were at the start.
      var still = settings
      (still.strategy, still.timeline) = (StrategySettings(kind: .nonCooperative), [])
      still.conditions = ConditionSettings()
      still.measurement.budget = nil
      let quiet = World(
        network: world.network, task: world.task,
        typicalStepDurations: Array(repeating: 1e6, count: world.network.nodeCount), latencies: world.latencies)
      let initial = try simulateWithTrace(still, in: quiet).1.parameters
      let product = try #require(record.windows.first?.matrices?.product)
      if record.windows.count != 1 { faults.append("there are \(record.windows.count) windows") }
      let worst = Self.worst(initial, trace.parameters, product, agents: world.agentCount)
      let bar = [nil, .float64].contains(settings.conditions.links.precision) ? 1e-10 : 0.01
      if !(worst <= bar) { faults.append("the parameters differ by \(worst)") }
    } catch {
      faults.append("\(error)")
    }
    faults = faults.map { "\(scenario.title): \($0)\n\(scenario.text)" }
  }

  /// The largest difference, as a share of the largest initial parameter.
  private static func worst(_ initial: [Double], _ final: [Double], _ product: [Double], agents: Int) -> Double {
    let dimension = initial.count / agents
    var worst = 0.0
    for agent in 0..<agents {
      for entry in 0..<dimension {
        let sum = (0..<agents).reduce(0) { $0 + product[$1 * agents + agent] * initial[$1 * dimension + entry] }
        worst = max(worst, abs(sum - final[agent * dimension + entry]))
      }
    }
    return worst / max(initial.map(abs).max() ?? 1, 1e-300)
  }
}

/// The record changes no bit of a run, its windows follow each other, and columns of both matrices sum to one: over 300
/// random scenarios of all learners.
@Test func columnsSumToOneAndTheRunIsTheSame() {
  let scenarios = (0..<UInt64(330)).map { RandomScenario(seed: 31_000 + $0) }.filter(isOfMatrices)
  let trials = inParallel(count: scenarios.count, jobs: 2) { WindowTrial(scenarios[$0], part: 3 + $0 % 5) }
  for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
  #expect(trials.reduce(0) { $0 + $1.windows } > 1000)
  #expect(Set(trials.map(\.learner)).count == 6)
}

private struct WindowTrial: Sendable {
  var faults: [String] = []
  var windows = 0
  var learner = ""

  init(_ scenario: RandomScenario, part: Int) {
    do {
      var settings = try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings
      learner = settings.learner.algorithm.name
      let world = try World(settings, replication: 0)
      settings.measurement.records = RecordSettings()
      let plain = try simulate(settings, in: world)
      let every = settings.measurement.until.scaled(by: 1 / Double(part))
      settings.measurement.records.realised = RealisedSettings(every: every, product: .yes)
      var kept = try simulate(settings, in: world)
      check(kept, every: every)
      kept.windows = []
      let isSame = try kept.fingerprint == plain.fingerprint && kept.text == plain.text
      if !isSame { faults.append("the runs differ") }
    } catch {
      faults.append("\(error)")
    }
    faults = faults.map { "\(scenario.title): \($0)\n\(scenario.text)" }
  }

  private mutating func check(_ record: RunRecord, every: VirtualDuration) {
    windows = record.windows.count
    for (number, window) in record.windows.enumerated() {
      let isWhole = number + 1 < windows
      if window.start != (every * number).seconds { faults.append("window \(number) begins at \(window.start)") }
      if isWhole, window.end != (every * (number + 1)).seconds {
        faults.append("window \(number) ends at \(window.end)")
      }
      for (what, matrix) in [("mean", window.meanMatrix), ("product", window.matrices?.product)] {
        let error = matrix.map { Self.columnError($0, agents: window.ownWeights.count) } ?? .nan
        if !(error <= 1e-12) { faults.append("window \(number): a column of the \(what) is \(error) from one") }
      }
      let shares = window.participation?.reduce(0, +)
      if let shares, !(abs(shares - 1) <= 1e-12) { faults.append("shares sum to \(shares)") }
    }
    let steps = record.windows.flatMap(\.steps).reduce(0, +)
    let updates = record.agents.map(\.updates).reduce(0, +)
    // Steps that end with the run, at the end of a window, are in none.
    if steps > updates || updates - steps > UInt64(record.agents.count) {
      faults.append("\(steps) steps in windows, \(updates) in all")
    }
  }

  private static func columnError(_ matrix: [Double], agents: Int) -> Double {
    (0..<agents).reduce(0) { worst, column in
      max(worst, abs((0..<agents).reduce(0) { $0 + matrix[$1 * agents + column] } - 1))
    }
  }
}
