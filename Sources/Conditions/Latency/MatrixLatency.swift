// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

extension LatencyForm {
  /// What a matrix of durations says of.
  private enum Trip: String, CaseIterable {
    case oneWay = "one-way"
    case roundTrip = "round-trip"
  }

  /// A typical value of each link from a file, times a factor of each message.
  package static let matrix = LatencyForm(
    "matrix", "a typical value for each link, from a file, times a factor of each message",
    parameters: [
      Parameter(
        "matrix",
        .linkMatrix(
          MatrixForm(
            .duration, .duration,
            further: [
              Parameter(
                "is", .choice(Trip.allCases.map(\.rawValue)), "what the numbers are; half of a round trip is one way",
                .otherwise(.text(Trip.oneWay.rawValue))),
              Parameter(
                "jitter", .law(.factor), "factor of each message", .otherwise(.special(Distribution.constant(1)))),
            ])), "of durations", example: "{file: king.csv, unit: ms, is: round-trip}")
    ],
    facts: { arguments in
      let greatest = arguments.matrixRange.greatest * arguments.shareOfTrip
      return LatencyFacts(law: arguments.jitter, greatestScale: greatest, boundOfScale: greatest, isSame: false)
    },
    links: { (arguments, draw) throws(ConditionError) in
      let share = arguments.shareOfTrip
      return LinkLatencies(law: arguments.jitter, scales: try arguments.matrixNumbers(draw).map { $0 * share })
    })
}

extension Arguments {
  /// How much of a number of the matrix is one way.
  fileprivate var shareOfTrip: Double { matrix.said.text("is") == "round-trip" ? 0.5 : 1 }

  fileprivate var jitter: Distribution { matrix.said.law("jitter") ?? .constant(1) }
}
