// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension LossForm {
  /// Every message by itself, with one probability.
  package static let independent = LossForm(
    "independent", "every message is lost by itself, with one probability",
    parameters: [Parameter("probability", .probability, "that a message is lost", example: "5 %")], isPlain: true,
    facts: { arguments in
      let probability = arguments.number("probability") ?? 0
      return LossFacts(mean: probability, independent: probability)
    },
    layer: { (arguments, _) throws(ConditionError) in
      LossLayer(LinkNumbers(same: arguments.number("probability") ?? 0))
    })
}
