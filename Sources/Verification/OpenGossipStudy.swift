// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Schema
import Simulation
import Theory
import Workers

/// Runs of gossip in which agents are replaced.
///
/// A replacement is a crash of one agent, drawn by the timeline, that comes up at once and has forgotten everything: it begins
/// anew with a fresh value. An averaging is a ring of the clock of all, which rings every second. Events have no times of their
/// own, so replacements come in between, in an instant that is over before the next ring.
///
/// *Randomness*: of each run which events are replacements, and which pass, `choice` of the events at index 0; fresh values
/// `initialParameters` of the agent at the number of its life; all else as of any run.
struct OpenGossipStudy: Sendable {
  /// Between replacements of one second, and how long one takes.
  private static let spacing = VirtualDuration.nanosecond * 100
  private static let outage = VirtualDuration.nanosecond * 50

  private let settings: SimulationSettings
  private let world: World
  private let initial: [Double]
  private let replacementProbability: Double
  private let standardDeviation: Double
  private let passesByChance: Bool

  /// - Parameters:
  ///   - initial: x_k before the first event.
  ///   - passesByChance: whether a pair may be the same agent twice, so that an averaging changes nothing with probability 1/N.
  init(
    on network: Network, initial: [Double], replacementProbability: Double, standardDeviation: Double,
    passesByChance: Bool, seed: UInt64
  ) throws {
    settings = try network.averagingSettings(
      initial: initial,
      strategy: StrategySettings(
        kind: .gossip, clock: ClockSettings(betweenAgents: .constant(1), startPhase: .constant(1)),
        gossip: GossipSettings(exchange: .pairwise, wake: .oneAtATime)), until: 1, seed: seed)
    world = try network.averagingWorld()
    self.initial = initial
    self.replacementProbability = replacementProbability
    self.standardDeviation = standardDeviation
    self.passesByChance = passesByChance
  }

  /// The moments of the values of each run after some numbers of events.
  func moments(after events: [Int], runs: Int, jobs: Int) throws -> [[ValueMoments]] {
    try inParallel(count: runs, jobs: jobs) { replication in
      Result { try moments(after: events, replication) }
    }.map { try $0.get() }
  }

  private func moments(after events: [Int], _ replication: Int) throws -> [ValueMoments] {
    let script = script(of: events.max() ?? 0, replication)
    var settings = settings
    settings.measurement.until = script.end
    settings.measurement.every = script.end
    if !script.replacements.isEmpty {
      settings.timeline = [
        TimelineEntry(
          at: script.replacements.map { .after($0) }, for: Self.outage, name: "replacement", action: "crash",
          ["agents": AgentSelector.random(.count(1)).argument, "on-recovery": .text("reset")])
      ]
    }
    let times = Array(Set(events.map { script.times[$0] })).sorted()
    let (_, looks) = try simulateLooking(settings, in: world, replication: replication, at: times) { context in
      .double(StepBank(FreshStarts(initial, standardDeviation: standardDeviation, context)))
    }
    guard looks.count == times.count else { throw ReferenceError("a run ends before its last event.") }
    let moments = Dictionary(uniqueKeysWithValues: zip(times, looks.map { ValueMoments(of: $0) }))
    return events.map { moments[script.times[$0]] ?? ValueMoments(of: []) }
  }

  // MARK: - Events

  /// When what happens in a run.
  private struct Script {
    var replacements: [VirtualDuration] = []
    /// When each event is over, first that before which nothing has happened.
    var times = [VirtualTime.zero]
    var end = VirtualDuration.zero
  }

  private func script(of events: Int, _ replication: Int) -> Script {
    let family = StreamFamily(seed: settings.seed, replication: UInt32(replication), purpose: .choice)
    var draws = Draws(family.key(EntityKey("events")), at: 0)
    var script = Script()
    var rings = 0
    var sinceRing = 0
    for _ in 0..<events {
      if draws.uniform() < replacementProbability {
        sinceRing += 1
        let time = VirtualDuration.seconds(Double(rings)) + Self.spacing * sinceRing
        script.replacements.append(time)
        script.times.append(VirtualTime(time + Self.outage))
      } else if passesByChance, draws.integer(below: UInt32(initial.count)) == 0 {
        script.times.append(script.times[script.times.count - 1])
      } else {
        rings += 1
        sinceRing = 0
        script.times.append(VirtualTime(VirtualDuration.seconds(Double(rings))))
      }
    }
    script.end = VirtualDuration.seconds(Double(rings)) + .seconds(0.5)
    return script
  }
}

/// Agents that have nothing to learn. They start from values that are given, and begin anew with fresh ones.
///
/// *Randomness*: `initialParameters` of the agent at the number of its life, from one, a standard normal number.
private struct FreshStarts: ~Copyable, ImmediateLearnerBank {
  typealias Scalar = Double

  private let inPlace = InPlace()
  static var adapts: Bool { false }
  let workPerStep = StepWork(samples: 0)
  let parameterCount = 1
  private let initial: Column<Double>
  private let standardDeviation: Double
  private let keys: Column<StreamKey>
  /// How often each agent has begun.
  private let lives: Column<UInt64>

  init(_ initial: [Double], standardDeviation: Double, _ context: LearningContext) {
    self.initial = Column(initial)
    self.standardDeviation = standardDeviation
    let family = StreamFamily(seed: context.seed, replication: context.replication, purpose: .initialParameters)
    keys = Column(context.nodes.map { family.key($0) })
    lives = Column(repeating: 0, count: initial.count)
  }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    let life = lives[node.index]
    lives[node.index] = life + 1
    guard life > 0 else { return parameters.pointee = initial[node.index] }
    var draws = Draws(keys[node.index], at: life)
    fillStandardNormal(UnsafeMutableBufferPointer(start: parameters, count: 1), from: &draws)
    parameters.pointee *= standardDeviation
  }

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>) {
    increment.pointee = 0
  }

  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>) throws(RunMemoryFault) {
    try memory.column("lives", lives)
  }
}
