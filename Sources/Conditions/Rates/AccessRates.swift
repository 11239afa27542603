// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

extension BandwidthForm {
  /// A link carries what the slower of its two ends does. What an agent's access carries is not shared by its links.
  ///
  /// *Randomness*: `accessRate` of the agent, one draw at index 0.
  package static let betweenAgents = BandwidthForm(
    "between-agents", "a rate of each agent's access, drawn once per study; a link has the lesser of its two ends",
    parameters: [
      Parameter(
        "between-agents", .law(.rate), "what an agent's access carries",
        example: "{lognormal: {median: 10 Mbit/s, sigma: 1.15}}")
    ],
    facts: { arguments in
      let law = arguments.law("between-agents") ?? .constant(1)
      return BandwidthFacts(mean: law.mean, least: law.allButTheLeast)
    },
    links: { (arguments, draw) throws(ConditionError) in
      let law = arguments.law("between-agents") ?? .constant(1)
      let family = draw.family(.accessRate)
      let network = draw.network
      // No access carries less than a byte a second.
      let rates = network.keys.map { max(1, law.sample(family.key($0), at: 0)) }
      return LinkBandwidths(
        (0..<network.linkCount).map { link in
          min(rates[network.senders[link].index], rates[network.receivers[link].index])
        })
    })
}

extension LawRule {
  /// Rates in bytes a second.
  package static let rate = LawRule(kind: .rate, bounds: .rate, needsPositiveMean: true)
}

extension Distribution {
  /// What all but one in a thousand draws lie above, or a little less.
  fileprivate var allButTheLeast: Double {
    guard mean > 0 else { return 0 }
    var value = mean
    while value > max(support.lower, mean * 1e-9), cumulativeProbability(value) > 0.001 { value /= 1.25 }
    return max(value, support.lower)
  }
}
