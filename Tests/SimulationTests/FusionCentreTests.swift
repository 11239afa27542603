// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing
import Workers

private let learner = ActorCriticSettings(hiddenUnits: [8], episodesPerStep: 2)
private let control = ControlSettings(environment: .cartPoleBalance, timeLimit: 20)
private let stepTime = 0.25

/// Agents around a fusion centre whose steps take 1 s and a quarter of one.
private func centralised(
  _ agents: Int, until: Double = 12.5, upload: CentreSettings.Upload = .episodes,
  compute: ComputeSettings = ComputeSettings(betweenAgents: .constant(1)), links: LinkSettings = LinkSettings(),
  failures: FailureSettings? = nil, centre: CentreSettings = CentreSettings(stepTime: .constant(stepTime))
) -> SimulationSettings {
  let names = (0..<agents).map { "agent-\($0)" }
  let path = zip(names, names.dropFirst()).map { NetworkSettings.Edge($0, $1) }
  return SimulationSettings(
    network: NetworkSettings(topology: .edgeList(agents: names, edges: path)), task: .control(control),
    learner: .actorCritic(learner),
    strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: upload, centre: centre),
    conditions: ConditionSettings(compute: compute, links: links, failures: failures),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(until / 2), testEpisodes: 1), seed: 7)
}

private func makeBank(_ settings: SimulationSettings, _ keys: [EntityKey], learners: Int) -> ActorCritic {
  ActorCritic(
    settings.learner.actorCritic, task: control, agents: keys, learners: learners, testEpisodes: 1,
    seed: settings.seed, replication: 0, steps: StepPool())
}

/// The parameters after so many rounds by the plain recursion: every agent's gradient at the shared parameters, the
/// average over all samples, one step of one optimiser.
private func plainRecursion(_ settings: SimulationSettings, agents: Int, rounds: Int) throws -> [Float] {
  let world = try World(settings, replication: 0)
  let bank = makeBank(settings, world.network.keys, learners: agents)
  let count = bank.parameterCount
  var parameters = [Float](repeating: 0, count: count)
  bank.initialise(NodeID(agents), into: &parameters)
  for round in 0..<rounds {
    var sum = [Double](repeating: 0, count: count)
    var samples = 0.0
    for agent in 0..<agents {
      var gradient = [Float](repeating: 0, count: count)
      gradient.withUnsafeMutableBufferPointer { room in
        guard let base = room.baseAddress else { return }
        parameters.withUnsafeBufferPointer { point in
          guard let start = point.baseAddress else { return }
          bank.begin(LocalStep(NodeID(agent), attempt: UInt64(round)), at: start, increment: base)
          let work = bank.finishGradient(NodeID(agent))
          samples += Double(work.samples)
          for entry in 0..<count { sum[entry] += Double(work.samples) * Double(base[entry]) }
        }
      }
    }
    var increment = sum.map { Float($0 / samples) }
    bank.turnIntoIncrement(&increment, of: NodeID(agents))
    for entry in 0..<count { parameters[entry] += increment[entry] }
  }
  return parameters
}

@Test func theCentreTakesOneStepAlongTheAverageOverAllSamples() throws {
  let settings = centralised(3)
  let seen = try Seen(settings)
  #expect(seen.record.agents.map(\.updates) == [10, 10, 10])
  let expected = try plainRecursion(settings, agents: 3, rounds: 10)
  let centre = seen.parameters.suffix(expected.count)
  // Ten steps of at most 0.01 each; single precision rounds sums differently here and there.
  for (one, other) in zip(centre, expected) { #expect(abs(one - Double(other)) < 1e-5) }
  #expect(Array(seen.parameters.prefix(expected.count)) == Array(centre))
}

@Test func aSingleAgentWithACentreIsAnAgentAlone() throws {
  let settings = centralised(1, centre: CentreSettings(stepTime: .constant(0)))
  var alone = settings
  alone.strategy = StrategySettings(kind: .nonCooperative)
  let (one, other) = (try Seen(settings), try Seen(alone))
  #expect(one.record.agents[0].updates == 12)
  #expect(Array(one.parameters.prefix(other.parameters.count)) == other.parameters)
  #expect(one.record.agents[0].samples == other.record.agents[0].samples)
}

@Test func aRoundTakesTheSlowestUploadTheStepAndTheBroadcast() throws {
  let latency = 0.125
  let settings = centralised(
    3, until: 29,
    compute: ComputeSettings(
      betweenAgents: .constant(1), stragglers: [.init(choice: .named(["agent-1"]), slowdown: 2)]),
    links: LinkSettings(latency: .law(.constant(latency))))
  let seen = try Seen(settings)
  let round = 2 + latency + stepTime + latency
  for agent in 0..<3 { #expect(seen.begins(of: agent) == (0..<12).map { Double($0) * round }) }
}

@Test(arguments: CentreSettings.Upload.allCases)
func bytesAddUp(upload: CentreSettings.Upload) throws {
  // It ends when ten rounds are complete but for the broadcast of the last.
  let settings = centralised(3, upload: upload, links: LinkSettings(overhead: ByteCount(100)))
  let record = try Seen(settings).record
  let samples = record.agents.reduce(0) { $0 + ($1.samples ?? 0) }
  let parameters = UInt64(settings.parameterCount)
  let broadcasts = 30 * (4 * parameters + 100)
  let uploads =
    switch upload {
    // A cart-pole shows four numbers, and there are an action and a reward.
    case .episodes: 4 * 6 * samples + 30 * 100
    case .gradients: 30 * (4 * (parameters + 1) + 100)
    }
  #expect(record.messages.sent == 60)
  #expect(record.messages.bytes == broadcasts + uploads)
  #expect(record.messages.accounted == record.messages.sent)
  #expect(record.agents.map(\.episodes) == [20, 20, 20])
}

/// A round takes 1.5 s, and its parameters are 1/8 s old when they arrive at its end.
@Test func theAgeIsThatOfParametersAndNotOfUploads() throws {
  var settings = centralised(3, until: 4.25, links: LinkSettings(latency: .law(.constant(0.125))))
  settings.measurement.every = .seconds(0.25)
  let ages = try Seen(settings).record.values(.age)
  #expect(ages.count == 18)
  for (point, age) in ages.enumerated() {
    let time = 0.25 * Double(point)
    let sinceArrival = time.truncatingRemainder(dividingBy: 1.5)
    if time < 1.5 { #expect(age.isNaN) } else { #expect(abs(age - sinceArrival - 0.125) < 1e-12) }
  }
}

@Test func lostMessagesAreSentAgainUntilRoundsGoOn() throws {
  let settings = centralised(
    4, until: 60, links: LinkSettings(latency: .law(.exponential(mean: 0.05)), loss: try #require(Probability(0.3))))
  let record = try Seen(settings).record
  #expect(record.ending == .until)
  #expect(record.agents.allSatisfy { $0.updates > 15 })
  #expect(record.messages.lost > 0 && record.messages.acknowledgements > 0)
  #expect(record.messages.accounted == record.messages.sent)
}

@Test(arguments: FailureSettings.Recovery.allCases)
func crashesOfAgentsHoldNobodyUp(recovery: FailureSettings.Recovery) throws {
  for loss in [0.0, 0.2] {
    let settings = centralised(
      4, until: 300,
      links: LinkSettings(latency: .law(.exponential(mean: 0.2)), loss: try #require(Probability(loss))),
      failures: FailureSettings(up: .exponential(mean: 15), down: .exponential(mean: 8), onRecovery: recovery))
    let seen = try Seen(settings)
    #expect(seen.record.ending == .until)
    // Rounds take 2 s or so, and nobody is up less than a third of the time.
    #expect(seen.record.agents.allSatisfy { $0.updates > 30 && $0.down > 0 })
    #expect(seen.record.messages.accounted == seen.record.messages.sent)
    let late = seen.begins(of: 0).filter { $0 > 250 }
    #expect(!late.isEmpty)
  }
}

/// Agent 0 goes down in its second step, at 1.75 s, and comes back at 4 s.
@Test func aRecoveredAgentGetsTheParametersOfThePresentRound() throws {
  let settings = centralised(
    2, until: 4.75, compute: ComputeSettings(betweenAgents: .constant(1)),
    links: LinkSettings(latency: .law(.constant(0.125))),
    failures: FailureSettings(up: .constant(1.75), down: .constant(2.25), agents: ["agent-0"]))
  let seen = try Seen(settings)
  // A round takes 1.5 s. Up again at 4 s, it has the parameters of the third at 4.125 s, and the other agent waits.
  #expect(seen.begins(of: 1) == [0, 1.5, 3])
  #expect(seen.begins(of: 0) == [0, 1.5, 4.125])
  let count = settings.parameterCount
  #expect(seen.parameters[0..<count] == seen.parameters[count..<2 * count])
}

@Test func workIsChargedWhereItIsDone() throws {
  let work = ComputeSettings.Work(environmentStep: .seconds(0.01), sample: .seconds(0.02))
  func begins(_ upload: CentreSettings.Upload, factor: Double) throws -> (second: Double, samples: UInt64) {
    let settings = centralised(
      1, until: 100, upload: upload, compute: ComputeSettings(work: work),
      centre: CentreSettings(stepTime: .constant(stepTime), factor: factor))
    let second = try Seen(settings).begins(of: 0)[1]
    // Until the second step ends only the first has counted.
    return (second, try #require(Seen(settings.ending(at: second * 1.0001)).record.agents[0].samples))
  }
  let episodes = try begins(.episodes, factor: 0.5)
  #expect(abs(episodes.second - Double(episodes.samples) * (0.01 + 0.5 * 0.02)) < 1e-9)
  let gradients = try begins(.gradients, factor: 0.5)
  #expect(abs(gradients.second - Double(gradients.samples) * (0.01 + 0.02) - stepTime) < 1e-9)
}

extension SimulationSettings {
  fileprivate func ending(at time: Double) -> SimulationSettings {
    var settings = self
    settings.measurement.until = .seconds(time)
    settings.measurement.every = .seconds(time)
    return settings
  }
}

@Test func helpersDoNotChangeRunsWithACentre() throws {
  let settings = centralised(
    4, until: 40, links: LinkSettings(latency: .law(.exponential(mean: 0.1)), loss: try #require(Probability(0.1))),
    failures: FailureSettings(up: .exponential(mean: 20), down: .exponential(mean: 4)))
  let alone = try Seen(settings).record
  let steps = StepPool()
  let helped = inParallel(count: 2, jobs: 3, steps: steps) { _ in
    Result { try simulate(settings, in: World(settings, replication: 0), steps: steps) }
  }
  for record in helped { #expect(try record.get().fingerprint == alone.fingerprint) }
}

@Test func noAgentMayHaveTheNameOfTheCentre() {
  var settings = centralised(2)
  settings.network = NetworkSettings(topology: .edgeList(agents: ["a", "centre"], edges: [.init("a", "centre")]))
  #expect(throws: SimulationError.self) { try World(settings, replication: 0) }
}
