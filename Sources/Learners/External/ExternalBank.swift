// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records

/// The learning of all agents by a user's program: steps, initial parameters and metrics come from a worker
/// (`ExternalSession`), which also has what agents keep for themselves.
///
/// *Randomness*: the seed of a step is `data` of the agent at the index of the attempt, two words; that of initial
/// parameters `initialParameters` of the agent at 0; that of an evaluation `testEpisode` of the agent at the grid point. The
/// samples of linear regression are those of `LeastMeanSquares`.
struct ExternalBank<Task: ExternalData & ~Copyable>: ~Copyable, LearnerBank {
  typealias Scalar = Double

  private let inPlace = InPlace()
  let parameterCount: Int
  private let task: Task
  private let session: ExternalSession
  private let metricNames: [String]
  private let agentCount: Int
  private let dataKeys: Column<StreamKey>
  private let initialKeys: Column<StreamKey>
  private let testKeys: Column<StreamKey>
  /// The values of all metrics of each agent (N × K), and the grid point at which they were measured; −1 before any.
  private let values: Column<Double>
  private let measuredPoint: Column<Int>

  init(
    _ task: consuming Task, _ context: LearningContext, _ session: ExternalSession, metrics: [String], dimension: Int
  ) {
    self.task = task
    self.session = session
    parameterCount = dimension
    metricNames = metrics
    agentCount = context.agentCount
    func keys(_ purpose: Purpose) -> Column<StreamKey> {
      let family = StreamFamily(seed: context.seed, replication: context.replication, purpose: purpose)
      return Column(context.nodes.map { family.key($0) })
    }
    dataKeys = keys(.data)
    initialKeys = keys(.initialParameters)
    testKeys = keys(.testEpisode)
    values = Column(repeating: .nan, count: context.agentCount * metrics.count)
    measuredPoint = Column(repeating: -1, count: 1)
  }

  var bytesHeld: Int { task.bytesHeld }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    session.initialise(node.index, seed: seed(initialKeys[node.index], at: 0), into: parameters)
  }

  // MARK: - Steps

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>) {
    session.step(
      step.node.index, attempt: step.attempt, seed: seed(dataKeys[step.node.index], at: step.attempt), at: parameters,
      sample: { task.write(step, to: $0) }, increment: increment)
  }

  func work(of node: NodeID) -> StepWork {
    session.compute(node.index)
    return StepWork(samples: session.samples[node.index])
  }

  func finish(_ node: NodeID) -> StepWork {
    let work = work(of: node)
    session.commit(node.index)
    return work
  }

  func abandon(_ node: NodeID) { session.abandon(node.index) }

  func forget(_ node: NodeID) { session.forget(node.index) }

  // MARK: - Memory

  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>) throws(RunMemoryFault) {
    // What is under way would change what is read.
    session.flush()
    try task.visit(&memory)
    try memory.column("steps under way", session.stages)
    try memory.column("samples of steps", session.samples)
    for agent in 0..<agentCount {
      try visit(&memory, agent, .ofAgent)
      if session.stages[agent] == .computed { try visit(&memory, agent, .ofLastStep) }
    }
  }

  func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {
    try visit(&memory, node.index, .ofAgent)
  }

  private func visit(
    _ memory: inout RunMemory, _ agent: Int, _ which: WorkerProtocol.State
  ) throws(RunMemoryFault) {
    var state = memory.isReading ? [] : session.save(agent, which)
    try memory.list("state in the learner's program", &state)
    if memory.isReading { session.restore(agent, which, state) }
  }

  // MARK: - Metrics and the task

  func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Double>,
    into values: borrowing Column<Double>
  ) {
    guard let place = metricNames.firstIndex(of: metric.name) else {
      for rank in 0..<values.count {
        values[rank] = squaredErrors(NodeID(rank), at: parameters + rank * parameterCount).toNetworkOptimum
      }
      return
    }
    if measuredPoint[0] != point {
      session.evaluate(
        at: parameters, seeds: { seed(testKeys[$0], at: UInt64(point)) }, into: self.values.base)
      measuredPoint[0] = point
    }
    for rank in 0..<values.count { values[rank] = self.values[rank * metricNames.count + place] }
  }

  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    task.squaredErrors(node, at: parameters)
  }

  func change(_ change: TaskChange, of nodes: [NodeID]) { task.change(change, of: nodes) }

  func count(_ nodes: [NodeID]) { task.count(nodes) }

  /// 64 bits that a worker may key its own randomness by.
  private func seed(_ key: StreamKey, at index: UInt64) -> UInt64 {
    var draws = Draws(key, at: index)
    return UInt64(draws.word()) << 32 | UInt64(draws.word())
  }
}
