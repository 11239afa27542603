// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// A control task without its type, whose episodes are played one at a time in states that lie where the caller has room.
///
/// Agents whose environment lives on from step to step keep such states for themselves: as bytes, which are copied, kept
/// for replay and written down without anybody knowing what they mean. What the agent sees of a state is a function of
/// it, so that nobody has to keep observations.
///
/// The functions are made where the task is known, so that its physics are compiled for it.
package struct SoloTask: Sendable {
  /// The bytes from one state to the next where several lie in a row; a multiple of the alignment.
  package let stride: Int
  /// What the address of a state is a multiple of.
  package let alignment: Int
  /// Writes a state to start an episode from.
  package let start: @Sendable (_ state: UnsafeMutableRawPointer, _ draws: inout Draws) -> Void
  /// Takes one step with an action in single precision.
  package let step: @Sendable (_ state: UnsafeMutableRawPointer, _ action: UnsafePointer<Float>) -> Transition
  /// Writes what the agent sees of a state.
  package let observe: @Sendable (_ state: UnsafeRawPointer, _ observation: UnsafeMutablePointer<Float>) -> Void
  /// The number of a state, where they are finitely many.
  package let stateNumber: @Sendable (_ state: UnsafeRawPointer) -> Int

  init<Task: ControlTask>(_ task: Task) {
    stride = MemoryLayout<Task.State>.stride
    alignment = MemoryLayout<Task.State>.alignment
    start = { state, draws in
      state.initializeMemory(as: Task.State.self, to: task.start(&draws))
    }
    step = { state, action in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: Task.actionCount) { numbers in
        guard let numbers = numbers.baseAddress else { preconditionFailure("An action has numbers.") }
        for index in 0..<Task.actionCount { numbers[index] = Double(action[index]) }
        return task.step(&state.assumingMemoryBound(to: Task.State.self).pointee, action: numbers)
      }
    }
    observe = { state, observation in
      task.observe(state.assumingMemoryBound(to: Task.State.self).pointee, into: observation)
    }
    stateNumber = { state in task.stateNumber(of: state.assumingMemoryBound(to: Task.State.self).pointee) }
  }
}
