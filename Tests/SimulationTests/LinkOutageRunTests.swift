// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation
import Testing

private func outages(
  up: Distribution, down: Distribution, scope: LinkOutageSettings.Scope = .edge, start: String = "up"
) -> LinkOutageSettings {
  LinkOutageSettings([
    "up": .special(up), "down": .special(down), "scope": .text(scope.rawValue), "start": .text(start),
  ])
}

/// Up for 3.5 s, down for 3 s, and so on: of the messages of 1, 2, ..., 10 s those of 4, 5 and 6 s and of 10 s are lost, as
/// by cuts that the timeline says.
@Test func anOutageOfALinkIsACut() throws {
  var drawn = settings(ring(2), dimension: 1, until: 10.5)
  drawn.conditions.links.outages = outages(up: .constant(3.5), down: .constant(3))
  var scripted = settings(ring(2), dimension: 1, until: 10.5)
  scripted.timeline = [cut(at: 3.5, for: 3), cut(at: 10, for: 3)]
  let (seen, other) = (try Seen(drawn), try Seen(scripted))
  #expect(seen.record.messages.losses.cut == 8)
  #expect(seen.record.messages == other.record.messages)
  #expect(seen.parameters == other.parameters)
}

/// A cut and an outage that overlap give one cut: down from 3.5 to 6.5 s, and cut from 5.5 to 8.5 s.
@Test func aCutAndAnOutageThatOverlapAreOne() throws {
  var both = settings(ring(2), dimension: 1, until: 9.9)
  both.conditions.links.outages = outages(up: .constant(3.5), down: .constant(3))
  both.timeline = [cut(at: 5.5, for: 3)]
  // Those of 4, 5, ..., 8 s, both ways.
  #expect(try Seen(both).record.messages.losses.cut == 10)
}

/// Each direction by itself, and the same whatever else an arm has.
@Test func outagesOfLinksAreThoseOfEveryArm() throws {
  func cuts(_ strategy: StrategySettings, loss: Double, scope: LinkOutageSettings.Scope) throws -> [VirtualTime] {
    var settings = settings(ring(4), strategy: strategy, until: 60)
    settings.conditions.compute.withinAgent = .exponential(mean: 1)
    settings.conditions.links.loss = .independent(try #require(Probability(loss)))
    settings.conditions.links.outages = outages(
      up: .exponential(mean: 5), down: .exponential(mean: 2), scope: scope, start: "stationary")
    let outages = LinkOutages(
      settings.conditions.links.outages, network: try World(settings, replication: 0).network, seed: settings.seed,
      replication: 0)
    return (0..<outages.lineCount).compactMap { outages.begin(of: $0, after: .zero) }
  }
  let plain = StrategySettings(timing: .asynchronous)
  let one = try cuts(plain, loss: 0, scope: .link)
  #expect(one.count == 8 && Set(one).count > 4)
  #expect(try cuts(StrategySettings(kind: .pushSum), loss: 0.3, scope: .link) == one)
  #expect(try cuts(plain, loss: 0, scope: .edge).count == 4)
}

/// Constants stay, fates sum to what was sent and causes to what was lost, and nobody waits for ever.
@Test func aConstantSurvivesOutagesOfLinks() throws {
  for strategy in cases(everyStrategy) {
    for scope in LinkOutageSettings.Scope.allCases {
      var settings = settings(ring(6), stepSize: 0, strategy: strategy, until: 200)
      settings.learner.initial = .constant(0.1)
      settings.conditions.compute.withinAgent = .exponential(mean: 1)
      settings.conditions.links = LinkSettings(latency: .law(.exponential(mean: 0.3)))
      settings.conditions.links.outages = outages(
        up: .exponential(mean: 8), down: .exponential(mean: 2), scope: scope, start: "stationary")
      let seen = try Seen(settings)
      let fates = seen.record.messages
      #expect(seen.parameters.allSatisfy { $0 == 0.1 })
      #expect(fates.accounted == fates.sent && fates.losses.all == fates.lost)
      #expect(fates.losses.cut > 10 && fates.used > 50, "\(strategy)")
      #expect(seen.record.ending == .until)
    }
  }
}
