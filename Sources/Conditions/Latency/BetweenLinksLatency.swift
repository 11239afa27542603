// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

extension LatencyForm {
  /// A typical value of each link times a factor of each message.
  ///
  /// *Randomness*: `linkLatency` of the link, one draw at index 0.
  package static let betweenLinks = LatencyForm(
    "between-links", "a typical value of each link, drawn once per study, times a factor of each message",
    parameters: [
      Parameter(
        "between-links", .law(.duration), "what is typical of a link", example: "{lognormal: {mean: 90 ms, cv: 0.7}}"),
      Parameter("within-link", .law(.factor), "factor of each message", .otherwise(.special(Distribution.constant(1)))),
    ],
    facts: { arguments in
      let typical = arguments.law("between-links") ?? .constant(0)
      return LatencyFacts(
        law: arguments.law("within-link") ?? .constant(1), greatestScale: typical.allButFew,
        boundOfScale: typical.support.upper, isSame: false)
    },
    links: { (arguments, draw) throws(ConditionError) in
      let family = draw.family(.linkLatency)
      let typical = arguments.law("between-links") ?? .constant(0)
      let scales = (0..<draw.network.linkCount).map {
        typical.sample(family.key(draw.network.key(LinkID($0))), at: 0)
      }
      return LinkLatencies(law: arguments.law("within-link") ?? .constant(1), scales: scales)
    })
}

extension Distribution {
  /// What all but one in a thousand draws lie below, or a little more.
  var allButFew: Double {
    guard mean > 0 else { return 0 }
    var value = min(mean, support.upper)
    while value < support.upper, cumulativeProbability(value) < 0.999 { value *= 1.25 }
    return min(value, support.upper)
  }
}
