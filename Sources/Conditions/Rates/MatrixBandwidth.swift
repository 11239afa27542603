// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension BandwidthForm {
  /// A rate for each link, from a file.
  package static let matrix = BandwidthForm(
    "matrix", "a rate for each link, from a file",
    parameters: [
      Parameter(
        "matrix", .linkMatrix(MatrixForm(.rate, .positiveRate)), "of rates", example: "{file: rates.csv, unit: Mbit/s}")
    ],
    facts: { arguments in
      let range = arguments.matrixRange
      return BandwidthFacts(mean: range.mean, least: range.least)
    },
    links: { (arguments, draw) throws(ConditionError) in LinkBandwidths(try arguments.matrixNumbers(draw)) })
}
