// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension LossForm {
  /// A probability for each link, from a file.
  package static let matrix = LossForm(
    "matrix", "a probability for each link, from a file",
    parameters: [
      Parameter(
        "matrix", .linkMatrix(MatrixForm(.share, .share)), "of probabilities", example: "{file: loss.csv, unit: \"%\"}")
    ],
    facts: { arguments in
      let range = arguments.matrixRange
      return LossFacts(mean: range.mean, independent: range.greatest == 0 ? 0 : nil)
    },
    layer: { (arguments, draw) throws(ConditionError) in LossLayer(LinkNumbers(try arguments.matrixNumbers(draw))) })
}
