// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import RandomScenarios
import Records
import Scenarios
import Simulation
import Testing
import Workers

private let label = RunLabel(program: "tests", run: "a run")

/// A run that takes up the state of another one, with more in its timeline, is the run that had it from the start.
@Suite struct BranchTests {
  /// Over 500 random scenarios: nothing added, what random timelines have, and one event of each kind that branches can have.
  @Test func aBranchFromAKeptStateIsTheWholeRun() {
    let trials = inParallel(count: 500, jobs: 2) { BranchTrial(RandomScenario(seed: 60_000 + UInt64($0))) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    let able = trials.filter { $0.branches > 0 }
    #expect(trials.reduce(0) { $0 + $1.branches } > 800)
    for definition in StrategyDefinition.all where !definition.facts.hasCentre && definition != .randomNeighbourPush {
      #expect(able.contains { $0.strategy == definition.name })
    }
    #expect(Set(able.map(\.learner)).count == 6)
    for action in ["crash", "cut", "partition", "slow", "pause"] {
      #expect(trials.reduce(0) { $0 + ($1.actions[action] ?? 0) } > 40, "\(action)")
    }
  }

  /// What random scenarios do not draw.
  @Test func otherLearnersAndStrategiesBranchToo() throws {
    try TrialCase.withSamples { data in
      let others = TrialCase.others(9000..<9300, data: data)
      let trials = inParallel(count: others.count, jobs: 2) { BranchTrial(others[$0]) }
      for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
      func branches(_ isMeant: (BranchTrial) -> Bool) -> Int { trials.filter(isMeant).reduce(0) { $0 + $1.branches } }
      #expect(branches { $0.strategy == "random-neighbour-push" } > 8)
      for learner in ["leaky-lms", "softmax-regression"] {
        #expect(branches { $0.learner == learner } > 40, "\(learner)")
      }
    }
  }

  /// Where nobody could proceed any more, a branch goes on and says so.
  @Test func aBranchRevivesARunThatHasStalled() throws {
    let text = """
      name: stalled
      task: {kind: linear-regression, dimension: 2}
      network: {topology: ring, agents: 4}
      learner: {step-size: 0.02}
      strategy: {timing: asynchronous}
      conditions: {compute: {between-agents: 100 ms}, links: {latency: 10 ms}}
      measure: {until: 10 s, every: 500 ms}
      timeline: [{at: 1 s, crash: all}

      """
    let parent = try TrialCase(title: "stalled", text: text.replacing("all}\n", with: "all}]\n"), seed: 0).settings()
    #expect(try simulate(parent, in: World(parent, replication: 0)).ending == .stalled)
    let revived = text.replacing("all}\n", with: "all}, {at: 5 s, recover: all}]\n")
    let trial = BranchTrial(TrialCase(title: "revived", text: revived, seed: 0))
    for fault in trial.faults { Issue.record("\(fault)") }
    #expect(trial.branches == 2 && trial.actions == ["recover": 1])
  }

  /// Steps of deep agents that are under way where a run branches.
  @Test func stepsUnderWayBranchToo() {
    let scenarios = (0..<UInt64(3000)).map { RandomScenario(seed: $0) }.filter { $0.title.contains("actorCritic") }
    let steps = StepPool()
    let trials = inParallel(count: 40, jobs: 3, steps: steps) { BranchTrial(scenarios[$0], steps: steps) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    #expect(trials.reduce(0) { $0 + $1.branches } > 60)
    #expect(trials.contains { $0.strategy == "centralised" && $0.branches > 1 })
  }
}

/// A run of a scenario, and branches of it.
private struct BranchTrial: Sendable {
  private static let events = [
    "crash: {count: 1}", "cut: {share: 40 %}", "partition: {bisect: bfs}", "slow: {agents: {share: 50 %}, factor: 3.7}",
    "pause: {count: 1}",
  ]

  var faults: [String] = []
  var strategy = ""
  var learner = ""
  /// How many branches were compared.
  var branches = 0
  /// By what they have more.
  var actions: [String: Int] = [:]
  private let steps: StepPool

  init(_ scenario: RandomScenario, steps: StepPool = StepPool()) { self.init(TrialCase(scenario), steps: steps) }

  init(_ scenario: TrialCase, steps: StepPool = StepPool()) {
    self.steps = steps
    do {
      var settings = try Self.settings(scenario.text)
      settings.ties = .firstInFirstOut
      strategy = settings.strategy.kind.name
      learner = settings.learner.algorithm.name
      let plain = try simulate(settings, in: World(settings, replication: 0), steps: steps)
      settings.isBranchable = true
      let same = try simulate(settings, in: World(settings, replication: 0), steps: steps)
      if same.fingerprint != plain.fingerprint { faults.append("to be branchable changes the run") }
      try compare(settings, with: settings, action: nil)
      try compareOwn(settings)
      try compareOne(settings, Self.events[Int(scenario.seed % 5)], scenario)
    } catch {
      faults.append("\(error)")
    }
    faults = faults.map { "\(scenario.title): \($0)\n\(scenario.text)" }
  }

  private static func settings(_ text: String) throws -> SimulationSettings {
    try Scenario.parse(text: text, file: "random").arms[0].settings
  }

  /// Its own timeline without the last entry, and with it.
  private mutating func compareOwn(_ settings: SimulationSettings) throws {
    guard let last = settings.timeline.last, last.name != nil || last.change != nil else { return }
    var parent = settings
    parent.timeline.removeLast()
    let names = settings.timeline.names(in: settings.measurement.until)
    guard parent.timeline.names(in: settings.measurement.until) == Array(names.dropLast()) else { return }
    if last.firstBegin(in: settings.measurement.until) <= .zero { return }
    guard parent.usesAcknowledgements == settings.usesAcknowledgements else { return }
    try compare(parent, with: settings, action: last.action)
  }

  /// One event more, where the scenario may have it.
  private mutating func compareOne(_ settings: SimulationSettings, _ event: String, _ scenario: TrialCase) throws {
    guard !scenario.text.contains("timeline:"),
      var branch = try? Self.settings(scenario.text + "timeline: [{at: \(20 + scenario.seed % 60) %, \(event)}]\n")
    else { return }
    if scenario.seed % 3 > 0 { branch.timeline[0].length = settings.measurement.until.scaled(by: 0.11) }
    // A branch does not acknowledge where the run before it does not.
    guard branch.usesAcknowledgements == settings.usesAcknowledgements else { return }
    branch.ties = .firstInFirstOut
    branch.isBranchable = true
    try compare(settings, with: branch, action: branch.timeline[0].action)
  }

  /// The branch from the state just before its first own event, and the whole run.
  private mutating func compare(
    _ parent: SimulationSettings, with branch: SimulationSettings, action: String?
  ) throws {
    if branch.obstacleToBranching(from: parent) != nil { return }
    let until = branch.measurement.until
    let time = branch.timeline.dropFirst(parent.timeline.count).map { $0.firstBegin(in: until) }.min()
    let limit = VirtualTime(nanoseconds: (time ?? until.scaled(by: 0.6)).nanoseconds - 1)
    let world = try World(parent, replication: 0)
    guard case .stopped(let state) = try advance(parent, in: world, label: label, to: limit, steps: steps) else {
      return
    }
    let own = try World(branch, replication: 0)
    let outcome = try advance(
      branch, in: own, label: label, from: StoppedRun(state.bytes), isBranch: true, steps: steps)
    guard case .ended(let record) = outcome else { throw SimulationError("It does not come to its end.") }
    let whole = try simulate(branch, in: own, steps: steps)
    branches += 1
    if let action { actions[action, default: 0] += 1 }
    if record.fingerprint != whole.fingerprint {
      faults.append("the branch with \(action ?? "nothing more") at \(limit.seconds) s is another run")
    } else if try record.text != whole.text {
      faults.append("the branch with \(action ?? "nothing more") at \(limit.seconds) s has another record")
    }
  }
}
