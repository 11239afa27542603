// SPDX-License-Identifier: GPL-3.0-or-later

/// The parameters of one agent at a time of its run, such as the policy that it ended with.
package struct KeptParameters: Sendable, Equatable {
  /// In the precision that agents learn in.
  package enum Values: Sendable, Equatable {
    case single([Float])
    case double([Double])
  }

  /// The name of the agent.
  package var agent: String
  /// Seconds of virtual time.
  package var time: Double
  package var values: Values

  /// Bytes of the values.
  package var bytes: Int {
    switch values {
    case .single(let values): values.count * MemoryLayout<Float>.stride
    case .double(let values): values.count * MemoryLayout<Double>.stride
    }
  }

  package init(agent: String, time: Double, values: Values) {
    self.agent = agent
    self.time = time
    self.values = values
  }
}

/// How well the policy of each agent does in every task when the run has ended.
public struct TaskReturns: Sendable, Codable, Equatable {
  /// The tasks by name.
  public var tasks: [String]
  /// The mean return of test episodes, a row for each agent in the order of names, a column for each task.
  public var returns: [[Double]]

  /// Returns by agent and task.
  public init(tasks: [String], returns: [[Double]]) {
    self.tasks = tasks
    self.returns = returns
  }
}
