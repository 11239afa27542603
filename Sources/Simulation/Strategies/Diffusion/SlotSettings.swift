// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Slotted timing: slot i begins at time i (in slots). Active agents adapt in its first quarter, everybody sends at
/// one quarter, everybody combines what has arrived at three quarters. Quarters end at whole nanoseconds.
///
/// With Bernoulli agents and links this is the asynchronous model of Zhao and Sayed, "Asynchronous adaptation and
/// learning over networks, part I", 2015.
package struct SlotSettings: Sendable, Equatable {
  /// What an agent leaves out in a slot in which it is not active.
  package enum Activity: String, Sendable, CaseIterable {
    /// Its local step only; it sends and combines in every slot.
    case compute
    /// Everything: it neither adapts nor sends nor combines, and what arrives is lost to it.
    case sleep
    /// Its step and its combination; it sends, so that active neighbours can read its estimate.
    case pull
  }

  /// The length of a slot.
  package var duration: VirtualDuration
  package var activity: Activity
  /// The probability q_k that an agent is active in a slot, independent over agents and slots.
  package var activeProbability: PerAgent
  /// τ: a combination uses the neighbours' messages of τ slots ago.
  package var messageDelay: Int
  /// A step uses the gradient at the agent's parameters of so many slots ago.
  package var gradientDelay: Int

  package init(
    duration: VirtualDuration = VirtualDuration(seconds: 1), activity: Activity = .compute,
    activeProbability: PerAgent = .law(.constant(1)),
    messageDelay: Int = 0, gradientDelay: Int = 0
  ) {
    self.duration = duration
    self.activity = activity
    self.activeProbability = activeProbability
    self.messageDelay = messageDelay
    self.gradientDelay = gradientDelay
  }
}
