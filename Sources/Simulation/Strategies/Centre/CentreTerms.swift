// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// What every fusion centre goes by: how long its steps take, how large messages are, and which links lead where.
///
/// *Randomness*: `computeTime` of the centre, one draw for each version of its parameters.
struct CentreTerms {
  private let stepTime: Distribution
  /// Where the centre computes gradients, and these take time by their samples.
  private let secondsPerSample: Double?
  private let factor: Double
  private let stepTimeKey: StreamKey
  let bytesOfParameters: UInt32
  /// Whether an upload is as long as the episodes of a step; else it is a gradient.
  private let sendsEpisodes: Bool
  /// Bytes of episodes: of each sample, and beside that.
  private let bytesPerSample: UInt64
  private let bytesBeside: UInt64

  init(_ context: StrategyContext) {
    let (settings, world) = (context.settings, context.world)
    secondsPerSample = settings.centreSecondsPerSample
    factor = settings.strategy.centre.factor
    bytesOfParameters = UInt32(context.messageSize())
    sendsEpisodes = settings.sendsEpisodes
    bytesBeside = settings.uploadBytes(samples: 0)
    bytesPerSample = settings.uploadBytes(samples: 1) - bytesBeside
    stepTime = settings.strategy.centre.stepTime
    stepTimeKey = StreamFamily(seed: settings.seed, replication: context.replication, purpose: .computeTime)
      .key(world.network.keys[world.agentCount])
  }

  /// The size of the largest message.
  static func greatestMessage(_ context: StrategyContext, numbersBeside: Int) -> UInt64 {
    let settings = context.settings
    guard settings.sendsEpisodes else { return context.messageSize(numbersBeside: numbersBeside) }
    return max(context.messageSize(), settings.uploadBytes(samples: settings.mostSamplesPerStep))
  }

  /// How long the step takes that makes the next version of a version of the parameters.
  func duration(samples: Double, version: UInt32) -> VirtualDuration {
    VirtualDuration(
      seconds: secondsPerSample.map { $0 * samples * factor } ?? stepTime.sample(stepTimeKey, at: UInt64(version)))
  }

  /// Bytes of an upload that so many samples are behind.
  func bytesOfUpload<Scalar>(samples: UInt64, _ run: borrowing RunState<Scalar>) -> UInt32 {
    sendsEpisodes ? UInt32(bytesPerSample * samples + bytesBeside) : run.outbox.bytes
  }
}

extension RunState {
  /// The link from an agent to the centre.
  @inline(__always)
  func upwards(_ node: NodeID) -> LinkID { topology.outgoing(at: topology.outgoing(node).lowerBound) }

  /// The link from the centre to an agent.
  @inline(__always)
  func downwards(_ node: NodeID) -> LinkID { LinkID(topology.incoming(node).lowerBound) }

  /// The agent at the other end of a link to or from the centre.
  func worker(of link: LinkID) -> NodeID {
    let sender = topology.senders[link.index]
    return sender == centre ? topology.receivers[link.index] : sender
  }

  /// Whether an agent is up, and its links to and from the centre are there and, where that matters, whole.
  func reachesCentre(_ node: NodeID, heedingCuts: Bool) -> Bool {
    let (up, down) = (upwards(node), downwards(node))
    guard agents[node.index].isUp, present.has(up.index), present.has(down.index) else { return false }
    return !heedingCuts || !cuts.isCut(up) && !cuts.isCut(down)
  }

  /// Keys the draws of a message about a version to or from an agent, which may hear it again after an outage.
  func indexOfMessage(about version: UInt32, _ node: NodeID) -> UInt64 {
    UInt64(downStates[node.index].outages) << 32 | UInt64(version)
  }
}
