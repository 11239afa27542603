// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records
import Schema
import Workers

/// Agents that search for linear policies of their tasks and share a basis of them: distributed multitask policy search.
///
/// A local step plays episodes and says where the agent's policy should go, the target α, and how much each direction of that
/// counts, Γ. At its turn of a sweep (`SharedBasis`) the agent codes the target in its copy of the basis, and moves the copy.
/// The parameters are the copy, which is shared, and the code, which is the agent's own. What an agent keeps for itself are
/// target and weights, and what it has tried; a step that is given up leaves no trace.
///
/// Steps are computed when they begin: they are short, and nothing is allocated in one but its episodes.
///
/// Source: El Bsat, Bou Ammar and Taylor, "Scalable multitask policy gradient reinforcement learning", 2017.
///
/// *Randomness*: `initialParameters` of `network` at index 0, a normal number for each of the basis; `episodeStart` of the
/// agent in the attempt, an index for each episode; `actionNoise` of the agent at the index of the attempt, a normal number
/// for each action (`reinforce`), or d of them for each episode (`power`); `testEpisode` as `PolicyTester` says.
package struct PolicySearch: ~Copyable, LearnerBank {
  package typealias Scalar = Double

  package static var takesTurns: Bool { true }

  private let settings: PolicySearchSettings
  private let tasks: ControlTasks
  private let policy: LinearPolicy
  private let shared: SharedBasis
  private let state: SearchState
  private let streams: ActingStreams
  private let keys: [EntityKey]
  private let tester: PolicyTester
  private let scores: PolicyScores
  /// The basis that all start from.
  private let start: Column<Double>
  /// What agents know, and what it becomes with the step under way; a row for each node.
  private let known: Column<Double>
  private let becoming: Column<Double>
  private let works: Column<StepWork>
  /// How many places on from its first task each agent is.
  private let shifts: Column<Int>
  private let room: SearchRoom
  private let turnRoom: Column<Double>
  /// The parameters of all agents in the precision that policies are tested in.
  private let tested: Column<Float>

  /// The agents of one replication.
  package init(_ settings: PolicySearchSettings, task: ControlSettings, _ context: LearningContext) {
    self.settings = settings
    let tasks = ControlTasks(task)
    self.tasks = tasks
    let policy = settings.policy(in: tasks)
    self.policy = policy
    let shared = SharedBasis(
      rows: policy.featureCount, columns: settings.basisSize, sparsity: settings.sparsity,
      ridge: settings.ridge / Double(max(1, context.agentCount)), penalty: settings.penalty)
    self.shared = shared
    let state = SearchState(settings, features: policy.featureCount)
    self.state = state
    let streams = ActingStreams(seed: context.seed, replication: context.replication)
    self.streams = streams
    keys = context.nodes
    tester = PolicyTester(
      tasks.names, agents: context.agentCount, parameterCount: policy.parameterCount, steps: context.steps)
    scores = PolicyScores(tasks, episodes: context.testEpisodes, policies: policy.policies, tests: streams.tests)
    start = Column(repeating: 0, count: shared.count)
    let nodes = context.nodes.count
    known = Column(repeating: 0, count: nodes * state.count)
    becoming = Column(repeating: 0, count: nodes * state.count)
    works = Column(repeating: StepWork(samples: 0), count: nodes)
    shifts = Column(repeating: 0, count: nodes)
    room = SearchRoom(settings, tasks: tasks, policy: policy)
    turnRoom = Column(repeating: 0, count: shared.roomCount)
    tested = Column(repeating: 0, count: context.agentCount * policy.parameterCount)
    var draws = Draws(streams.initial.key(EntityKey("network")), at: 0)
    fillStandardNormal(UnsafeMutableBufferPointer(start: start.base, count: start.count), from: &draws)
    for entry in 0..<start.count { start[entry] *= settings.basisDeviation }
    for node in 0..<nodes { state.reset(known.base + node * state.count) }
  }

  package var parameterCount: Int { policy.parameterCount }

  package var layout: StepLayout { policy.layout }

  package var bytesHeld: Int { 8 * (2 * known.count) + 4 * tested.count }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    parameters.update(from: start.base, count: shared.count)
    (parameters + shared.count).update(repeating: 0, count: shared.columns)
  }

  // MARK: - Steps

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>
  ) {
    increment.update(repeating: 0, count: parameterCount)
    let node = step.node.index
    let (old, new) = (known.base + node * state.count, becoming.base + node * state.count)
    new.update(from: old, count: state.count)
    let origin = room.origin.base
    if settings.origin == .local, state.hasTarget(old) {
      origin.update(from: state.target(old), count: policy.featureCount)
    } else {
      policy.mix(parameters, into: origin)
    }
    let key = keys[node]
    var draws = Draws(streams.noise.key(key), at: step.attempt)
    let starts = streams.starts.key(key).attempt(UInt32(truncatingIfNeeded: step.attempt))
    let task = tasks.position(agent: node, shift: shifts[node])
    switch settings.search {
    case .reinforce:
      room.play(task, of: tasks, by: policy, starts: starts, noise: &draws)
    case .power:
      room.explore(deviation: state.deviation(old), from: &draws)
      room.play(task, of: tasks, by: policy, starts: starts)
    }
    learn(from: origin, into: new)
    let samples = UInt64(room.episodes.stepCount)
    works[node] = StepWork(
      samples: samples, environmentSteps: samples, episodes: UInt64(settings.episodesPerStep),
      gradientSamples: settings.search == .reinforce ? Double(samples) : 0)
  }

  /// Makes target and weights of the episodes.
  private func learn(from origin: UnsafePointer<Double>, into new: UnsafeMutablePointer<Double>) {
    let (target, weight) = (state.target(new), state.weight(new))
    switch settings.search {
    case .reinforce:
      let gradient = room.gradient.base
      room.episodes.gradient(
        at: origin, deviation: settings.actionDeviation, discount: settings.discount, into: gradient)
      for entry in 0..<policy.featureCount { target[entry] = origin[entry] + settings.stepSize * gradient[entry] }
    case .power:
      for episode in 0..<settings.episodesPerStep {
        state.best.add(room.policy(episode), worth: room.episodes.worth(episode), to: state.tried(new))
      }
      state.best.pull(origin, by: state.tried(new), into: target)
      state.multiplyDeviation(new, by: settings.searchDecay)
    }
    room.episodes.weigh(
      isWeighted: settings.search == .reinforce, ridge: PolicySearchSettings.weightRidge, into: weight)
    state.markTarget(new)
  }

  package func work(of node: NodeID) -> StepWork { works[node.index] }

  package func finish(_ node: NodeID) -> StepWork {
    (known.base + node.index * state.count).update(from: becoming.base + node.index * state.count, count: state.count)
    return works[node.index]
  }

  package func abandon(_ node: NodeID) {}

  package func forget(_ node: NodeID) { state.reset(known.base + node.index * state.count) }

  package func takeTurn(
    _ node: NodeID, at parameters: UnsafeMutablePointer<Double>,
    with neighbours: UnsafeBufferPointer<NeighbourEstimate<Double>>
  ) {
    let row = known.base + node.index * state.count
    shared.takeTurn(
      basis: parameters, code: parameters + shared.count, target: state.target(row), weight: state.weight(row),
      neighbours: neighbours, start: start.base, room: turnRoom.base)
  }

  // MARK: - Memory, tasks and tests

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>) throws(RunMemoryFault) {
    try memory.column("what agents know", known)
    try memory.column("what steps make of it", becoming)
    try memory.column("work", works)
    try memory.column("places of tasks", shifts)
  }

  package func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {
    try memory.values("what an agent knows", known.base + node.index * state.count, count: state.count)
  }

  package func change(_ change: TaskChange, of nodes: [NodeID]) {
    guard case .shift(let places) = change else { preconditionFailure("Agents take other tasks, and nothing else.") }
    for node in nodes { shifts[node.index] += places }
  }

  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Double>, into returns: borrowing Column<Double>
  ) {
    for entry in 0..<tested.count { tested[entry] = Float(parameters[entry]) }
    tester.test(
      at: point, of: UnsafePointer(tested.base), into: returns, in: { task(of: $0) }, by: scores.ofReturns)
  }

  private func task(of agent: Int) -> Int { tasks.position(agent: agent, shift: shifts[agent]) }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Double>) -> TaskReturns? {
    for entry in 0..<tested.count { tested[entry] = Float(parameters[entry]) }
    return tester.testAllTasks(at: point, of: UnsafePointer(tested.base), by: scores.ofReturns)
  }

  package func taskName(of node: NodeID) -> String? { tasks.names[task(of: node.index)] }
}

extension LearnerDefinition {
  /// Linear policies that share a basis.
  package static let policySearch = LearnerDefinition(
    name: "dist-mtlps",
    meaning: "linear policies, each a sparse mixture of a basis that agents share: distributed multitask policy search",
    source: "El Bsat, Bou Ammar and Taylor, Scalable multitask policy gradient reinforcement learning, 2017",
    parameters: PolicySearchSettings.parameters, tasks: ["control"], takesTurns: true,
    replacements: ["step-size": "use search-step-size"],
    check: { plan in
      guard let environment = plan.task.control?.environment else { return nil }
      if let fault = environment.faultOfNumbers { return fault }
      guard plan.learner.policySearch.features == .scaled, environment.observationScales == nil else { return nil }
      return Fault(
        "features", "scaled needs magnitudes, which environment \(environment.name) has not", hint: "use raw")
    },
    facts: { plan in plan.acting { plan.learner.policySearch.facts(in: $0) } },
    make: { context in
      guard let task = context.task as? ControlSettings else { return nil }
      return .double(StepBank(PolicySearch(context.settings.policySearch, task: task, context)))
    })
}

extension PolicySearchSettings {
  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let policy = policy(in: tasks)
    var facts = LearnerFacts.acting(policy.layout, policies: policy.policies, start: .common)
    facts.bytesPerParameter = MemoryLayout<Double>.size
    facts.sizeSaidBy = "learner.basis-size"
    facts.computesElsewhere = false
    facts.mostSamplesPerStep = UInt64(episodesPerStep * tasks.timeLimit)
    facts.leastPerStep = (samples: Double(episodesPerStep), episodes: Double(episodesPerStep))
    let state = Double(8 * SearchState(self, features: policy.featureCount).count)
    facts.memory.perNode = 2 * state
    facts.memory.perLearner = Double(4 * policy.parameterCount)
    facts.memory.perCheckpoint = state
    facts.memory.once = SearchEpisodes.bytes(
      episodes: episodesPerStep, timeLimit: tasks.timeLimit, features: policy.featureCount)
    return facts
  }
}
