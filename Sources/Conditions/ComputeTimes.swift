// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// How long each local step takes: a law of its own, or what it computes times the speed of its agent.
///
/// *Randomness*: `computeTime` of the agent, one draw per attempt, and `startPhase`, one per agent.
package struct ComputeTimes: ~Copyable {
  /// What is drawn of an agent, and what draws are multiplied with.
  @usableFromInline
  struct Pace: BitwiseCopyable {
    @usableFromInline let key: StreamKey
    /// Seconds, or a factor of what steps compute.
    @usableFromInline let typical: Double
  }

  private let inPlace = InPlace()
  @usableFromInline let paces: Column<Pace>
  private let phaseKeys: Column<StreamKey>
  @usableFromInline let withinAgent: Distribution
  private let work: ComputeSettings.Work?
  /// Whether it has to be known what a step computes.
  package let dependsOnWork: Bool
  private let phase: Distribution

  /// The compute times of one replication.
  ///
  /// - Parameter typical: seconds by agent, or factors of its times, from `typicalStepDurations`.
  package init(_ settings: ComputeSettings, typical: [Double], network: Network, seed: UInt64, replication: UInt32) {
    let family = StreamFamily(seed: seed, replication: replication, purpose: .computeTime)
    let phaseFamily = StreamFamily(seed: seed, replication: replication, purpose: .startPhase)
    paces = Column(zip(network.keys, typical).map { Pace(key: family.key($0), typical: $1) })
    phaseKeys = Column(network.keys.map { phaseFamily.key($0) })
    withinAgent = settings.withinAgent
    work = settings.work
    dependsOnWork = settings.work != nil
    phase = settings.startPhase
  }

  /// How long an attempt at a local step takes.
  @inlinable @inline(__always)
  package func duration(of node: NodeID, attempt: UInt64) -> VirtualDuration {
    VirtualDuration(seconds: factor(of: node, attempt: attempt))
  }

  /// How long an attempt at a local step takes that computes so much.
  package func duration(
    of node: NodeID, attempt: UInt64, environmentSteps: UInt64, gradientSamples: Double
  ) -> VirtualDuration {
    guard let work else { return duration(of: node, attempt: attempt) }
    let seconds =
      work.environmentStep.seconds * Double(environmentSteps) + work.sample.seconds * gradientSamples
    return VirtualDuration(seconds: seconds * factor(of: node, attempt: attempt))
  }

  /// Asks memory for what draws of an agent need.
  @inlinable @inline(__always)
  package func prefetch(_ node: NodeID) { prefetchLine(of: paces.base + node.index) }

  /// What is drawn of an attempt: seconds, or a pure number where steps take as long as what they compute.
  @inlinable @inline(__always)
  func factor(of node: NodeID, attempt: UInt64) -> Double {
    let pace = paces[node.index]
    if pace.typical == 0 { return 0 }
    return withinAgent.sample(pace.key, at: attempt) * pace.typical
  }

  /// Whether an attempt at a local step is known to take no time.
  @inlinable @inline(__always)
  package func isInstant(_ node: NodeID, attempt: UInt64) -> Bool {
    !dependsOnWork && (paces[node.index].typical == 0 || duration(of: node, attempt: attempt) == .zero)
  }

  /// When an agent begins.
  package func start(of node: NodeID) -> VirtualTime {
    VirtualTime(seconds: phase.sample(phaseKeys[node.index], at: 0))
  }
}
