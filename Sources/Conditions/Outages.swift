// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// When agents crash and recover: an alternating renewal process per agent, the same in every arm.
///
/// *Randomness*: `upTime` and `downTime` of the agent, one draw each per outage, indexed by its number.
package struct Outages: ~Copyable {
  private let up: Distribution
  private let down: Distribution
  private let upKeys: Column<StreamKey>
  private let downKeys: Column<StreamKey>
  private let crashes: Column<Bool>
  /// What a recovered agent knows.
  package let onRecovery: FailureSettings.Recovery

  /// The outages of one replication; without settings nobody crashes.
  package init(
    _ settings: FailureSettings?, network: Network, seed: UInt64, replication: UInt32
  ) throws(ConditionError) {
    up = settings?.up ?? .constant(.infinity)
    down = settings?.down ?? .constant(0)
    onRecovery = settings?.onRecovery ?? .keep
    let upFamily = StreamFamily(seed: seed, replication: replication, purpose: .upTime)
    let downFamily = StreamFamily(seed: seed, replication: replication, purpose: .downTime)
    upKeys = Column(network.keys.map { upFamily.key($0) })
    downKeys = Column(network.keys.map { downFamily.key($0) })
    crashes = Column(repeating: settings != nil && settings?.agents == nil, count: network.nodeCount)
    for rank in try network.ranks(of: settings?.agents ?? [], what: "failing agent") { crashes[rank] = true }
  }

  /// How long an agent stays up before its outage of this number; nothing if it never crashes.
  package func upTime(_ node: NodeID, outage: UInt32) -> VirtualDuration? {
    crashes[node.index] ? VirtualDuration(seconds: up.sample(upKeys[node.index], at: UInt64(outage))) : nil
  }

  /// How long the outage of this number lasts.
  package func downTime(_ node: NodeID, outage: UInt32) -> VirtualDuration {
    VirtualDuration(seconds: down.sample(downKeys[node.index], at: UInt64(outage)))
  }
}
