// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records
import Theory

/// What the learners of linear regression have in common: minimisers, step sizes, initial parameters and errors.
struct RegressionAgents: ~Copyable {
  let dimension: Int
  let stepSize: Column<Double>
  private let truths: Column<Double>
  private let optimum: Column<Double>
  private let initial: InitialParameters
  /// What the network optimum follows from, but for the minimisers as they are now.
  private let task: LinearRegressionTask
  /// How often minimisers have moved (one number).
  private let moves: Column<UInt64>
  /// Whose costs the network optimum is of.
  private let isMember: Column<Bool>

  init(
    _ task: LinearRegressionTask, initial: InitialParameters.Choice, agents: [EntityKey], seed: UInt64,
    replication: UInt32
  ) {
    dimension = task.dimension
    stepSize = Column(task.stepSizes)
    truths = Column(task.truths)
    optimum = Column(task.networkOptimum)
    self.task = task
    moves = Column(repeating: 0, count: 1)
    isMember = Column(repeating: true, count: task.truths.count / task.dimension)
    self.initial = InitialParameters(
      initial, dimension: task.dimension, agents: agents, seed: seed, replication: replication)
  }

  var bytesHeld: Int { (truths.count + optimum.count) * MemoryLayout<Double>.stride }

  /// w°_k of an agent.
  func truth(_ node: NodeID) -> UnsafePointer<Double> { UnsafePointer(truths.base + node.index * dimension) }

  /// Asks memory for the minimiser and the step size of an agent.
  @inline(__always)
  func prefetch(_ node: NodeID) {
    prefetchLine(of: stepSize.base + node.index)
    // What comes behind the first lines of a long vector the processor sees coming.
    prefetchLines(of: truth(node), bytes: min(dimension, 32) * MemoryLayout<Double>.stride)
  }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    initial.write(node, into: parameters)
  }

  /// Whether minimisers have moved.
  var haveMoved: Bool { moves[0] > 0 }

  /// Moves the minimisers of some agents by a vector, and the network optimum with them.
  func move(_ nodes: [NodeID], by vector: [Double]) {
    moves[0] += 1
    for node in nodes { for entry in 0..<dimension { truths[node.index * dimension + entry] += vector[entry] } }
    let members = members
    if members.isSubset(of: nodes) {
      for entry in 0..<dimension { optimum[entry] += vector[entry] }
    } else {
      findOptimum()
    }
  }

  /// Has the network optimum be that of these agents from now on.
  func count(_ nodes: [NodeID]) {
    moves[0] += 1
    for rank in 0..<isMember.count { isMember[rank] = false }
    for node in nodes { isMember[node.index] = true }
    findOptimum()
  }

  private var members: Set<NodeID> { Set((0..<isMember.count).filter { isMember[$0] }.map { NodeID($0) }) }

  /// Finds the minimiser of all costs of members. Where there is none, nobody knows how far away it is.
  private func findOptimum() {
    let present = optimumOfMembers
    for entry in 0..<dimension { optimum[entry] = present?[entry] ?? .nan }
  }

  private var optimumOfMembers: [Double]? {
    let ranks = (0..<isMember.count).filter { isMember[$0] }
    guard !ranks.isEmpty else { return nil }
    let costs = QuadraticCosts(
      dimension: dimension, regressorVariances: ranks.map { task.regressorVariances[$0] },
      regressorCorrelations: ranks.map { task.regressorCorrelations[$0] },
      truths: ranks.flatMap { rank in (0..<dimension).map { truths[rank * dimension + $0] } })
    return try? costs.networkOptimum()
  }

  /// Minimisers that have moved; those of the start follow from the scenario.
  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("moves of minimisers", moves)
    guard haveMoved else { return }
    try memory.column("minimisers", truths)
    try memory.column("network optimum", optimum)
    try memory.column("members", isMember)
  }

  func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    let truth = truth(node)
    var errors = SquaredErrors()
    for index in 0..<dimension {
      let toOptimum = optimum[index] - parameters[index]
      let toTruth = truth[index] - parameters[index]
      errors.toNetworkOptimum += toOptimum * toOptimum
      errors.toOwnMinimiser += toTruth * toTruth
    }
    return errors
  }
}

extension LearnerFacts {
  /// The facts of learners of linear regression. They claim the recursions of LMS: another step sets `followsTheory` to
  /// false.
  ///
  /// - Parameter isRandom: whether steps draw anything.
  init(regression plan: LearningPlan, isRandom: Bool) {
    let count = plan.task.facts.parameterCount ?? 0
    self.init(parameterCount: count, metrics: MetricDefinition.ofEstimation)
    furtherMetrics = MetricDefinition.furtherOfEstimation
    self.isRandom = isRandom
    followsTheory = true
    startsVary = plan.learner.initial.varies
    startsApart = plan.learner.initial.apart
    sizeSaidBy = "task.dimension"
    // The agents' minimisers, as they learn and as they are measured, and the network optimum likewise.
    memory.perLearner = 2 * 8 * Double(count)
    memory.once = 2 * 8 * Double(count)
  }
}
