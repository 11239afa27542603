// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import RandomScenarios
import Records
import Scenarios
import Simulation
import Synchronization
import Testing
import Workers

private let label = RunLabel(program: "tests", run: "a run")

/// A run whose state is kept between two events, in the middle of an instant too, is the run that was left alone; and so is
/// one that goes on from there.
@Suite struct SavedRunTests {
  /// Over 300 random scenarios: hundreds of states of all strategies.
  @Test func aRunWhoseStateIsKeptIsTheSameRun() {
    let trials = inParallel(count: 300, jobs: 2) { SaveTrial(RandomScenario(seed: 40_000 + UInt64($0))) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    #expect(trials.reduce(0) { $0 + $1.states } > 600)
    let kept = Set(trials.filter { $0.states > 0 }.map(\.strategy))
    for definition in StrategyDefinition.all where !definition.facts.hasCentre && definition != .randomNeighbourPush {
      #expect(kept.contains(definition.name))
    }
    #expect(Set(trials.filter { $0.states > 0 }.map(\.learner)).count == 6)
  }

  /// Steps of deep agents that are under way go on beside those that keep the state.
  @Test func stepsOnOtherThreadsGoOn() {
    let scenarios = (0..<UInt64(3000)).map { RandomScenario(seed: $0) }.filter { $0.title.contains("actorCritic") }
    let steps = StepPool()
    let trials = inParallel(count: 40, jobs: 3, steps: steps) { SaveTrial(scenarios[$0], steps: steps) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    #expect(trials.reduce(0) { $0 + $1.states } > 60)
  }
}

/// A run of a scenario alone, and with its state kept again and again.
private struct SaveTrial: Sendable {
  var faults: [String] = []
  var strategy = ""
  var learner = ""
  /// From how many states it went on.
  var states = 0

  init(_ scenario: RandomScenario, steps: StepPool = StepPool()) {
    do {
      let settings = try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings
      strategy = settings.strategy.kind.name
      learner = settings.learner.algorithm.name
      let world = try World(settings, replication: 0)
      let whole = try simulate(settings, in: world, steps: steps)
      let states = Mutex<[StoppedRun]>([])
      let saving = RunSaving(every: 0, events: 1 + Int(scenario.seed % 97)) { state in
        states.withLock { $0.append(state) }
      }
      let kept = try advance(settings, in: world, label: label, saving: saving, steps: steps)
      guard case .ended(let record) = kept else { throw SimulationError("It does not come to its end.") }
      if try record.text != whole.text { faults.append("keeping the state changes the record") }
      let all = states.withLock(\.self)
      for state in [all.first, all.dropFirst(all.count / 2).first, all.last].compactMap(\.self) {
        self.states += 1
        let rest = try advance(settings, in: world, label: label, from: StoppedRun(state.bytes), steps: steps)
        guard case .ended(let record) = rest else { throw SimulationError("It does not come to its end.") }
        if try record.text != whole.text { faults.append("the record from \(state.time.seconds) s on differs") }
      }
    } catch {
      faults.append("\(error)")
    }
    faults = faults.map { "\(scenario.title): \($0)\n\(scenario.text)" }
  }
}
