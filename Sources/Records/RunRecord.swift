// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What a run leaves behind: plain values in linear units and seconds.
public struct RunRecord: Sendable, Codable, Equatable {
  /// Which run this is.
  public struct Identity: Sendable, Codable, Hashable {
    /// The variant of the scenario.
    public var arm: String
    /// From zero.
    public var replication: Int
    /// Of all randomness of the study.
    public var seed: UInt64

    package init(arm: String, replication: Int, seed: UInt64) {
      self.arm = arm
      self.replication = replication
      self.seed = seed
    }
  }

  /// Why a run ended.
  public enum Ending: String, Sendable, Codable, BitwiseCopyable {
    /// The virtual time asked for was reached.
    case until
    /// The budget of updates, samples or bytes was spent.
    case budget
    /// Nobody could proceed any more; what has not been reached by then is censored.
    case stalled
  }

  /// One metric on the grid.
  public struct Series: Sendable, Codable, Equatable {
    /// The name of the metric.
    public var metric: String
    /// One for each point of the grid.
    public var values: [Double]

    package init(metric: String, values: [Double]) {
      self.metric = metric
      self.values = values
    }
  }

  /// What it took to reach the target.
  public struct TargetReached: Sendable, Codable, Equatable {
    /// Seconds of virtual time.
    public var time: Double
    /// Mean updates per agent, up or down.
    public var updates: Double
    /// Messages that links have transmitted.
    public var messages: Double
    /// Bytes sent.
    public var bytes: Double
    /// Joules of all agents; nothing where energy is not counted.
    public var joules: Double?

    package init(time: Double, updates: Double, messages: Double, bytes: Double, joules: Double? = nil) {
      self.time = time
      self.updates = updates
      self.messages = messages
      self.bytes = bytes
      self.joules = joules
    }
  }

  /// How long a branch of a fork took until it was what it would have been.
  package struct Recovery: Sendable, Equatable {
    /// Of virtual time; until the end of a run that has not recovered.
    package var seconds: Double
    /// Whether it has.
    package var isComplete: Bool

    package init(seconds: Double, isComplete: Bool) {
      self.seconds = seconds
      self.isComplete = isComplete
    }
  }

  /// Which run this is.
  public var identity: Identity
  /// A digest of every event and every measured number: equal for runs that are equal.
  public var fingerprint: UInt64
  /// Why it ended.
  public var ending: Ending
  /// When the run ended, seconds of virtual time.
  public var endTime: Double
  /// When measurements were taken, seconds.
  public var grid: [Double]
  /// What was measured on the grid.
  public var series: [Series]
  /// The mean of each metric over the final window.
  public var finals: [String: Double]
  /// Nothing if the target was never reached (censored at `endTime`), or there is none.
  public var target: TargetReached?
  package var messages: MessageFates
  package var staleness: Staleness
  /// How each agent spent its time, in the order of their names.
  public var agents: [AgentAccount]
  package var engine: EngineCounts
  /// How well the final policy of each agent does in every task, where the scenario asks for it.
  public var taskReturns: TaskReturns?
  /// The parameters that the scenario wants kept, by time and in the order of the agents' names; not part of the
  /// record as JSON.
  package var parameters: [KeptParameters] = []
  /// Combination matrices as the agents have realised them, where the scenario wants them kept; not part of the record as
  /// JSON.
  package var windows: [RealisedWindow] = []
  /// Of a run of a fork: a digest of every event before the time from which on branches differ.
  package var prefix: UInt64?
  /// Of a branch of a fork, where it is compared with the run as it was; results do not keep it.
  package var recovery: Recovery?
  /// The accounts of all links, where the scenario wants them kept; not part of the record as JSON.
  package var links: LinkAccounts?

  package init(
    identity: Identity, fingerprint: UInt64, ending: Ending, endTime: Double, grid: [Double], series: [Series],
    finals: [String: Double], target: TargetReached?, messages: MessageFates, staleness: Staleness,
    agents: [AgentAccount], engine: EngineCounts, taskReturns: TaskReturns? = nil, parameters: [KeptParameters] = [],
    windows: [RealisedWindow] = [], links: LinkAccounts? = nil
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
    self.windows = windows
    self.links = links
  }

  private enum CodingKeys: String, CodingKey {
    case identity, fingerprint, ending, endTime, grid, series, finals, target, messages, staleness, agents, engine
    case taskReturns
  }
}
