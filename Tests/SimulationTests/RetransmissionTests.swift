// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

private func synchronous(_ retransmission: StrategySettings.Retransmission, loss: Double) throws -> SimulationSettings {
  var settings = settings(
    pair, strategy: StrategySettings(timing: .synchronousLocal, retransmission: retransmission), until: 100)
  settings.conditions.links.loss = try .independent(#require(Probability(loss)))
  return settings
}

/// When everything is lost, the estimate sent at 1 is sent again at 1 + T, 1 + T + bT, 1 + T + bT + b²T, …
@Test func repetitionsBackOff() throws {
  var settings = try synchronous(.init(timeout: .seconds(0.5), backOff: 2), loss: 1)
  settings.measurement.until = .seconds(40)
  let seen = try Seen(settings)
  #expect(seen.repetitions(of: 0) == [1.5, 2.5, 4.5, 8.5, 16.5, 32.5])
  #expect(seen.repetitions(of: 1) == seen.repetitions(of: 0))
  #expect(seen.record.messages.sent == 2 * 7)
  #expect(seen.record.messages.lost == 2 * 7)
}

@Test func theBackOffGrowsTenTimesAtMost() throws {
  var settings = try synchronous(.init(timeout: .seconds(1), backOff: 2), loss: 1)
  settings.measurement = MeasurementSettings(until: .seconds(6000), every: .seconds(6000))
  let times = try Seen(settings).repetitions(of: 0)
  let waits = zip(times.dropFirst(), times).map { $0 - $1 }
  #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024, 1024, 1024])
}

/// Three round trips with their transmission, or a tenth of a step; so the times of a scenario scale with its units.
@Test func theUsualTimeoutComesFromTheTimesOfTheScenario() throws {
  for unit in [1.0, 1024] {
    var settings = try synchronous(.init(), loss: 0.3)
    settings.conditions.compute.betweenAgents = .constant(unit)
    let still = try World(settings, replication: 0)
    #expect(
      settings.retransmissionTimeouts(world: still, messageSize: 24) == [.seconds(unit / 10), .seconds(unit / 10)])
    settings.conditions.links.latency = .law(.exponential(mean: 0.25 * unit))
    settings.conditions.links.bandwidth = .rate(Bandwidth(bytes: 88, per: .seconds(unit)))
    let moving = try World(settings, replication: 0)
    #expect(settings.retransmissionTimeouts(world: moving, messageSize: 24).allSatisfy { $0 == .seconds(4.5 * unit) })
  }
}

@Test func withoutLossAndCrashesNothingIsAcknowledged() throws {
  #expect(try Seen(synchronous(.init(), loss: 0)).record.messages.acknowledgements == 0)
  #expect(try Seen(synchronous(.init(acknowledge: .always), loss: 0)).record.messages.acknowledgements == 200)
}

/// Every estimate is sent until both it and its acknowledgement get through. Counted here on the same draws: what is
/// lost, and what arrives again because only the acknowledgement was lost.
@Test func copiesAfterALostAcknowledgementAreDuplicates() throws {
  var settings = try synchronous(.init(timeout: .seconds(0.05), backOff: 1), loss: 0.3)
  settings.conditions.links.latency = .law(.constant(0.01))
  let rounds = 60
  // Stop while both agents compute their step of round 60, when the traffic of earlier rounds has settled.
  let times = try Seen(settings)
  settings.measurement.until = .seconds(min(times.begins(of: 0)[rounds], times.begins(of: 1)[rounds]) + 0.999)
  let world = try World(settings, replication: 0)
  let links = try Transmissions(
    settings.conditions.links, latencies: world.latencies, network: world.network, acknowledges: true,
    seed: settings.seed, replication: 0)
  var expected = (sent: 0, lost: 0, again: 0)
  for link in 0..<2 {
    for round in 0..<UInt64(rounds) {
      var arrived = 0
      for attempt in 0..<UInt32.max {
        expected.sent += 1
        guard !links.isLost(LinkID(link), index: round, attempt: attempt) else {
          expected.lost += 1
          continue
        }
        arrived += 1
        let answer = links.acknowledgementPassage(LinkID(1 - link), canBeLost: true, index: round, attempt: attempt)
        if !answer.isLost { break }
      }
      expected.again += arrived - 1
    }
  }
  let messages = try Seen(settings).record.messages
  #expect(messages.sent == UInt64(expected.sent))
  #expect(messages.lost == UInt64(expected.lost))
  #expect(messages.duplicate + messages.late == UInt64(expected.again))
  #expect(messages.used == UInt64(2 * rounds))
  #expect(expected.again > 20)
}

/// A repetition carries the update number of its estimate, not the number that its sender has reached since: with
/// repetitions ten steps later, the sender is one update ahead where the other direction was not lost.
@Test func anEstimateThatIsSentAgainKeepsItsAge() throws {
  let settings = try synchronous(.init(timeout: .seconds(10), backOff: 1, losesAcknowledgements: false), loss: 0.3)
  let staleness = try Seen(settings).record.staleness
  #expect(staleness.maximumUpdates == 1)
  #expect(staleness.maximumSeconds >= 10)
}

extension Seen {
  /// When an agent's retransmission timers fired.
  fileprivate func repetitions(of agent: Int) -> [Double] {
    events.filter { $0.kind == .timer && $0.tag == 1 && $0.subject == UInt32(agent) }.map(\.time.seconds)
  }
}
