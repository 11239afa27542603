// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// How links lose messages: in one way or in several. A message is lost if any of them loses it.
package struct LossSettings: Sendable, Equatable {
  /// The ways, of which the first that loses a message is the cause.
  package var parts: [LinkSetting<LossForm>]

  package init(_ parts: [LinkSetting<LossForm>]) { self.parts = parts }

  /// Nothing is ever lost.
  package static let never = LossSettings.independent(.never)

  /// Every message by itself, with one probability.
  package static func independent(_ probability: Probability) -> LossSettings {
    LossSettings([LinkSetting(.independent, ["probability": .number(probability.value)])])
  }

  private var facts: [LossFacts] { parts.map { $0.form.facts($0.arguments) } }

  /// Whether any message can be lost.
  package var canLose: Bool { mean > 0 }

  /// The share of messages that is lost, over all links and a long time, before links are known.
  package var mean: Double { facts.reduce(0) { $0 + $1.mean - $0 * $1.mean } }

  /// Whether any of it changes in time, as a file says.
  package var changes: Bool { facts.contains(where: \.changes) }

  /// The probability of every message on every link, where each is lost independently of all others; nothing where
  /// losses depend on each other, or links differ.
  package var independent: Double? {
    var kept = 1.0
    for fact in facts {
      guard let probability = fact.independent else { return nil }
      if facts.count == 1 { return probability }
      kept *= 1 - probability
    }
    return 1 - kept
  }

  /// The bursts in which messages are lost.
  package var bursts: [BurstLaw] { facts.compactMap(\.burst).filter { $0.share > 0 } }

  /// Whether nothing but one probability for all says what is lost.
  package var isPlain: Bool { parts.count == 1 && parts[0].form.isPlain }

  /// The ways on the links of a network.
  package func layers(_ draw: LinkDraw) throws(ConditionError) -> [LossLayer] {
    var layers: [LossLayer] = []
    for part in parts { layers.append(try part.form.layer(part.arguments, draw)) }
    return layers
  }
}

extension [LossLayer] {
  /// The share of messages that a link loses in the long run, as far as its ways are independent of each other.
  package func mean(_ link: Int) -> Double { 1 - reduce(1) { $0 * (1 - $1.mean(link)) } }
}
