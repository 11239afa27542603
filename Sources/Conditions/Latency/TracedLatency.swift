// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

extension LatencyForm {
  /// A duration for each link that changes in time, from a file. Before the first value messages take no time.
  package static let trace = LatencyForm(
    "trace", "a duration for each link that changes in time, from a file; none before its first value",
    parameters: [
      Parameter(
        "trace", .trace(TraceForm(of: .links, "latency", .duration, .duration)), "of durations",
        example: "{file: latency.csv, values-unit: ms}")
    ],
    facts: { arguments in
      let greatest = arguments.linkTrace.valueRange.greatest
      return LatencyFacts(
        law: .constant(1), greatestScale: greatest, boundOfScale: greatest, changes: true, isSame: false)
    },
    links: { (arguments, draw) throws(ConditionError) in
      LinkLatencies(
        law: .constant(1), scales: Array(repeating: 0, count: draw.network.linkCount),
        trace: try arguments.linkTrace.series(draw, before: 0))
    })
}
