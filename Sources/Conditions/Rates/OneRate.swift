// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension BandwidthForm {
  /// One rate for every link.
  package static let rate = BandwidthForm(
    "rate", "what every directed link carries",
    parameters: [Parameter("rate", .bandwidth, "of each directed link", example: "10 Mbit/s")], isPlain: true,
    facts: { arguments in
      let rate = arguments.rate
      return BandwidthFacts(mean: rate.bytesPerSecond, least: rate.bytesPerSecond, same: rate)
    }, links: { (arguments, _) throws(ConditionError) in LinkBandwidths(same: arguments.rate) })
}

extension Arguments {
  fileprivate var rate: Bandwidth {
    guard let rate = self["rate"]?.bandwidth else { preconditionFailure("A rate has been given.") }
    return rate
  }
}
