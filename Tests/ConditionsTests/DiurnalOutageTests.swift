// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Networks
import Quantities
import Randomness
import Schema
import Testing

private func cause(low: Double, high: Double, phase: Distribution = .constant(0)) -> FailureSettings.Cause {
  .init(
    .diurnal,
    ["low": .number(low), "high": .number(high), "period": .duration(.seconds(10)), "phase": .special(phase)])
}

/// Whether an agent is up at a time, by its changes.
private func isUp(_ changes: [VirtualTime], at seconds: Double) -> Bool {
  changes.count { $0.seconds <= seconds }.isMultiple(of: 2)
}

/// P(up at t) = a(t): of 4,000 agents in five periods, that is 20,000 sessions, a share within 4.9 standard errors at 20
/// times, a false-alarm probability of 2e-5 together.
@Test(arguments: [(0.1, 0.8), (0, 1), (0.4, 1), (0, 0.3)])
func anAgentIsUpWithTheProbabilityOfItsHour(low: Double, high: Double) throws {
  for phase in [0, 0.3, 1] {
    let outages = try outages(
      [cause(low: low, high: high, phase: .constant(phase))], agents: 4000, until: VirtualTime(seconds: 50))
    let changes = (0..<4000).map { outages.changes(of: $0, before: VirtualTime(seconds: 50)) }
    for step in 0..<20 {
      let place = Double(step) / 20 + 0.01
      let times = (0..<5).map { (Double($0) + place) * 10 }
      let share = Double(changes.reduce(0) { sum, own in sum + times.count { isUp(own, at: $0) } }) / 20_000
      let expected = low + (high - low) * (1 - cos(2 * .pi * (place - phase))) / 2
      #expect(abs(share - expected) < 4.9 * (expected * (1 - expected) / 20_000).squareRoot() + 1e-9)
      let predicted = outages.cause(of: 0).process.availability(of: NodeID(0), at: times[0])
      #expect(abs((predicted ?? .nan) - expected) < 1e-9)
    }
  }
}

/// With low 0 nobody is up at the least of the probability, so each period has one session at most, about its middle.
@Test func thereIsOneSessionAPeriod() throws {
  let outages = try outages([cause(low: 0, high: 1)], agents: 50, until: VirtualTime(seconds: 1000))
  for agent in 0..<50 {
    let changes = outages.changes(of: agent, before: VirtualTime(seconds: 1000))
    #expect(changes.first == .zero)
    #expect(changes == changes.sorted() && Set(changes).count == changes.count)
    for (begin, end) in zip(changes.dropFirst(), changes.dropFirst(2)) where isUp(changes, at: begin.seconds) {
      let middle = (begin.seconds + end.seconds) / 2
      #expect(abs(middle.truncatingRemainder(dividingBy: 10) - 5) < 1e-8)
      #expect(end.seconds - begin.seconds < 10)
    }
    // One session in each of 100 periods, but for those too short to begin.
    #expect(changes.count >= 199 && changes.count <= 201)
  }
}

/// Whoever is up all the time of a period, and of the next, does not go down between them.
@Test func sessionsThatMeetAreOne() throws {
  let outages = try outages([cause(low: 0.999_999, high: 1)], agents: 20, until: VirtualTime(seconds: 10_000))
  let changes = (0..<20).map { outages.changes(of: $0, before: VirtualTime(seconds: 10_000)) }
  #expect(changes.count { $0.isEmpty } >= 19)
}

/// The phase is drawn once per study, the sessions in every replication.
@Test func aPhaseIsOfTheStudy() throws {
  let cause = cause(low: 0, high: 1, phase: .uniform(lower: 0, upper: 1))
  func seen(_ replication: UInt32) throws -> (now: [Double?], changes: [[VirtualTime]]) {
    let outages = try outages([cause], agents: 10, replication: replication, until: VirtualTime(seconds: 100))
    let process = outages.cause(of: 0).process
    return (
      (0..<10).map { process.availability(of: NodeID($0), at: 3) },
      (0..<10).map { outages.changes(of: $0, before: VirtualTime(seconds: 100)) }
    )
  }
  let (first, second) = (try seen(0), try seen(1))
  #expect(first.now == second.now)
  #expect(Set(first.now).count == 10)
  #expect(Set(first.changes).isDisjoint(with: second.changes))
}
