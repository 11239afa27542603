// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Where one agent stands, as far as events ask for it: one cache line. What the agent has learnt is kept elsewhere, in the
/// run's rows of parameters.
struct AgentState: BitwiseCopyable {
  /// Bumped by a crash; events of an older incarnation die.
  var incarnation: UInt32 = 0
  var isUp = true
  var isComputing = false
  /// Whether a step was asked for while one was running.
  var owesStep = false
  var hasRequestedCombine = false
  /// What the agent will have forgotten when it comes up (`FailureSettings.Recovery.forgetfulness`).
  var forgetfulness: UInt8 = 0
  /// The phase of the step under way or, between steps, of the next.
  var phase: UInt8 = 0
  /// Whether the latest attempt still has phases to begin or to end.
  var isAttempting = false
  /// Local steps started, crashed ones included; data and compute times are keyed by it. The phases of a step are one
  /// attempt.
  var attempts: UInt64 = 0
  /// Local steps completed.
  var updates: UInt64 = 0
  /// Episodes and samples of these steps.
  var episodes: UInt64 = 0
  var samples: UInt64 = 0
  /// When the step under way started, or when the outage did.
  var since = VirtualTime.zero
  var useful = VirtualDuration.zero
}

/// What outages have made of one agent; asked for when it goes down or comes up.
struct DownState: BitwiseCopyable {
  /// How many causes hold the agent down.
  var causes: UInt32 = 0
  /// Outages so far, whatever brought them.
  var outages: UInt32 = 0
  /// The checkpoint to which the agent comes back from an outage that takes it there (`Checkpoints`).
  var checkpoint: UInt32?
  var wasted = VirtualDuration.zero
  var down = VirtualDuration.zero
}
