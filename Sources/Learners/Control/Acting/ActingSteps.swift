// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// The steps of agents that act, from the parameters at which they are taken to what they take, and the tasks in which.
///
/// What belongs to one agent is touched by one thread at a time: by the run's between the ends and beginnings of the
/// agent's jobs, and by whoever does the job in between.
package final class ActingSteps: @unchecked Sendable {
  let tasks: ControlTasks
  /// The step of each agent that is under way or was the last.
  let underWay: Column<LocalStep>
  /// What it takes.
  let work: Column<StepWork>
  /// Where the gradient of each step goes.
  let gradients: Column<UnsafeMutablePointer<Float>>
  /// The parameters at which each step is taken (N × M).
  let frozen: Column<Float>
  /// M.
  let parameterCount: Int

  /// How many places on from its first task each agent is, and the task of the step under way.
  private let shifts: Column<Int>
  private let tasksUnderWay: Column<Int>

  /// - Parameters:
  ///   - nodes: agents, and nodes that have optimisers only.
  ///   - learners: how many of them act.
  init(_ tasks: ControlTasks, nodes: Int, learners: Int, parameterCount: Int) {
    self.tasks = tasks
    self.parameterCount = parameterCount
    underWay = Column((0..<nodes).map { LocalStep(NodeID($0), attempt: 0) })
    work = Column(repeating: StepWork(samples: 0), count: nodes)
    frozen = Column(repeating: 0, count: learners * parameterCount)
    gradients = Column(repeating: frozen.base, count: nodes)
    shifts = Column(repeating: 0, count: nodes)
    tasksUnderWay = Column(repeating: 0, count: nodes)
  }

  var bytesHeld: Int { frozen.count * MemoryLayout<Float>.stride }

  // MARK: - Tasks

  /// The position of an agent's task in the list.
  func task(of agent: Int) -> Int { tasks.position(agent: agent, shift: shifts[agent]) }

  /// The position of the task of the step under way.
  func taskUnderWay(of agent: Int) -> Int { tasksUnderWay[agent] }

  /// Lets agents take other tasks. What was measured, and whoever acts, is done with the old ones.
  func shift(_ nodes: [NodeID], by places: Int) { for node in nodes { shifts[node.index] += places } }

  // MARK: - Steps

  /// - Parameter gradient: where the gradient of the step is to be.
  func begin(_ step: LocalStep, at parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>) {
    let agent = step.node.index
    underWay[agent] = step
    tasksUnderWay[agent] = task(of: agent)
    gradients[agent] = gradient
    (frozen.base + agent * parameterCount).update(from: parameters, count: parameterCount)
  }

  /// The parameters at which the step of an agent is taken.
  func parameters(of agent: Int) -> UnsafePointer<Float> { UnsafePointer(frozen.base + agent * parameterCount) }

  /// The attempt of the step as part of the key of first states.
  func attempt(of agent: Int) -> UInt32 { UInt32(truncatingIfNeeded: underWay[agent].attempt) }

  /// The steps that are under way, which have been computed, but for their gradients, which stand in the increments of all
  /// nodes (N × M), and for the parameters at which they were taken.
  func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try memory.column("steps under way", underWay)
    try memory.column("work", work)
    try memory.column("places of tasks", shifts)
    try memory.column("tasks under way", tasksUnderWay)
    guard memory.isReading else { return }
    for node in 0..<gradients.count { gradients[node] = increments + node * parameterCount }
  }
}
