// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Randomness
import Simulation

/// What an agent of `PersonalModels` keeps for itself beside its parameters: an environment that lives on from step to
/// step, and a buffer of what it has seen there.
struct PersonalMemory: Equatable {
  static let room = 4

  /// Of the environment: e ← 0.8 e + u − 1/2 with u from [0, 1).
  private(set) var state = 1.0
  /// The newest states, the latest last.
  private(set) var seen: [Double] = []
  /// The attempt in which the agent has acted last.
  private(set) var attempt: UInt64?

  /// Acts once in every attempt, however many phases it has.
  ///
  /// - Returns: whether it acted.
  mutating func act(_ key: StreamKey, in attempt: UInt64) -> Bool {
    if self.attempt == attempt { return false }
    self.attempt = attempt
    var draws = Draws(key, at: attempt)
    state = 0.8 * state + draws.uniform() - 0.5
    seen.append(state)
    if seen.count > Self.room { seen.removeFirst() }
    return true
  }

  /// The increment of a phase at parameters w, of which only the entries of the phase are set; the others are NaN, so that
  /// who uses them notices. Shared parameters follow what was seen and the agent's first own number; own ones follow the
  /// environment and nobody else.
  func increment(_ phase: StepLayout.Phase, at w: [Double], firstOwn: Int, sharedRate: Double) -> [Double] {
    var increment = [Double](repeating: .nan, count: w.count)
    let mean = seen.reduce(0, +) / Double(max(1, seen.count))
    for entry in phase.shared {
      increment[entry] = sharedRate * (mean + 0.25 * Double(entry) + 0.001 * w[firstOwn] - w[entry])
    }
    for entry in phase.own { increment[entry] = 0.2 * (state + Double(entry) - w[entry]) }
    return increment
  }
}

/// A learner for tests with all that learners can say of blocks: shared and own ones, any number of phases, an environment
/// that lives on across steps, and a replay buffer. What a step makes of these is a shadow until the step ends.
struct PersonalModels: ~Copyable, LearnerBank {
  typealias Scalar = Double

  /// One thing that happened to an agent.
  enum Happening: Equatable {
    case ended(attempt: UInt64, phase: Int)
    case forgot
    case started
  }

  /// What the agents of a run have in common with the test that watches them.
  final class Watch {
    fileprivate(set) var happenings: [[Happening]] = []
    fileprivate(set) var memories: [PersonalMemory] = []
  }

  static var givesGradients: Bool { true }

  let layout: StepLayout
  private let sharedRate: Double
  private let keys: [StreamKey]
  private let watch: Watch
  private let underWay: UnderWay

  /// Of each agent the step under way with its shadow.
  private final class UnderWay {
    var steps: [LocalStep?]
    var shadows: [PersonalMemory]
    var samples: [UInt64]

    init(_ count: Int) {
      steps = Array(repeating: nil, count: count)
      shadows = Array(repeating: PersonalMemory(), count: count)
      samples = Array(repeating: 0, count: count)
    }
  }

  init(_ context: LearningContext, layout: StepLayout, sharedRate: Double, watch: Watch) {
    let family = StreamFamily(seed: context.seed, replication: context.replication, purpose: .data)
    self.layout = layout
    self.sharedRate = sharedRate
    keys = context.nodes.map { family.key($0) }
    self.watch = watch
    watch.happenings = Array(repeating: [], count: keys.count)
    watch.memories = Array(repeating: PersonalMemory(), count: keys.count)
    underWay = UnderWay(keys.count)
  }

  var parameterCount: Int { layout.parameterCount }

  /// 0.1 for what is shared, a number of the agent's own for what is not.
  static func start(_ layout: StepLayout, _ agent: Int) -> [Double] {
    (0..<layout.parameterCount).map { $0 < layout.sharedCount ? 0.1 : 1000 + 10 * Double(agent) }
  }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    for (entry, number) in Self.start(layout, node.index).enumerated() { parameters[entry] = number }
    watch.happenings[node.index].append(.started)
  }

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>) {
    let agent = step.node.index
    precondition(underWay.steps[agent] == nil, "An agent takes one step at a time.")
    underWay.steps[agent] = step
    underWay.shadows[agent] = watch.memories[agent]
    underWay.samples[agent] = underWay.shadows[agent].act(keys[agent], in: step.attempt) ? 1 : 0
    let point = (0..<parameterCount).map { parameters[$0] }
    let numbers = underWay.shadows[agent].increment(
      layout.phases[step.phase], at: point, firstOwn: layout.sharedCount, sharedRate: sharedRate)
    for (entry, number) in numbers.enumerated() { increment[entry] = number }
  }

  func work(of node: NodeID) -> StepWork { StepWork(samples: underWay.samples[node.index]) }

  func finish(_ node: NodeID) -> StepWork {
    guard let step = underWay.steps[node.index] else { preconditionFailure("A step that ends has begun.") }
    watch.memories[node.index] = underWay.shadows[node.index]
    watch.happenings[node.index].append(.ended(attempt: step.attempt, phase: step.phase))
    underWay.steps[node.index] = nil
    return work(of: node)
  }

  func finishGradient(_ node: NodeID) -> StepWork { finish(node) }

  /// The centre goes along the gradient as it is.
  func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Double>, of node: NodeID) {}

  func abandon(_ node: NodeID) { underWay.steps[node.index] = nil }

  func forget(_ node: NodeID) {
    watch.memories[node.index] = PersonalMemory()
    watch.happenings[node.index].append(.forgot)
  }

  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    SquaredErrors(toNetworkOptimum: parameters[0] * parameters[0])
  }
}

extension StepLayout {
  /// All of two shared blocks and one of the agent's own in one phase.
  static let personal = StepLayout([.shared("trunk", 3), .shared("head", 2), .own("taste", 2)])

  /// Three phases of different sizes; the agent's own blocks change in the first and in the last of them.
  static let personalInPhases = StepLayout(
    [.shared("trunk", 3), .shared("head", 2), .shared("scale", 1), .own("taste", 2), .own("habit", 1)],
    phases: [["trunk", "taste"], ["head"], ["scale", "habit"]])
}

/// A run of such agents.
struct PersonalRun {
  let seen: Seen
  let watch: PersonalModels.Watch
  let layout: StepLayout
  let settings: SimulationSettings

  /// - Parameter sharedRate: with zero nobody's shared parameters change by a step.
  init(_ settings: SimulationSettings, _ layout: StepLayout, sharedRate: Double = 0.1) throws {
    let watch = PersonalModels.Watch()
    self.watch = watch
    self.layout = layout
    self.settings = settings
    seen = try Seen(settings) { context in
      .double(StepBank(PersonalModels(context, layout: layout, sharedRate: sharedRate, watch: watch)))
    }
  }

  /// w of an agent at the end.
  func row(_ agent: Int) -> [Double] {
    Array(seen.parameters[agent * layout.parameterCount..<(agent + 1) * layout.parameterCount])
  }

  func shared(_ agent: Int) -> [Double] { Array(row(agent)[..<layout.sharedCount]) }

  func own(_ agent: Int) -> [Double] { Array(row(agent)[layout.sharedCount...]) }

  /// What an agent's own numbers and its memory have to be after what happened to it, whatever others said.
  func expected(_ agent: Int) throws -> (own: [Double], memory: PersonalMemory) {
    let key = StreamFamily(seed: settings.seed, replication: 0, purpose: .data)
      .key(try World(settings, replication: 0).network.keys[agent])
    var w = PersonalModels.start(layout, agent)
    var memory = PersonalMemory()
    for happening in watch.happenings[agent] {
      switch happening {
      case .started: w = PersonalModels.start(layout, agent)
      case .forgot: memory = PersonalMemory()
      case .ended(let attempt, let phase):
        _ = memory.act(key, in: attempt)
        let block = layout.phases[phase]
        let increment = memory.increment(block, at: w, firstOwn: layout.sharedCount, sharedRate: 0)
        for entry in block.own { w[entry] += increment[entry] }
      }
    }
    return (Array(w[layout.sharedCount...]), memory)
  }
}
