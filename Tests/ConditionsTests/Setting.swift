// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness

/// Agents a and b with one edge: link 0 leads from b to a, link 1 from a to b.
func pair() throws -> Network { try Network(names: ["a", "b"], edges: [.init("a", "b")]) }

/// Agents agent-0, agent-1, … without edges.
func loners(_ count: Int) throws -> Network { try Network(names: (0..<count).map { "agent-\($0)" }, edges: []) }

/// The links of two agents.
func links(_ settings: LinkSettings, seed: UInt64 = 1) throws -> Transmissions {
  let network = try pair()
  return try Transmissions(
    settings, latencies: try LinkLatencies(settings.latency, network: network), network: network, acknowledges: true,
    seed: seed, replication: 0)
}
