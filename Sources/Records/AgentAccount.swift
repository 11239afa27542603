// SPDX-License-Identifier: GPL-3.0-or-later

/// How one agent spent its virtual time, in seconds; the five add up to the time for which it was there.
public struct AgentAccount: Sendable, Codable, Equatable {
  /// Of the agent.
  public var name: String
  /// Steps that it has completed.
  public var updates: UInt64
  /// In steps that were completed.
  public var useful: Double
  /// In steps that a crash discarded.
  package var wasted: Double
  /// In the step under way when the run ended.
  package var unfinished: Double
  /// Up, but not computing.
  public var waiting: Double
  /// Crashed.
  public var down: Double
  /// Of the time in steps, what changes of its speed took beyond what the work in it takes at its usual speed: negative
  /// where it was faster. Nothing where speeds do not change.
  public var slowed: Double?
  /// The mean squared distance to the network optimum over the final window of `until`, or at the last measurement
  /// where the run ended before that. Nothing where the optimum is not known.
  public var finalMSD: Double?
  /// The task of an agent that acts, by its name.
  public var task: String?
  /// Episodes that such an agent has learnt from.
  public var episodes: UInt64?
  /// Steps of these episodes.
  public var samples: UInt64?
  /// The mean return of its policy in its own task over the final window, of test episodes.
  public var finalReturn: Double?
  /// The mean over the final window of what else the learner keeps of every agent, by the names of the metrics; nothing
  /// where that is none.
  public var finals: [String: Double]?
  /// What it sent and heard. This and what follows is kept with records of links or of energy only.
  public var messages: AgentMessages?
  /// What `wasted` and `down` were lost to, by the names of the causes; those that never took it down are not there.
  public var causes: [AgentCause]?
  /// What it waited for.
  public var waits: AgentWaits?
  /// The energy that it took, in joules; nothing where none is counted.
  public var joules: Double?

  package init(
    name: String, updates: UInt64, useful: Double, wasted: Double, unfinished: Double, waiting: Double, down: Double,
    slowed: Double? = nil, finalMSD: Double?, task: String? = nil, episodes: UInt64? = nil, samples: UInt64? = nil,
    finalReturn: Double? = nil, finals: [String: Double]? = nil, messages: AgentMessages? = nil,
    causes: [AgentCause]? = nil, waits: AgentWaits? = nil, joules: Double? = nil
  ) {
    self.name = name
    self.updates = updates
    self.useful = useful
    self.wasted = wasted
    self.unfinished = unfinished
    self.waiting = waiting
    self.down = down
    self.slowed = slowed
    self.finalMSD = finalMSD
    self.task = task
    self.episodes = episodes
    self.samples = samples
    self.finalReturn = finalReturn
    self.finals = finals
    self.messages = messages
    self.causes = causes
    self.waits = waits
    self.joules = joules
  }
}
