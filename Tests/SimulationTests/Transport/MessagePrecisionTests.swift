// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Testing

/// Agents that average what they start from, with links of a precision.
private func averaging(
  _ network: NetworkSettings, starts: [Double], dimension: Int = 1, _ strategy: StrategySettings,
  _ precision: MessagePrecision?, until: Double
) -> SimulationSettings {
  var settings = settings(
    network, strategy: strategy, links: LinkSettings(overhead: ByteCount(5), precision: precision), until: until,
    every: until / 2)
  settings.task = .averaging(AveragingSettings(dimension: dimension))
  settings.learner = LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .values(starts))
  return settings
}

private let clock = ClockSettings(betweenAgents: .constant(1))

/// Strategies in which one exchange has taken place after one and a half seconds, and moved an agent half way.
private let halfWay: [StrategySettings] = {
  var strategies: [StrategySettings] = []
  for timing in [StrategySettings.Timing.asynchronous, .synchronousGlobal, .synchronousLocal] {
    strategies.append(StrategySettings(timing: timing))
  }
  strategies.append(StrategySettings(timing: .slotted, slots: SlotSettings(duration: .seconds(2))))
  strategies.append(StrategySettings(exchange: .pull))
  strategies.append(StrategySettings(exchange: .link, linkInterval: .constant(0.9)))
  strategies.append(StrategySettings(kind: .diffusionCTA, timing: .synchronousGlobal))
  strategies.append(StrategySettings(kind: .consensus, timing: .synchronousLocal))
  strategies.append(StrategySettings(kind: .consensus, mailboxStart: .initial))
  let slow = ClockSettings(betweenAgents: .constant(2))
  strategies.append(StrategySettings(kind: .gossip, clock: slow))
  let pairs = GossipSettings(exchange: .pairwise, wake: .oneAtATime)
  strategies.append(StrategySettings(kind: .gossip, clock: slow, gossip: pairs))
  return strategies
}()

/// What an agent sends, and what arrives: the nearest number that the message can carry, of two as near the even one.
private let roundings: [(MessagePrecision?, sent: Double, arrives: Double)] = [
  (.float16, 1 + 0x1p-12, 1), (.float16, 1 + 0x1p-11, 1), (.float16, 1 + 0x3p-11, 1 + 0x1p-9),
  (.float16, -(1 + 0x1.01p-11), -(1 + 0x1p-10)), (.float16, 0x1p-24, 0x1p-24), (.float16, 0x1p-26, 0),
  (.float16, 65519, 65504), (.float32, 1 + 0x1p-12, 1 + 0x1p-12), (.float32, 1 + 0x1p-24, 1),
  (.float32, 1 + 0x3p-24, 1 + 0x1p-22), (.float64, 1 + 0x1p-52, 1 + 0x1p-52), (nil, 1 + 0x1p-52, 1 + 0x1p-52),
]

@Test(arguments: halfWay) func whatIsSentIsRoundedToNearestEven(strategy: StrategySettings) throws {
  for (precision, sent, arrives) in roundings {
    let settings = averaging(pair, starts: [sent, 0], strategy, precision, until: 1.8)
    let seen = try Seen(settings)
    #expect(seen.parameters[1] == arrives / 2, "\(precision?.rawValue ?? "own"): \(sent)")
  }
}

/// The sender goes on with its own number: here it hears a zero, and moves half way from what it is.
@Test func whoSendsKeepsItsOwn() throws {
  let settings = averaging(
    pair, starts: [1 + 0x1p-12, 0], StrategySettings(timing: .synchronousGlobal), .float16, until: 1.5)
  #expect(try Seen(settings).parameters == [(1 + 0x1p-12) / 2, 0.5])
}

/// A number of a message has two, four or eight bytes; what else a message carries is as long as ever.
@Test(arguments: halfWay, [MessagePrecision.float16, .float32, .float64])
func bytesFollowThePrecision(strategy: StrategySettings, precision: MessagePrecision) throws {
  let settings = averaging(pair, starts: [1, 0], dimension: 7, strategy, precision, until: 20.3)
  let messages = try Seen(settings).record.messages
  #expect(messages.sent > 8)
  #expect(messages.bytes == messages.started * UInt64(7 * precision.bytes + 5))
  #expect(settings.messageBytes == UInt64(7 * precision.bytes + 5))
}

/// Weights sum to one: what messages can carry stays what it is where all agents hold it, whatever goes wrong.
@Test(arguments: everyStrategy) func aConstantThatMessagesCanCarrySurvives(strategy: StrategySettings) throws {
  var settings = try everything(strategy)
  settings.learner = LearnerSettings(stepSize: .law(.constant(0)), initial: .constant(0.333251953125))
  settings.conditions.links.precision = .float16
  #expect(try Seen(settings).parameters.allSatisfy { $0 == 0.333251953125 })
}

/// The precision that the learner has is no other than none said.
@Test(arguments: everyStrategy) func theOwnPrecisionChangesNothing(strategy: StrategySettings) throws {
  var settings = try everything(strategy)
  let plain = try Seen(settings).record
  settings.conditions.links.precision = .float64
  let said = try Seen(settings).record
  #expect(said.fingerprint == plain.fingerprint && said.messages == plain.messages)
}

/// What is rounded off a share stays with the sender: sums and masses of all are kept, in every instant, and the agents
/// agree on the mean as nearly as messages let them.
@Test(arguments: [StrategySettings.Timing.asynchronous, .slotted])
func roundedSharesLoseNoMass(timing: StrategySettings.Timing) throws {
  let strategy = StrategySettings(kind: .pushSum, timing: timing, clock: clock)
  let starts = [0.1, 1 / 3.0, -7.7, 12.34567]
  var settings = averaging(paw, starts: starts, dimension: 2, strategy, .float16, until: 200)
  settings.conditions.links.latency = .law(timing == .slotted ? .constant(0) : .exponential(mean: 0.4))
  let seen = try Seen(settings)
  let first = try #require(seen.trace.conservedSums.first { !$0.isEmpty })
  #expect(first == [starts.reduce(0, +), starts.reduce(0, +), 4])
  for sums in seen.trace.conservedSums where !sums.isEmpty {
    for (sum, whole) in zip(sums, first) { #expect(abs(sum - whole) < 1e-12) }
  }
  let mean = starts.reduce(0, +) / 4
  #expect(seen.parameters.allSatisfy { abs($0 - mean) < 0x1p-8 * 12 })
  #expect(seen.record.messages.bytes == seen.record.messages.started * UInt64(3 * 2 + 5))
}

/// A mass below all that messages can carry is not sent, and none becomes less than nothing.
@Test func aMassTooSmallForMessagesStays() throws {
  let strategy = StrategySettings(kind: .pushSum, clock: clock)
  var settings = averaging(paw, starts: [1, 2, 3, 4], strategy, .float16, until: 400)
  settings.conditions.links.loss = try .independent(#require(Probability(0.9)))
  let seen = try Seen(settings)
  #expect(seen.parameters.allSatisfy { $0 >= 0.9 && $0 <= 4.1 })
  for sums in seen.trace.conservedSums where !sums.isEmpty { #expect(sums[1] > 0) }
}

/// Both ends of a pair move by half the difference of what they have said, so that their sum is what it was.
@Test func roundedPairsKeepTheirMean() throws {
  let strategy = StrategySettings(kind: .gossip, clock: clock, gossip: GossipSettings(exchange: .pairwise))
  let starts = [0.1, 1 / 3.0, -7.7, 12.34567]
  let seen = try Seen(averaging(paw, starts: starts, strategy, .float16, until: 100.5))
  #expect(abs(seen.parameters.reduce(0, +) - starts.reduce(0, +)) < 1e-12)
  let mean = starts.reduce(0, +) / 4
  #expect(seen.parameters.allSatisfy { abs($0 - mean) < 0.01 })
  #expect(seen.parameters.contains { $0 != mean })
}

/// The centre's parameters and the agents' gradients both go as messages carry them, and numbers are as long as the
/// learner has them where nothing else is said.
@Test(arguments: [nil, MessagePrecision.float16, .float32])
func aFusionCentreSendsNumbersOfTheLearnersSize(precision: MessagePrecision?) throws {
  let strategy = StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients)
  var settings = settings(paw, strategy: strategy, until: 30)
  settings.conditions.links = LinkSettings(overhead: ByteCount(3), precision: precision)
  let layout = StepLayout.personal
  let run = try PersonalRun(settings, layout)
  let uploads = (0..<4).reduce(0) { sum, agent in
    sum + run.watch.happenings[agent].count { if case .ended = $0 { true } else { false } }
  }
  let messages = run.seen.record.messages
  let (size, shared) = (UInt64(precision?.bytes ?? 8), UInt64(layout.sharedCount))
  let broadcasts = messages.sent - UInt64(uploads)
  #expect(uploads > 60 && broadcasts > 60)
  #expect(messages.bytes == UInt64(uploads) * ((shared + 1) * size + 3) + broadcasts * (shared * size + 3))
  if precision == .float16 {
    // What agents have is what was sent; the centre has more digits.
    for agent in 0..<4 { #expect(run.shared(agent).allSatisfy { Double(Float16($0)) == $0 }) }
    #expect(run.shared(4).contains { Double(Float16($0)) != $0 })
  }
}

/// Which precision goes with what.
@Test func aPrecisionThatCannotBeIsRefused() throws {
  var settings = try everything(
    StrategySettings(kind: .pushSum, clock: clock, pushSum: PushSumSettings(runningSums: true)))
  settings.conditions.links.precision = .float32
  #expect(throws: SimulationError.self) { try Seen(settings) }
  settings.strategy.pushSum.runningSums = false
  #expect(try Seen(settings).record.messages.sent > 0)

  var deep = controlSettings(until: 2)
  deep.conditions.links.precision = .float64
  #expect(throws: SimulationError.self) { try Seen(deep) }
  for precision in [MessagePrecision.float32, .float16] {
    deep.conditions.links.precision = precision
    #expect(try Seen(deep).record.messages.sent > 0)
  }
}
