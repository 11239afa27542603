// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// One way in which links lose messages. A form is one file in `Loss/` that makes one of these, and a line in `all`.
package struct LossForm: LinkForm {
  package let name: String
  package let meaning: String
  package let source: String?
  package let parameters: [Parameter]
  package let isPlain: Bool
  package let check: @Sendable (Arguments) -> Fault?
  /// What is known of it before links are known.
  let facts: @Sendable (Arguments) -> LossFacts
  /// What it does on the links of a network.
  let layer: @Sendable (Arguments, LinkDraw) throws(ConditionError) -> LossLayer

  init(
    _ name: String, _ meaning: String, source: String? = nil, parameters: [Parameter], isPlain: Bool = false,
    check: @escaping @Sendable (Arguments) -> Fault? = { _ in nil },
    facts: @escaping @Sendable (Arguments) -> LossFacts,
    layer: @escaping @Sendable (Arguments, LinkDraw) throws(ConditionError) -> LossLayer
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.isPlain = isPlain
    self.check = check
    self.facts = facts
    self.layer = layer
  }

  /// All forms: a new one is a file of its own and a line here.
  package static let all: [LossForm] = [.independent, .burst, .oneWay, .matrix, .trace]
}

/// What is known of a loss before links are known.
package struct LossFacts: Sendable, Equatable {
  /// The share of messages that is lost, over all links and a long time.
  package var mean: Double
  /// The probability of every message on every link, where each is lost independently of all others.
  package var independent: Double?
  /// The states that it goes through, where losses come in bursts.
  package var burst: BurstLaw?
  /// Whether the probabilities change in time, as a file says.
  package var changes = false
}

/// One loss on the links of a network.
package struct LossLayer: Sendable {
  /// The probability that a message is lost, but for bursts and traces.
  package var probability: LinkNumbers
  package var burst: BurstLaw?
  /// Takes the place of `probability`.
  package var trace: LinkSeries?

  package init(_ probability: LinkNumbers, burst: BurstLaw? = nil, trace: LinkSeries? = nil) {
    (self.probability, self.burst, self.trace) = (probability, burst, trace)
  }

  /// The share of messages that a link loses in the long run.
  package func mean(_ link: Int) -> Double {
    if let trace { return trace.mean(link) }
    guard let burst else { return probability[link] }
    return burst.share * burst.whenBad + (1 - burst.share) * probability[link]
  }
}
