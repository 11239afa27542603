// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// What the replications of one arm say together. Replications are the sample, never time points.
package struct ArmSummary: Sendable, Encodable, Equatable {
  /// A metric over the final window, averaged over replications in linear units; decibels come last.
  package struct Final: Sendable, Encodable, Equatable {
    package var metric: String
    let definition: MetricDefinition
    package var mean: Double
    /// The 95 % interval of the mean, Student's corrected for skewness; nothing for fewer than two replications.
    package var interval: Interval?
    /// 10 log₁₀ of the mean; nothing for a metric that is not read in decibels.
    package var decibels: Double?
    package var decibelsInterval: Interval?
    /// Runs that leave the metric undefined because nobody was up in the final window; nothing where there are none.
    package var runsWithNobodyUp: Int?

    private enum CodingKeys: String, CodingKey {
      case metric, mean, interval, decibels, decibelsInterval, runsWithNobodyUp
    }
  }

  /// What it took to reach the target. Runs that never did are censored where they ended, never averaged.
  package struct ToTarget: Sendable, Codable, Equatable {
    /// Runs that reached the target.
    package var reached: Int
    package var runs: Int
    /// The Kaplan–Meier median in seconds of virtual time; nothing if half of the runs never reached the target.
    package var medianTime: Double?
    /// An interval of 95 % or more of the median; the upper end is infinite where censoring leaves it open. Nothing for
    /// fewer than six runs.
    package var interval: Interval?
    /// The lower end of a median that was not reached: of its interval, or without one the first end of a run that
    /// never reached the target; nothing where there is a median.
    package var medianAtLeast: Double?
    /// Runs that ended beyond the target before three measurements in a row could tell; nothing where there are none.
    package var cutShort: Int?
    /// The mean time in seconds, for which a run that never reached the target counts with the end of its arm. Arms are
    /// ranked by it, and compared by it but for runs that spent a budget.
    package var meanTime: Double
    /// The mean of the lesser of the time to target and `restrictedTo`, in seconds.
    package var restrictedMean: Double
    package var restrictedTo: Double
    /// Kaplan–Meier medians of mean updates per agent, messages and bytes of all agents; nothing if half of the
    /// runs never reached the target.
    package var medianUpdates: Double?
    package var medianMessages: Double?
    package var medianBytes: Double?
    /// The same of mean episodes per agent; nothing where agents learn from no episodes.
    package var medianEpisodes: Double?
  }

  package var name: String
  package var runs: Int
  package var finals: [Final]
  /// Nothing if the arm has no target.
  package var toTarget: ToTarget?
  /// How the policies of agents that act end; nothing for other agents.
  package var returns: AgentReturns?
  /// Mean age of neighbours' estimates when combined, in sender updates and in seconds; nothing if none was.
  package var stalenessUpdates: Double?
  package var stalenessSeconds: Double?
  /// Lost messages over messages sent; nothing if none was.
  package var lostShare: Double?
  /// Time spent up but not computing over time spent up.
  package var waitingShare: Double?
  /// Share of time that agents are up; nothing where nobody was ever down.
  package var upShare: Double?
  /// Updates per agent and run: the mean, and the mean over runs of the agent with the least.
  package var updatesMean: Double
  package var updatesLeast: Double
  /// Episodes per agent and run that agents have learnt from; nothing where they learn from none.
  package var episodesMean: Double?
  /// Means over runs of what all agents together used and sent.
  package var samples: Double
  package var messages: Double
  package var bytes: Double
  /// Runs that ended because nobody could proceed.
  package var stalled: Int
  /// Runs that diverged by one of their metrics.
  package var diverged: Int
  /// Runs in which nobody was up in the final window; they are in no mean over live agents.
  package var nobodyUp: Int
  /// Seconds of real time, all runs together.
  package var wallSeconds: Double

  /// The final value of a metric, if the runs measured it.
  package func final(_ metric: String) -> Final? { finals.first { $0.metric == metric } }
}
