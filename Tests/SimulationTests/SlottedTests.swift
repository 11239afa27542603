// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Testing

private func study(
  _ kind: StrategyDefinition, _ slots: SlotSettings = SlotSettings(), loss: Double = 0, until: Double = 60
) throws -> SimulationSettings {
  settings(
    NetworkSettings(topology: .randomGeometric(agents: 12, reach: .meanDegree(4))), spread: 0.3,
    strategy: StrategySettings(kind: kind, timing: .slotted, slots: slots),
    links: LinkSettings(loss: try #require(Probability(loss))), until: until)
}

private let someActive = PerAgent.law(.uniform(lower: 0.2, upper: 0.9))

/// Whatever the latency, as long as it is at most half a slot, the results are the same bits.
@Test(arguments: diffusions)
func anyLatencyUpToHalfASlotGivesTheSameBits(kind: StrategyDefinition) throws {
  let laws: [Distribution] = [
    .constant(0), .constant(0.25), .constant(0.5), .uniform(lower: 0, upper: 0.5), .uniform(lower: 0.4, upper: 0.45),
  ]
  for (activity, delay) in SlotSettings.Activity.allCases.flatMap({ one in [0, 3].map { (one, $0) } }) {
    let slots = SlotSettings(activity: activity, activeProbability: someActive, messageDelay: delay)
    let outcomes = try laws.map { law in
      var settings = try study(kind, slots, loss: 0.3)
      settings.conditions.links.latency = .law(law)
      return try Seen(settings)
    }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.parameters == outcomes[0].parameters)
      #expect(outcome.record.series.first?.values == outcomes[0].record.series.first?.values)
    }
    #expect(outcomes[0].parameters.contains { $0 != 0 })
  }
}

/// A message that takes longer than its slot allows is late and changes nothing.
@Test func aMessageThatMissesItsSlotIsNeverUsed() throws {
  var late = try study(.diffusionATC)
  late.conditions.links.latency = .law(.constant(0.51))
  let seen = try Seen(late)
  #expect(seen.record.messages.used == 0)
  #expect(seen.record.messages.late + seen.record.messages.inFlightAtEnd == seen.record.messages.sent)
  let alone = try Seen(try study(.nonCooperative))
  #expect(seen.parameters == alone.parameters)
}

/// Who computes how long does not matter in slots.
@Test func computeTimesDoNotMatterInSlots() throws {
  let plain = try study(.diffusionATC, SlotSettings(activeProbability: someActive))
  var varied = plain
  varied.conditions.compute = ComputeSettings(betweenAgents: .constant(3), withinAgent: .exponential(mean: 1))
  #expect(try Seen(varied).record.fingerprint == Seen(plain).record.fingerprint)
}

/// The share of active slots meets the probability: 12 agents × 4000 slots, σ = √(0.24 / 48000) = 0.0022; the bound of
/// 0.01 is 4.5 σ, false alarm 7e-6.
@Test func agentsAreActiveWithTheirProbability() throws {
  let settings = try study(.diffusionATC, SlotSettings(activeProbability: .law(.constant(0.6))), until: 4000)
  let updates = try Seen(settings).record.agents.map(\.updates).reduce(0, +)
  #expect(abs(Double(updates) / 48_000 - 0.6) < 0.01)
}

/// Losses and activities are drawn apart: who is active is the same with and without loss.
@Test func lossDoesNotChangeWhoIsActive() throws {
  let slots = SlotSettings(activeProbability: someActive)
  let lossless = try Seen(try study(.diffusionATC, slots))
  let lossy = try Seen(try study(.diffusionATC, slots, loss: 0.5))
  #expect(lossless.record.agents.map(\.updates) == lossy.record.agents.map(\.updates))
  #expect(lossless.parameters != lossy.parameters)
}

/// What inactive agents leave out: with `sleep` they send nothing, with `compute` and `pull` everybody sends.
@Test func inactiveAgentsSendUnlessTheySleep() throws {
  func sent(_ activity: SlotSettings.Activity) throws -> Double {
    let slots = SlotSettings(activity: activity, activeProbability: .law(.constant(0.5)))
    let settings = try study(.diffusionATC, slots, until: 1000)
    let links = try World(settings, replication: 0).network.linkCount
    return Double(try Seen(settings).record.messages.sent) / Double(links * 1000)
  }
  #expect(try sent(.compute) == 1)
  #expect(try sent(.pull) == 1)
  // σ of the mean over 12 agents × 1000 slots is at most 0.01 with these degrees.
  #expect(abs(try sent(.sleep) - 0.5) < 0.05)
}

/// With a delay of τ slots a combination uses exactly the estimates of τ slots ago.
@Test(arguments: [1, 2, 7])
func aDelayedCombinationIsThePlainDelayedLoop(delay: Int) throws {
  var settings = try study(.diffusionATC, SlotSettings(messageDelay: delay), until: 40.9)
  settings.strategy.mailboxStart = .initial
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  var parameters = [[Double]](repeating: [0, 0, 0], count: 12)
  var sent = [[[Double]]](repeating: parameters, count: delay)
  for slot in 0..<41 {
    let adapted = (0..<12).map { plain.adapted(parameters[$0], agent: $0, attempt: slot) }
    sent.append(adapted)
    let network = plain.world.network
    parameters = adapted.indices.map { agent in
      (0..<3).map { entry in
        let own = adapted[agent][entry]
        return network.incoming(NodeID(agent)).reduce(own) { sum, link in
          sum + network.weights[link] * (sent[slot][network.senders[link].index][entry] - own)
        }
      }
    }
  }
  #expect(try Seen(settings).parameters == parameters.flatMap { $0 })
}

/// With stale gradients the increment of τ slots ago's parameters is added to the present ones.
@Test(arguments: [1, 4])
func aStaleGradientIsThePlainDelayedLoop(delay: Int) throws {
  var settings = settings(
    ring(1), spread: 0.3, stepSize: 0.1, algorithm: .steepestDescent,
    strategy: StrategySettings(
      kind: .nonCooperative, timing: .slotted, slots: SlotSettings(gradientDelay: delay)), until: 50)
  settings.learner.initial = .constant(2)
  let truth = try #require(try World(settings, replication: 0).regression).truths
  var history = [[Double]](repeating: [2, 2, 2], count: delay + 1)
  for _ in 0..<50 {
    let past = history[history.count - 1 - delay]
    let present = history[history.count - 1]
    history.append((0..<3).map { present[$0] + 0.1 * (truth[$0] - past[$0]) })
  }
  let seen = try Seen(settings).parameters
  for (one, other) in zip(seen, history[history.count - 1]) { #expect(abs(one - other) < 1e-14) }
}

/// Recovered agents and agents with a start phase take part from the next slot that begins.
@Test func agentsJoinAtTheNextSlot() throws {
  var settings = try study(.diffusionATC)
  settings.conditions.compute.startPhase = .constant(2.3)
  let record = try Seen(settings).record
  #expect(record.agents.allSatisfy { $0.updates == 57 })
}

/// A latency of exactly half a slot is in time, whatever its quarters are.
@Test(arguments: diffusions, [0, 3])
func halfASlotIsInTimeWhateverTheLengthOfASlot(kind: StrategyDefinition, delay: Int) throws {
  for duration in [0.1, 1 / 3.0, 0.7] {
    let slots = SlotSettings(
      duration: .seconds(duration), activity: .pull, activeProbability: someActive, messageDelay: delay)
    var settings = try study(kind, slots, until: 400 * duration)
    let atOnce = try Seen(settings)
    settings.conditions.links.latency = .law(.constant(slots.duration.seconds / 2))
    let justInTime = try Seen(settings)
    #expect(justInTime.parameters == atOnce.parameters)
    #expect(justInTime.record.messages.late == 0)
    #expect(justInTime.record.messages.used > 9_000)
  }
}
