// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness

/// The fusion centre of a centralised strategy: a node with links of its own to every agent.
package struct CentreSettings: Sendable, Equatable {
  /// The centre's name on the network, which no agent may have.
  package static let name = "centre"

  /// What agents send to the centre.
  package enum Upload: String, Sendable, CaseIterable {
    /// Their episodes, from which the centre computes the gradients.
    case episodes
    /// Their gradients, with the number of samples.
    case gradients
  }

  /// Seconds that a step of the centre takes; where steps take as long as what they compute, one in which the centre
  /// computes no gradients.
  package var stepTime: Distribution
  /// The factor of the centre's times where it computes gradients and these take time by their samples.
  package var factor: Double
  /// The region that the centre is in, where latencies are between regions.
  package var region: String?
  /// In asynchronous timing: how many gradients make a step.
  package var buffer: Int
  /// In asynchronous timing: gradients at parameters of more versions ago are dropped. Nothing means that none is.
  package var oldestGradient: Int?
  /// In asynchronous timing: a, where a gradient τ versions old counts (1 + τ)^−a times.
  package var stalenessExponent: Double
  /// In asynchronous timing: whether gradients count the less the oftener their agent sends some.
  package var compensatesFrequency: Bool

  package init(
    stepTime: Distribution = .constant(0.1), factor: Double = 1, region: String? = nil, buffer: Int = 1,
    oldestGradient: Int? = nil, stalenessExponent: Double = 0, compensatesFrequency: Bool = false
  ) {
    self.stepTime = stepTime
    self.factor = factor
    self.region = region
    self.buffer = buffer
    self.oldestGradient = oldestGradient
    self.stalenessExponent = stalenessExponent
    self.compensatesFrequency = compensatesFrequency
  }
}

extension StrategySettings {
  /// What agents send a fusion centre where a scenario does not say it.
  package var usualUpload: CentreSettings.Upload {
    facts.hasCentre && timing == .asynchronous ? .gradients : .episodes
  }
}

extension StrategySettings {
  /// Whether an agent waits for the answer of an asynchronous centre before its next step; else it goes on with what it has.
  package var waitsForAnswers: Bool { facts.hasCentre && timing == .asynchronous && missingNeighbour == .wait }
}

extension StrategySettings {
  /// The latency of links, those of a fusion centre included.
  func latency(_ links: LinkSettings) -> LatencySettings {
    guard facts.hasCentre, let region = centre.region, var regions = links.latency.regions else {
      return links.latency
    }
    regions.regionOfAgent[CentreSettings.name] = region
    return .regions(regions)
  }
}

extension SimulationSettings {
  /// What links do on a network, those of a fusion centre included.
  func linkPlan(_ draw: LinkDraw) throws(ConditionError) -> LinkPlan {
    var links = conditions.links
    links.latency = strategy.latency(links)
    return try links.plan(draw)
  }

  /// The links of a world, for what is drawn of them once per study, or per replication with the network.
  func linkDraw(of world: World, replication: UInt32) -> LinkDraw {
    LinkDraw(
      network: world.network, seed: seed,
      replication: resample.contains(.network) ? replication : StreamFamily.study)
  }

  /// What links do in a world that was drawn, or was made of given parts.
  func linkPlan(of world: World) throws(SimulationError) -> LinkPlan {
    if let links = world.links { return links }
    do {
      return try linkPlan(LinkDraw(network: world.network, seed: seed)).having(world.latencies)
    } catch {
      throw SimulationError(error.description)
    }
  }

  /// Seconds that the fusion centre takes for each sample of a step, before its factor; nothing where the step takes what its
  /// law says.
  var centreSecondsPerSample: Double? {
    guard let work = conditions.compute.work, !agentsComputeGradients else { return nil }
    return work.sample.seconds
  }

  /// Seconds that a step of the fusion centre takes in the mean; where it takes time by the samples an upper bound.
  package func meanCentreSeconds(agents: Int) -> Double {
    centreSecondsPerSample.map { $0 * (Double(agents) * Double(mostSamplesPerStep)) * strategy.centre.factor }
      ?? strategy.centre.stepTime.mean
  }

  /// The most samples that a step can have.
  package var mostSamplesPerStep: UInt64 { learning.mostSamplesPerStep }
}
