// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Workers

/// Kind `slow-spells`: how long steps in a row last under an agent's changing speed. A step ends when the integral of
/// speed over time equals its work.
///
/// Drawn spells go through runs of agents alone; the steps that count begin within a window that is as long as the
/// protocol's steps last in the mean. The scripted entry tells the speeds of an agent as a timeline would.
struct SlowSpellVerification: ReferenceCase {
  static let kind = "slow-spells"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let meanSpeed: Double?
      let mean: Double?
      let standardDeviation: Double?
      /// Durations, and the share of steps that last no longer.
      let cdf: [[Double]]?
      let endsExact: [Fraction]?
    }

    struct Bars: Decodable, Sendable {
      let mean: Double?
      let standardDeviation: Double?
      let cdf: Double?
      let ends: Double?
    }

    let name: String
    let slowdown: Double?
    let meanNormal: Double?
    let meanSlow: Double?
    let work: Work
    /// From when, and the speed.
    let speed: [[Double]]?
    let expected: Expected
    let tolerance: Bars
  }

  /// Seconds at speed one: a law of them, or one after the other.
  enum Work: Decodable, Sendable {
    case law(name: String, mean: Double)
    case list([Double])

    private enum Keys: CodingKey { case law, mean }

    init(from decoder: any Decoder) throws {
      if let container = try? decoder.container(keyedBy: Keys.self) {
        self = .law(
          name: try container.decode(String.self, forKey: .law), mean: try container.decode(Double.self, forKey: .mean))
      } else {
        self = .list(try decoder.singleValueContainer().decode([Double].self))
      }
    }
  }

  struct Averaging: Decodable, Sendable {
    let agents: Int
    let steps: Int
    let skipFirstSteps: Int
  }

  /// A duration may be longer than a listed one by this share of it.
  private static let atom = 1e-9
  /// Bars of what is no sample.
  private static let exact = 1e-9

  let id: String
  let entries: [Entry]
  let `protocol`: Averaging

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let asked = `protocol`
    guard (1...ReferenceLimits.agents).contains(asked.agents), (1...100_000).contains(asked.steps),
      (0...100_000).contains(asked.skipFirstSteps), asked.agents * asked.steps <= 20_000_000
    else { throw ReferenceError("protocol asks for no steps, or for more than 20000000.") }
    let reports = inParallel(count: entries.count, jobs: verifier.jobs) { index in
      Result { () throws -> [VerificationReport.Check] in
        let entry = entries[index]
        if case .list(let works) = entry.work { return try scripted(entry, works) }
        return try drawn(entry, verifier)
      }
    }
    return VerificationReport(checks: try reports.flatMap { try $0.get() })
  }

  // MARK: - Drawn spells

  private func drawn(_ entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    let expected = entry.expected
    guard case .law(let law, let work) = entry.work, work > 0, work <= 1e6, let slowdown = entry.slowdown,
      (1...1e9).contains(slowdown), let normal = entry.meanNormal, let slow = entry.meanSlow, normal > 0, slow > 0,
      let speed = expected.meanSpeed, speed > 0, speed <= 1, ["constant", "exponential"].contains(law)
    else { throw ReferenceError("entry '\(entry.name)' lacks a law of work, a slowdown, spells or a mean speed.") }
    let spells = SlowSpellSettings(
      slowdown: slowdown, lengths: .laws(normal: .exponential(mean: normal), slow: .exponential(mean: slow)))
    let agents = verifier.runs(`protocol`.agents)
    let durations = try durations(
      spells, work: law == "constant" ? .constant(work) : .exponential(mean: work), agents: agents, verifier)
    let widening = (Double(`protocol`.agents) / Double(agents)).squareRoot()
    let (name, count) = ("\(id)/\(entry.name)", Double(durations.count))
    func check(_ quantity: String, _ expected: Double?, _ seen: Double, _ bar: Double?) -> [VerificationReport.Check] {
      guard let expected, let bar else { return [] }
      return [
        .init(
          reference: name, quantity: quantity, runs: durations.count, expected: expected, seen: seen,
          bar: bar * widening)
      ]
    }
    let mean = durations.reduce(0, +) / count
    let variance = durations.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    var checks = [
      VerificationReport.Check(
        reference: name, quantity: "mean speed as predicted", expected: speed, seen: spells.meanSpeed, bar: Self.exact)
    ]
    checks += check("mean duration", expected.mean, mean, entry.tolerance.mean)
    checks += check(
      "standard deviation of durations", expected.standardDeviation, variance.squareRoot(),
      entry.tolerance.standardDeviation)
    for point in expected.cdf ?? [] {
      guard point.count == 2 else { throw ReferenceError("entry '\(entry.name)' has a point of cdf that is no pair.") }
      let bound = point[0] * (1 + Self.atom)
      checks += check(
        "share of steps up to \(point[0]) s", point[1], Double(durations.count { $0 <= bound }) / count,
        entry.tolerance.cdf)
    }
    return checks
  }

  /// How long the steps last that agents alone begin within the window.
  private func durations(
    _ spells: SlowSpellSettings, work: Distribution, agents: Int, _ verifier: Verifier
  ) throws -> [Double] {
    let network = try ReferenceNetwork(ReferenceGraph(n: agents, edges: []), rule: .metropolis).network
    let mean = work.mean / spells.meanSpeed
    let start = mean * Double(`protocol`.skipFirstSteps)
    let end = start + mean * Double(`protocol`.steps)
    // Every step that begins within the window ends before the run does.
    let until = end + (work.isConstant ? 1 : 40) * work.mean * spells.slowdown
    var settings = try network.averagingSettings(
      initial: Array(repeating: 0, count: agents), strategy: StrategySettings(kind: .nonCooperative), until: until,
      seed: verifier.seed)
    settings.conditions.compute = ComputeSettings(
      betweenAgents: .constant(1), withinAgent: work, spells: spells)
    settings.measurement.every = settings.measurement.until
    let steps = Steps(agents: agents, window: VirtualTime(seconds: start)..<VirtualTime(seconds: end))
    _ = try simulate(settings, in: network.averagingWorld(), observer: RunObserver { steps.hear($0) })
    guard !steps.durations.isEmpty else { throw ReferenceError("no step begins within the window.") }
    return steps.durations
  }

  /// Steps of all agents as they are told.
  private final class Steps {
    private(set) var durations: [Double] = []
    private var begins: [VirtualTime]
    private let window: Range<VirtualTime>

    init(agents: Int, window: Range<VirtualTime>) {
      begins = Array(repeating: .zero, count: agents)
      self.window = window
    }

    func hear(_ occurrence: Occurrence) {
      guard let agent = occurrence.agent?.index else { return }
      if occurrence.kind == .stepBegins {
        begins[agent] = occurrence.time
      } else if occurrence.kind == .stepEnds, window.contains(begins[agent]) {
        durations.append((occurrence.time - begins[agent]).seconds)
      }
    }
  }

  // MARK: - Scripted speeds

  private func scripted(_ entry: Entry, _ works: [Double]) throws -> [VerificationReport.Check] {
    guard let changes = entry.speed, changes.allSatisfy({ $0.count == 2 && $0[0] >= 0 && $0[1] >= 0 }),
      zip(changes, changes.dropFirst()).allSatisfy({ $0[0] < $1[0] }), works.allSatisfy({ $0 >= 0 && $0 < 1e9 }),
      let expected = entry.expected.endsExact, expected.count == works.count, let bar = entry.tolerance.ends
    else { throw ReferenceError("entry '\(entry.name)' lacks works, speeds in order, or an end for each work.") }
    let network = try ReferenceNetwork(ReferenceGraph(n: 1, edges: []), rule: .metropolis).network
    let speeds = ChangingSpeeds(
      ComputeSettings(), slowSpellsOf: [], timelineChanges: true, network: network, agentCount: 1,
      until: .never, seed: 1, replication: 0)
    var upcoming = changes[...]
    var ends: [Double] = []
    var time = VirtualTime.zero
    let agent = NodeID(0)
    for work in works {
      var end = speeds.begin(agent, work: VirtualDuration(seconds: work), at: time)
      while let change = upcoming.first, VirtualTime(seconds: change[0]) <= end {
        end = speeds.change(agent, slowdown: 1 / change[1], at: VirtualTime(seconds: change[0]))
        upcoming.removeFirst()
      }
      speeds.finish(agent, computing: end - time)
      ends.append(end.seconds)
      time = end
    }
    return [
      .init(
        reference: "\(id)/\(entry.name)", quantity: "largest difference of an end", expected: 0,
        seen: largestDifference(ends, expected.map(\.value)), bar: bar)
    ]
  }
}
