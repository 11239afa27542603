// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

extension LossForm {
  /// One of the two directions of every edge loses messages; a link without one in the other direction loses with
  /// probability one half.
  ///
  /// *Randomness*: `oneWay` of the edge, one uniform number at index 0.
  package static let oneWay = LossForm(
    "one-way", "every edge loses messages in one direction only, drawn once per study",
    parameters: [Parameter("share", .probability, "probability that a message is lost in this direction")],
    facts: { arguments in
      let probability = arguments.number("share") ?? 0
      return LossFacts(mean: probability / 2, independent: probability == 0 ? 0 : nil)
    },
    layer: { (arguments, draw) throws(ConditionError) in
      let network = draw.network
      let family = draw.family(.oneWay)
      let probability = arguments.number("share") ?? 0
      let values = (0..<network.linkCount).map { link in
        let isLow = network.senders[link] < network.receivers[link]
        let losesUpwards = family.key(network.edgeKey(LinkID(link))).uniform(at: 0) < 0.5
        return isLow == losesUpwards ? probability : 0
      }
      return LossLayer(LinkNumbers(values))
    })
}

extension Network {
  /// What the streams of an edge are keyed by, whichever of its links is asked for: the link from its first end by name.
  func edgeKey(_ link: LinkID) -> EntityKey {
    let (sender, receiver) = (senders[link.index], receivers[link.index])
    return EntityKey(from: keys[min(sender, receiver).index], to: keys[max(sender, receiver).index])
  }
}
