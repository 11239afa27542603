// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import RandomScenarios
import Randomness
import Records
import Scenarios
import Simulation
import Testing
import Workers

private let label = RunLabel(program: "tests", run: "a run")

/// A run that is stopped and goes on is the run that was not stopped, in every field of its record.
@Suite struct StoppedRunTests {
  /// Over 400 random scenarios with up to three stops each: hundreds of stops among all strategies, timings and learners.
  @Test func aRunThatWasStoppedGoesOnAsIfItHadNotBeen() {
    let trials = inParallel(count: 400, jobs: 2) { StopTrial(RandomScenario(seed: 7000 + UInt64($0))) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    #expect(trials.reduce(0) { $0 + $1.stops } > 700)
    let stopped = Set(trials.filter { $0.stops > 0 }.map(\.strategy))
    for definition in StrategyDefinition.all where !definition.facts.hasCentre && definition != .randomNeighbourPush {
      for timing in definition.timings {
        #expect(stopped.contains("\(definition.name) \(timing)"))
      }
    }
    #expect(Set(trials.filter { $0.stops > 0 }.map(\.learner)).count == 6)
  }

  /// Random scenarios know nothing of these, but some are of them with other names.
  @Test func otherLearnersAndStrategiesGoOnAsIfTheyHadNotBeenStopped() throws {
    try TrialCase.withSamples { data in
      let others = TrialCase.others(9000..<9500, data: data)
      let trials = inParallel(count: others.count, jobs: 2) { StopTrial(others[$0]) }
      for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
      func stops(_ isMeant: (StopTrial) -> Bool) -> Int { trials.filter(isMeant).reduce(0) { $0 + $1.stops } }
      #expect(stops { $0.strategy.hasPrefix("random-neighbour-push") } > 12)
      for learner in ["leaky-lms", "softmax-regression"] { #expect(stops { $0.learner == learner } > 40, "\(learner)") }
    }
  }

  /// Steps of deep agents that are under way when the run is stopped may be queued, or running on another thread.
  @Test func stepsOnOtherThreadsAreWaitedFor() {
    let scenarios = (0..<UInt64(6000)).map { RandomScenario(seed: $0) }.filter { $0.title.contains("actorCritic") }
    let steps = StepPool()
    let trials = inParallel(count: 80, jobs: 3, steps: steps) { StopTrial(scenarios[$0], steps: steps) }
    for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
    #expect(trials.reduce(0) { $0 + $1.stops } > 100)
    let strategies = Set(trials.filter { $0.stops > 0 }.map(\.strategy))
    #expect(strategies.contains("centralised synchronousGlobal") && strategies.count > 8)
  }

  /// A memory that has changed in one place, or lost its end, is refused.
  @Test func aDamagedMemoryIsRefused() throws {
    let memory = try firstStopped().memory.bytes
    _ = try StoppedRun(memory)
    for place in stride(from: 0, to: memory.count, by: 97) {
      var damaged = memory
      damaged[place] ^= 1 << UInt8(place % 8)
      #expect(throws: RunMemoryFault.self) { try StoppedRun(damaged) }
      #expect(throws: RunMemoryFault.self) { try StoppedRun(Array(memory[..<place])) }
    }
  }

  /// Where two runs are called the same, their memories still do not go together.
  @Test func aMemoryOfAnotherRunOrProgramIsRefused() throws {
    let (memory, own) = try firstStopped()
    let stranger = memory.obstacle(to: RunLabel(program: "tests", run: "b"))
    #expect(stranger?.description == "it is of a run with other settings")
    let other = memory.obstacle(to: RunLabel(program: "tests 2", run: "a run"))
    #expect(other?.description == "it was kept by tests, and this is tests 2")
    var refusals = 0
    for seed in own + 1...own + 36 {
      let settings = try settings(of: RandomScenario(seed: seed))
      let world = try World(settings, replication: 0)
      do {
        _ = try advance(settings, in: world, label: label, from: memory)
      } catch {
        #expect(error.description.hasPrefix("The run cannot go on from where it was stopped: it "))
        refusals += 1
      }
    }
    #expect(refusals == 36)
  }

  /// The first random run that is still under way at half of its time, and its seed.
  private func firstStopped() throws -> (memory: StoppedRun, seed: UInt64) {
    for seed in UInt64(3)..<40 {
      if let memory = try? stopped(RandomScenario(seed: seed)) { return (memory, seed) }
    }
    throw SimulationError("All have ended before.")
  }

  private func stopped(_ scenario: RandomScenario) throws -> StoppedRun {
    let settings = try settings(of: scenario)
    let time = VirtualTime(settings.measurement.until.scaled(by: 0.5))
    let outcome = try advance(settings, in: World(settings, replication: 0), label: label, to: time)
    guard case .stopped(let memory) = outcome else { throw SimulationError("It has ended before.") }
    return memory
  }
}

private func settings(of scenario: RandomScenario) throws -> SimulationSettings {
  try TrialCase(scenario).settings()
}

/// A run of a scenario in one piece and in several.
private struct StopTrial: Sendable {
  var faults: [String] = []
  var strategy = ""
  var learner = ""
  /// How often it was stopped on its way.
  var stops = 0

  init(_ scenario: RandomScenario, steps: StepPool = StepPool()) { self.init(TrialCase(scenario), steps: steps) }

  init(_ scenario: TrialCase, steps: StepPool = StepPool()) {
    do {
      let settings = try scenario.settings()
      strategy = "\(settings.strategy.kind.name) \(settings.strategy.timing)"
      learner = settings.learner.algorithm.name
      let world = try World(settings, replication: 0)
      let whole = try simulate(settings, in: world, steps: steps)
      let pieces = try inPieces(settings, world, seed: scenario.seed, steps)
      if pieces.fingerprint != whole.fingerprint { faults.append("the fingerprints differ") }
      if try pieces.text != whole.text { faults.append("the records differ") }
    } catch {
      faults.append("\(error)")
    }
    faults = faults.map { "\(scenario.title): \($0)\n\(scenario.text)" }
  }

  private mutating func inPieces(
    _ settings: SimulationSettings, _ world: World, seed: UInt64, _ steps: StepPool
  ) throws -> RunRecord {
    var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .data, entity: "stops"), at: seed)
    let shares = (0..<1 + seed % 3).map { _ in draws.uniform() }.sorted()
    let times = shares.map { VirtualTime(settings.measurement.until.scaled(by: $0)) }
    var kept: StoppedRun?
    for limit in times + [.never] {
      switch try advance(settings, in: world, label: label, from: kept, to: limit, steps: steps) {
      case .ended(let record): return record
      case .stopped(let run):
        stops += 1
        if run.time != limit { faults.append("it stopped at another time") }
        // What was read is written again as it was.
        let again = try advance(settings, in: world, label: label, from: run, to: limit, steps: steps)
        // What fills structures up has no value, and may change.
        guard case .stopped(let copy) = again, copy.fingerprint == run.fingerprint, copy.bytes.count == run.bytes.count
        else { throw SimulationError("A memory that is read and written is another one.") }
        kept = try StoppedRun(run.bytes)
      }
    }
    throw SimulationError("The run does not come to its end.")
  }
}
