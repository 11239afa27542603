// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What a run leaves behind: plain values in linear units and seconds.
package struct RunRecord: Sendable, Codable, Equatable {
  /// Which run this is.
  package struct Identity: Sendable, Codable, Hashable {
    package var arm: String
    /// From zero.
    package var replication: Int
    package var seed: UInt64

    package init(arm: String, replication: Int, seed: UInt64) {
      self.arm = arm
      self.replication = replication
      self.seed = seed
    }
  }

  /// Why a run ended.
  package enum Ending: String, Sendable, Codable, BitwiseCopyable {
    /// The virtual time asked for was reached.
    case until
    /// The budget of updates, samples or bytes was spent.
    case budget
    /// Nobody could proceed any more; what has not been reached by then is censored.
    case stalled
  }

  /// One metric on the grid.
  package struct Series: Sendable, Codable, Equatable {
    package var metric: String
    package var values: [Double]

    package init(metric: String, values: [Double]) {
      self.metric = metric
      self.values = values
    }
  }

  /// What it took to reach the target.
  package struct TargetReached: Sendable, Codable, Equatable {
    /// Seconds of virtual time.
    package var time: Double
    /// Mean updates per agent, up or down.
    package var updates: Double
    package var messages: Double
    package var bytes: Double

    package init(time: Double, updates: Double, messages: Double, bytes: Double) {
      self.time = time
      self.updates = updates
      self.messages = messages
      self.bytes = bytes
    }
  }

  package var identity: Identity
  package var fingerprint: UInt64
  package var ending: Ending
  /// When the run ended, seconds of virtual time.
  package var endTime: Double
  /// When measurements were taken, seconds.
  package var grid: [Double]
  package var series: [Series]
  /// The mean of each metric over the final window.
  package var finals: [String: Double]
  /// Nothing if the target was never reached (censored at `endTime`), or there is none.
  package var target: TargetReached?
  package var messages: MessageFates
  package var staleness: Staleness
  package var agents: [AgentAccount]
  package var engine: EngineCounts
  /// How well the final policy of each agent does in every task, where the scenario asks for it.
  package var taskReturns: TaskReturns?
  /// The parameters that the scenario wants kept, by time and in the order of the agents' names; not part of the
  /// record as JSON.
  package var parameters: [KeptParameters] = []

  package init(
    identity: Identity, fingerprint: UInt64, ending: Ending, endTime: Double, grid: [Double], series: [Series],
    finals: [String: Double], target: TargetReached?, messages: MessageFates, staleness: Staleness,
    agents: [AgentAccount], engine: EngineCounts, taskReturns: TaskReturns? = nil, parameters: [KeptParameters] = []
  ) {
    self.identity = identity
    self.fingerprint = fingerprint
    self.ending = ending
    self.endTime = endTime
    self.grid = grid
    self.series = series
    self.finals = finals
    self.target = target
    self.messages = messages
    self.staleness = staleness
    self.agents = agents
    self.engine = engine
    self.taskReturns = taskReturns
    self.parameters = parameters
  }

  private enum CodingKeys: String, CodingKey {
    case identity, fingerprint, ending, endTime, grid, series, finals, target, messages, staleness, agents, engine
    case taskReturns
  }
}
