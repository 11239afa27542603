// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension LossForm {
  /// A probability for each link that changes in time, from a file. Before the first value nothing is lost.
  package static let trace = LossForm(
    "trace", "a probability for each link that changes in time, from a file; none before its first value",
    parameters: [
      Parameter(
        "trace", .trace(TraceForm(of: .links, "loss", .share, .share)), "of probabilities",
        example: "{file: loss.csv, values-unit: \"%\"}")
    ],
    facts: { arguments in
      let values = arguments.linkTrace.valueRange
      return LossFacts(mean: values.mean, independent: values.greatest == 0 ? 0 : nil, changes: true)
    },
    layer: { (arguments, draw) throws(ConditionError) in
      LossLayer(LinkNumbers(same: 0), trace: try arguments.linkTrace.series(draw, before: 0))
    })
}
