// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Simulation
import Testing

private func push(
  _ network: NetworkSettings, _ kind: StrategyDefinition = .randomNeighbourPush,
  message: StrategySettings.MessageContent? = nil, algorithm: LearnerDefinition = .leastMeanSquares,
  links: LinkSettings = LinkSettings(), failures: FailureSettings? = nil, until: Double = 200
) -> SimulationSettings {
  settings(
    network, spread: 0.5, algorithm: algorithm, strategy: StrategySettings(kind: kind, message: message),
    compute: ComputeSettings(betweenAgents: .lognormal(median: 1, sigma: 0.3), withinAgent: .exponential(mean: 1)),
    links: links, failures: failures, until: until, every: until / 20)
}

struct RandomNeighbourPushTests {
  private let lossy = LinkSettings(latency: .law(.exponential(mean: 0.7)), loss: Probability(0.2) ?? .never)

  /// Who has one neighbour has nobody else to tell: the bits are those of diffusion.
  @Test(arguments: [StrategySettings.MessageContent.psi, .combined])
  func twoAgentsAreThoseOfDiffusion(message: StrategySettings.MessageContent) throws {
    let pair = NetworkSettings(topology: .edgeList(agents: ["a", "b"], edges: [.init("a", "b")]))
    let failures = FailureSettings(up: .exponential(mean: 20), down: .exponential(mean: 3))
    let one = try Seen(push(pair, message: message, links: lossy, failures: failures))
    let other = try Seen(push(pair, .diffusionATC, message: message, links: lossy, failures: failures))
    #expect(one.record.fingerprint == other.record.fingerprint)
    #expect(one.parameters == other.parameters && one.record.messages.lost > 20)
  }

  /// One message for each step that has ended, however many neighbours there are, and none is left behind.
  @Test(arguments: [3, 7])
  func everyStepTellsOneNeighbour(agents: Int) throws {
    let seen = try Seen(push(complete(agents), links: lossy))
    let steps = seen.record.agents.reduce(0) { $0 + $1.updates }
    #expect(steps > 100 * UInt64(agents) && seen.record.messages.sent == steps)
    #expect(seen.record.messages.accounted == seen.record.messages.sent)
  }

  /// What an agent hears is a sum of binomials with probability 1/3: each of four stays within four standard deviations of
  /// its mean with a probability of a false alarm below 4 x 6.4e-5 = 2.6e-4, at a fixed seed.
  @Test func neighboursAreEquallyProbable() throws {
    let seen = try Seen(push(complete(4), until: 2000))
    var heard: [UInt32: Double] = [:]
    for event in seen.events where event.kind == .arrival { heard[event.subject, default: 0] += 1 }
    let sent = seen.record.agents.map { Double($0.updates) }
    for (rank, own) in sent.enumerated() {
      let others = sent.reduce(0, +) - own
      #expect(others > 3000 && abs(heard[UInt32(rank), default: 0] - others / 3) < 4 * (others * 2 / 9).squareRoot())
    }
  }

  /// Exact gradients and the newest estimate ever heard: late news move the way there and not where it ends.
  @Test func theFixedPointIsThatOfDiffusion() throws {
    let rare = try Seen(push(paw, algorithm: .steepestDescent, links: lossy, until: 4000))
    let often = try Seen(push(paw, .diffusionATC, algorithm: .steepestDescent, links: lossy, until: 4000))
    for (one, other) in zip(rare.parameters, often.parameters) { #expect(abs(one - other) < 1e-9) }
    #expect(rare.record.messages.sent * 19 < often.record.messages.sent * 10)
  }
}

/// Agents of which each has all others as neighbours.
private func complete(_ agents: Int) -> NetworkSettings {
  NetworkSettings(topology: NetworkSettings.Topology(.complete, ["agents": .count(agents)]))
}
