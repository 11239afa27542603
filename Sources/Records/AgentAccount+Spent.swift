// SPDX-License-Identifier: GPL-3.0-or-later

/// Messages of an agent.
public struct AgentMessages: Sendable, Codable, Equatable {
  /// Messages that it handed to its links, copies left out, and bytes that went onto them, acknowledgements included.
  package var sent: UInt64
  package var bytesSent: UInt64
  /// Messages that came while it was up, and their bytes with those of acknowledgements.
  package var heard: UInt64
  package var bytesHeard: UInt64

  package init(sent: UInt64 = 0, bytesSent: UInt64 = 0, heard: UInt64 = 0, bytesHeard: UInt64 = 0) {
    self.sent = sent
    self.bytesSent = bytesSent
    self.heard = heard
    self.bytesHeard = bytesHeard
  }
}

/// What an agent lost to one cause of crashes.
public struct AgentCause: Sendable, Codable, Equatable {
  /// The name of the cause, as in traces.
  package var cause: String
  /// Seconds in steps that its crashes discarded.
  package var wasted: Double
  /// Seconds in the outages that it began, whatever else held the agent down before they ended.
  package var down: Double
  /// Messages to the agent that came, or lay unread, in such an outage: part of those to dead agents. Nothing in files
  /// that did not count them.
  package var messages: UInt64?

  package init(cause: String, wasted: Double, down: Double, messages: UInt64? = 0) {
    self.cause = cause
    self.wasted = wasted
    self.down = down
    self.messages = messages
  }
}

/// What an agent waited for, in seconds; the five add up to its time waiting.
public struct AgentWaits: Sendable, Codable, Equatable {
  /// For estimates of its neighbours: a barrier, or the rule `wait`.
  package var neighbours: Double
  /// For a fusion centre.
  package var centre: Double
  /// For the time of its next step, as a clock or its slot says it.
  package var clock: Double
  /// In slots that it slept through.
  package var asleep: Double
  /// While the timeline let it stand still.
  package var paused: Double

  package init(
    neighbours: Double = 0, centre: Double = 0, clock: Double = 0, asleep: Double = 0, paused: Double = 0
  ) {
    self.neighbours = neighbours
    self.centre = centre
    self.clock = clock
    self.asleep = asleep
    self.paused = paused
  }

  /// All of it.
  package var all: Double { neighbours + centre + clock + asleep + paused }
}
