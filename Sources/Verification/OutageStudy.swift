// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Workers

/// Runs in which agents do next to nothing but go down and come up.
struct OutageStudy: Sendable {
  /// What is seen of one run.
  struct History: Sendable {
    /// Agents up at each of some times.
    var up: [Int] = []
    /// Crashes by each of these times.
    var crashes: [Int] = []
    /// The share of time up, on average over agents.
    var shareUp = 0.0
  }

  private let settings: SimulationSettings
  private let world: World
  private let agents: Int

  /// - Parameter groups: whom outages of groups take down together.
  init(_ failures: FailureSettings, agents count: Int, groups: [String: [String]] = [:], seed: UInt64) throws {
    let network = try Network(names: (0..<count).map { "agent-\($0)" }, edges: [])
    var settings = try network.averagingSettings(
      initial: Array(repeating: 0, count: count), strategy: StrategySettings(kind: .nonCooperative), until: 1,
      seed: seed)
    settings.conditions.failures = failures
    // A step is begun after every outage, and hardly any ends.
    settings.conditions.compute.betweenAgents = .constant(1e6)
    settings.conditions.groups = .named(groups)
    self.settings = settings
    world = try network.world(
      AveragingSettings(dimension: 1), typicalStepDurations: Array(repeating: 1e6, count: count))
    agents = count
  }

  /// The histories of so many replications.
  ///
  /// - Parameters:
  ///   - times: seconds, ascending; those that come with an instant see all that happens in it.
  ///   - until: seconds that a run lasts.
  func histories(at times: [Double], until: Double, runs: Int, jobs: Int) throws -> [History] {
    var settings = settings
    settings.measurement.until = .seconds(max(until, 1e-9))
    settings.measurement.every = settings.measurement.until
    let all = settings
    return try inParallel(count: runs, jobs: jobs) { replication in
      Result { try history(all, at: times.map { VirtualTime(seconds: $0) }, replication) }
    }.map { try $0.get() }
  }

  private func history(_ settings: SimulationSettings, at times: [VirtualTime], _ replication: Int) throws -> History {
    let watch = Watch(times, agents: agents)
    let observer = RunObserver { watch.hear($0) }
    let record = try simulate(settings, in: world, replication: replication, observer: observer)
    watch.finish()
    var history = watch.history
    history.shareUp = 1 - record.agents.reduce(0) { $0 + $1.down } / (record.endTime * Double(agents))
    return history
  }

  /// Counts who is up.
  private final class Watch {
    private let times: [VirtualTime]
    private(set) var history = History()
    private var up: Int
    private var crashes = 0

    init(_ times: [VirtualTime], agents: Int) {
      self.times = times
      up = agents
    }

    func hear(_ occurrence: Occurrence) {
      guard occurrence.kind == .crashes || occurrence.kind == .recovers else { return }
      while history.up.count < times.count, times[history.up.count] < occurrence.time { note() }
      let isCrash = occurrence.kind == .crashes
      up += isCrash ? -1 : 1
      crashes += isCrash ? 1 : 0
    }

    func finish() { while history.up.count < times.count { note() } }

    private func note() {
      history.up.append(up)
      history.crashes.append(crashes)
    }
  }
}
