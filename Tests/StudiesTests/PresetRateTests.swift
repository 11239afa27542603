// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Networks
import Quantities
import Randomness
import Scenarios
import Simulation
import Testing

/// What presets say is what the processes of a run do: measured rates against the published parameters, written out here.
///
/// Every comparison of a mean is one of about forty, each beyond five standard errors with a probability of 6e-7, so that a
/// false alarm of any has one of less than 1e-4. Seeds are fixed, so it does not come and go.
private let standardErrors = 5.0
/// The mean step u of presets, seconds.
private let u = 0.1

/// The settings of a scenario with a preset, and its world.
private struct Ground {
  let settings: SimulationSettings
  let world: World

  init(
    _ slot: String, _ preset: String, agents: Int = 400, network: String = "topology: ring",
    timing: String = "asynchronous",
    until: String = "30 s"
  ) throws {
    let text = """
      name: rates
      task: {kind: linear-regression, dimension: 2}
      network: {\(network.isEmpty ? "" : network + ", ")agents: \(agents)}
      learner: {step-size: 0.02}
      strategy: {timing: \(timing)}
      measure: {until: \(until), every: 1 s}
      presets: {\(slot): \(preset)}
      """
    settings = try Scenario.parse(text: text, file: "rates.yaml").arms[0].settings
    world = try World(settings, replication: 0)
  }

  /// Factors of so many steps of each agent, as a run draws them.
  func steps(_ count: Int) -> [Double] {
    let times = ComputeTimes(
      settings.conditions.compute, typical: world.typicalStepDurations, network: world.network, seed: settings.seed,
      replication: 0)
    return (0..<world.agentCount).flatMap { agent in
      (0..<count).map { step in
        times.duration(of: NodeID(agent), attempt: UInt64(step)).seconds / world.typicalStepDurations[agent]
      }
    }
  }

  private func transmissions() throws -> Transmissions {
    try Transmissions(
      settings.conditions.links, plan: #require(world.links), network: world.network, acknowledges: false,
      seed: settings.seed, replication: 0)
  }

  /// How long so many messages of each link travel over what is typical of the link, as a run draws it.
  func latencies(_ count: Int) throws -> [Double] {
    let transmissions = try transmissions()
    let scales = world.latencies.scales
    return (0..<world.network.linkCount).flatMap { link in
      (0..<count).map { message in
        transmissions.latency(LinkID(link), index: UInt64(message), attempt: 0).seconds
          / (scales.isEmpty ? 1 : scales[link])
      }
    }
  }

  /// Whether so many messages of each link in a row are lost.
  func losses(_ count: Int) throws -> [[Bool]] {
    let transmissions = try transmissions()
    return (0..<world.network.linkCount).map { link in
      (0..<count).map { message in
        transmissions.lossCause(
          LinkID(link), number: UInt64(message) + 1, index: UInt64(message), attempt: 0,
          at: VirtualTime(seconds: Double(message))) != nil
      }
    }
  }

  /// How long agents are up and down in turn, so many times each.
  func sojourns(_ count: Int) throws -> (up: [Double], down: [Double]) {
    let outages = try Outages(
      settings.conditions.outageCauses, settings.outageContext(in: world, replication: 0))
    var (up, down) = ([Double](), [Double]())
    for line in 0..<outages.lineCount {
      var time = VirtualTime.zero
      for _ in 0..<count {
        guard let begin = outages.begin(of: line, after: time), let end = outages.end(of: line, after: begin) else {
          break
        }
        up.append((begin - time).seconds)
        down.append((end - begin).seconds)
        outages.countOutage(of: line)
        time = end
      }
    }
    return (up, down)
  }
}

/// That samples have a mean, as far as independent ones of this standard deviation tell.
private func expect(
  _ samples: [Double], mean: Double, deviation: Double, _ what: Comment, _ location: SourceLocation = #_sourceLocation
) {
  let seen = samples.reduce(0, +) / Double(samples.count)
  let error = deviation / Double(samples.count).squareRoot()
  #expect(abs(seen - mean) <= standardErrors * error + 1e-9 * mean, what, sourceLocation: location)
}

private func weibullSpread(_ shape: Double) -> Double {
  (tgamma(1 + 2 / shape) / pow(tgamma(1 + 1 / shape), 2) - 1).squareRoot()
}

private func lognormalSpread(_ sigma: Double) -> Double { (exp(sigma * sigma) - 1).squareRoot() }

@Suite struct PresetRateTests {
  @Test func stepsHaveTheMeansThatTheirPresetsSay() throws {
    let pareto = Distribution.pareto(minimum: 1, shape: 1.5, cap: 60)
    for (preset, mean, deviation) in [
      ("C0", 1, 0), ("C1", 1, 1), ("C2", 2.5, 1.5), ("C4", 1, pareto.squaredCoefficientOfVariation.squareRoot()),
      ("C5", 1, (Double.pi / 2 - 1).squareRoot()),
    ] {
      let ground = try Ground("compute", preset, agents: 100)
      #expect(ground.world.typicalStepDurations.allSatisfy { abs($0 - u) < 1e-12 })
      expect(ground.steps(200), mean: mean, deviation: deviation, "\(preset)")
    }
  }

  @Test func agentsDifferAsTheirPresetsSay() throws {
    let devices = try Ground("compute", "C3", agents: 1000)
    let logarithms = devices.world.typicalStepDurations.map { log($0 / u) }
    expect(logarithms, mean: 0, deviation: 0.6, "the median")
    expect(logarithms.map { $0 * $0 }, mean: 0.36, deviation: 0.36 * 2.0.squareRoot(), "the spread")
    expect(devices.steps(20), mean: 1, deviation: lognormalSpread(0.2), "within an agent")
    let slow = try Ground("compute", "C6", agents: 100).world.typicalStepDurations
    #expect(slow.count { abs($0 - 10 * u) < 1e-12 } == 1 && slow.count { abs($0 - u) < 1e-12 } == 99)
    let spread = try Ground("compute", "C8", agents: 100).world.typicalStepDurations
    #expect(spread.enumerated().allSatisfy { abs($1 - u * Double($0 + 1).squareRoot()) < 1e-9 })
  }

  /// Speed 1 for 950 u and 1/8 for 50 u in the mean. The share of slow time over T has the variance 2 p (1 − p) τ / T, with
  /// p = 0.05 and 1/τ = 1/(950 u) + 1/(50 u).
  @Test func slowSpellsTakeTheirShareOfTime() throws {
    let ground = try Ground("compute", "C7", agents: 100)
    let speeds = ChangingSpeeds(
      ground.settings.conditions.compute, slowSpellsOf: Array(0..<100), timelineChanges: false,
      network: ground.world.network, agentCount: 100, until: .never, seed: ground.settings.seed, replication: 0)
    let seen = (0..<100).map { agent in
      20_000 / speeds.begin(NodeID(agent), work: .seconds(20_000), at: .zero).seconds
    }
    let variance = 2 * 0.05 * 0.95 * (47.5 * u) / 20_000
    expect(seen, mean: 0.95 + 0.05 / 8, deviation: 7 / 8 * variance.squareRoot() * 1.1, "C7")
  }

  @Test func messagesTravelAsLongAsTheirPresetsSay() throws {
    for (preset, mean, deviation) in [
      ("L0", 0.55e-3, 0.9e-3 / 12.0.squareRoot()), ("L1", 0.05 * u, 0.1 * u / 12.0.squareRoot()),
      ("L2", 5.5 * u, 9 * u / 12.0.squareRoot()), ("L3", 1, 0.1), ("L4", 1, 0.1), ("L5", u, u * lognormalSpread(1)),
    ] {
      expect(try Ground("latency", preset).latencies(50), mean: mean, deviation: deviation, "\(preset)")
    }
  }

  @Test func linksDifferAsTheirPresetsSay() throws {
    // Virginia to California, and Sao Paulo to Virginia: half of 73 and of 120 ms.
    let cloud = try Ground("latency", "L3", agents: 20).world
    func scale(_ sender: Int, _ receiver: Int) -> Double? {
      (0..<cloud.network.linkCount).first {
        cloud.network.senders[$0].index == sender && cloud.network.receivers[$0].index == receiver
      }.map { cloud.latencies.scales[$0] }
    }
    #expect(scale(0, 1) == 0.0365 && scale(9, 10) == 0.06)
    expect(try Ground("latency", "L4").world.latencies.scales, mean: 0.09, deviation: 0.063, "L4")
    // A link has the lesser rate of its ends: above the median of 10 Mbit/s with probability 1/4, on edges that share no end.
    let access = try Ground("latency", "L6", agents: 1000).world
    let links = try #require(access.links?.bandwidths[0])
    let apart = (0..<access.network.linkCount).filter { link in
      let ends = (access.network.senders[link].index, access.network.receivers[link].index)
      return ends.0 % 2 == 0 && ends.1 == ends.0 + 1
    }
    #expect(apart.count == 500)
    expect(apart.map { links.rates[$0] > 1_250_000 ? 1 : 0 }, mean: 0.25, deviation: 0.1875.squareRoot(), "L6")
  }

  @Test func messagesAreLostAsOftenAsTheirPresetsSay() throws {
    func numbers(_ losses: [[Bool]]) -> [Double] { losses.joined().map { $0 ? 1 : 0 } }
    for (slot, preset, loss) in [("loss", "P1", 0.1), ("latency", "L1", 0.1), ("latency", "L2", 0.5)] {
      let seen = try numbers(Ground(slot, preset).losses(50))
      expect(seen, mean: loss, deviation: (loss * (1 - loss)).squareRoot(), "\(preset)")
    }
    // States are correlated by 1 − 1/10 − 1/90 from message to message, which makes means (1 + r)/(1 − r) as uncertain.
    let bursts = try Ground("loss", "P2").losses(200)
    let correlation = 1 - 0.1 - 0.1 / 9
    let excess = ((1 + correlation) / (1 - correlation)).squareRoot()
    expect(numbers(bursts), mean: 0.1, deviation: 0.3 * excess, "P2")
    let both = bursts.flatMap { messages in zip(messages, messages.dropFirst()).map { $0 && $1 ? 1.0 : 0 } }
    expect(both, mean: 0.1 * (1 - 1.0 / 10), deviation: 0.3 * excess, "a bad spell lasts 10 messages")
    let oneWay = try Ground("loss", "P3")
    let seen = try oneWay.losses(100).map { link in Double(link.count { $0 }) / 100 }
    let network = oneWay.world.network
    #expect((0..<network.linkCount).allSatisfy { (seen[$0] == 0) != (seen[network.reverse[$0].index] == 0) })
    expect(seen.filter { $0 > 0 }, mean: 0.3, deviation: 0.21.squareRoot() / 10, "P3")
  }

  @Test func agentsAreUpAndDownAsLongAsTheirPresetsSay() throws {
    let session = 42.4 * 60 * tgamma(1 + 1 / 0.38)
    for (slot, preset, up, upSpread, down, downSpread) in [
      ("failures", "F1", 10_000 * u, weibullSpread(0.75), 500 * u, lognormalSpread(1.2)),
      ("failures", "F2", session, weibullSpread(0.38), session, 1), ("failures", "F4", 100 * u, 1, 10 * u, 1),
      ("latency", "L1", 10 * u, 1, 40 * u, 1),
      ("latency", "L2", 90 * u, lognormalSpread(1), 10 * u, lognormalSpread(1)),
    ] {
      let seen = try Ground(slot, preset).sojourns(50)
      #expect(seen.up.count == 20_000)
      expect(seen.up, mean: up, deviation: up * upSpread, "\(preset)")
      expect(seen.down, mean: down, deviation: down * downSpread, "\(preset)")
    }
  }

  /// Up while 0.45 − 0.35 cos exceeds a uniform number: of a period the share X, with mean 0.45 and, as
  /// E X² = 0.1 + 0.7 (π² − 4) / (2 π²), variance 0.106.
  @Test func phonesAreUpByTheHourOfTheirDay() throws {
    let ground = try Ground("failures", "F3", until: "72000 s")
    let horizon = 20 * 36_000 * u
    let outages = try Outages(
      ground.settings.conditions.outageCauses, ground.settings.outageContext(in: ground.world, replication: 0))
    #expect(outages.lineCount == 400)
    let shares = (0..<400).map { line in
      var (time, down) = (VirtualTime.zero, 0.0)
      while let begin = outages.begin(of: line, after: time), begin.seconds < horizon {
        let end = min(outages.end(of: line, after: begin)?.seconds ?? horizon, horizon)
        down += end - begin.seconds
        outages.countOutage(of: line)
        time = VirtualTime(seconds: end)
      }
      return 1 - down / horizon
    }
    expect(shares, mean: 0.45, deviation: (0.1056 / 20).squareRoot() * 1.05, "F3")
  }

  /// A third of 60 s is 19.8 s, as 33 % are.
  @Test func scriptedFailuresAreThoseOfTheirPresets() throws {
    let kill = try Ground("failures", "F5", agents: 20, until: "60 s")
    let down = try simulate(kill.settings, in: kill.world).agents.map(\.down).filter { $0 > 0 }
    #expect(down.count == 2 && down.allSatisfy { abs($0 - 40.2) < 1e-9 })
    // Of a ring two edges, four links, part: 200 messages of each.
    let partition = try Ground("failures", "F6", agents: 20, until: "60 s")
    #expect(try simulate(partition.settings, in: partition.world).messages.losses.cut == 4 * 200)
    let bernoulli = try Ground("failures", "F8", agents: 20, timing: "slotted", until: "500 s")
    let record = try simulate(bernoulli.settings, in: bernoulli.world)
    let updates = Double(record.agents.reduce(0) { $0 + $1.updates })
    #expect(abs(updates / 10_000 - 0.5) < standardErrors * 0.5 / 100)
    let sent = Double(record.messages.sent)
    #expect(abs(Double(record.messages.lost) / sent - 0.3) < standardErrors * (0.21 / sent).squareRoot())
  }

  @Test func networksAreThoseOfTheirPresets() throws {
    func degrees(_ preset: String, agents: Int = 64) throws -> [Int] {
      let network = try Ground("network", preset, agents: agents, network: "").world.network
      return (0..<network.nodeCount).map { network.degree(NodeID($0)) }
    }
    #expect(try degrees("G1").allSatisfy { $0 == 2 })
    #expect(try degrees("G2").allSatisfy { $0 == 4 })
    #expect(try degrees("G3").allSatisfy { $0 == 4 })
    #expect(try degrees("G5").reduce(0, +) / 2 == 2 * 62 || degrees("G5").allSatisfy { $0 >= 2 })
    #expect(try degrees("G6").allSatisfy { [3, 4].contains($0) } && degrees("G6").count { $0 == 4 } == 32)
    #expect(try degrees("path").count { $0 == 1 } == 2 && degrees("path").count { $0 == 2 } == 62)
    #expect(try degrees("star").sorted() == Array(repeating: 1, count: 63) + [63])
    // Edges are binomial, among those of connected graphs: a few more.
    let edges = Double(try degrees("G4", agents: 400).reduce(0, +)) / 2
    let mean = 400 * 1.2 * log(400) / 2
    #expect(abs(edges - mean) < standardErrors * mean.squareRoot())
    // Points near the border have fewer neighbours or not, as the topology takes it: the mean to a quarter.
    let close = Double(try degrees("geometric", agents: 400).reduce(0, +)) / 400
    #expect(abs(close / (2 * log(400)) - 1) < 0.25)
  }
}
