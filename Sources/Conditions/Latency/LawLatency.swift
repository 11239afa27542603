// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

extension LatencyForm {
  /// One law for every link.
  package static let law = LatencyForm(
    "law", "a duration, or a law that every message is drawn from",
    parameters: [Parameter("law", .law(.duration), "how long a message travels", example: "20 ms")], isPlain: true,
    facts: { LatencyFacts(law: $0.law("law") ?? .constant(0)) },
    links: { (arguments, _) throws(ConditionError) in
      LinkLatencies(law: arguments.law("law") ?? .constant(0), scales: [])
    })
}

extension Arguments {
  /// A law, where it was given.
  func law(_ name: String) -> Distribution? { self[name]?.law }
}
