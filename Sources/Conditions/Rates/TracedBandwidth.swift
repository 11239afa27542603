// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension BandwidthForm {
  /// A rate for each link that changes in time, from a file. Before the first value a link has no limit; where the value
  /// is zero it carries nothing, and what it has begun waits.
  package static let trace = BandwidthForm(
    "trace",
    "a rate for each link that changes in time, from a file; 0 holds messages up, before the first value there is no limit",
    parameters: [
      Parameter(
        "trace", .trace(TraceForm(of: .links, "bandwidth", .rate, .rate)), "of rates",
        example: "{file: rates.csv, values-unit: Mbit/s}")
    ],
    facts: { arguments in
      let mean = arguments.linkTrace.valueRange.mean
      return BandwidthFacts(mean: mean, least: mean)
    },
    links: { (arguments, draw) throws(ConditionError) in
      LinkBandwidths(
        try arguments.linkTrace.series(draw, before: LinkSeries.unlimitedRate), links: draw.network.linkCount)
    })
}
