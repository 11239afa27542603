// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

private func burst(_ arguments: Arguments) -> LinkSetting<LossForm> { LinkSetting(.burst, arguments) }

private func inMessages(_ mean: Double = 0.2, length: Double = 5) -> LinkSetting<LossForm> {
  burst(["mean": .number(mean), "length": .number(length)])
}

private func inSeconds(_ mean: Double = 0.2, length: Double = 5, scope: String = "link") -> LinkSetting<LossForm> {
  burst(["mean": .number(mean), "length": .duration(.seconds(length)), "scope": .text(scope)])
}

/// A line of four agents: links b→a, a→b, c→b, b→c, d→c, c→d.
private let names = ["a", "b", "c", "d"]

private func line(_ losses: [LinkSetting<LossForm>]) throws -> Transmissions {
  let network = try Network(names: names, edges: [.init("a", "b"), .init("b", "c"), .init("c", "d")])
  let settings = LinkSettings(loss: LossSettings(losses))
  return try Transmissions(
    settings, plan: settings.plan(LinkDraw(network: network, seed: 3)), network: network, acknowledges: true, seed: 3,
    replication: 0)
}

extension Transmissions {
  /// Why the message of a number, from one, is lost that starts so many seconds after the start.
  fileprivate func cause(_ link: Int, _ number: UInt64, at seconds: Double) -> LossCause? {
    passage(
      LinkID(link), number: number, index: number - 1, attempt: 0, startingAt: VirtualTime(seconds: seconds)
    ).loss
  }
}

@Test func aStateInMessagesDependsOnTheNumberOfTheMessageAndNotOnWhoElseWasAsked() throws {
  let all = try line([inMessages()])
  let some = try line([inMessages()])
  let causes = (1...3000 as ClosedRange<UInt64>).map { all.cause(1, $0, at: 0) }
  #expect(causes.contains(.burst) && causes.contains(nil))
  for number in stride(from: 1 as UInt64, through: 3000, by: 7) {
    #expect(some.cause(1, number, at: Double(number)) == causes[Int(number) - 1])
  }
}

@Test func aStateInTimeDependsOnTheTimeAndNotOnHowOftenItWasAsked() throws {
  let often = try line([inSeconds()])
  let seldom = try line([inSeconds()])
  let causes = (0..<5000).map { often.cause(1, 1, at: Double($0) / 4) }
  #expect(causes.contains(.burst) && causes.contains(nil))
  for tick in stride(from: 0, to: 5000, by: 37) { #expect(seldom.cause(1, 1, at: Double(tick) / 4) == causes[tick]) }
}

/// Constant sojourns: without stationary states all links would be good at the start, and turn together. A share of 1/4 of
/// 6 × 400 independent starts has a standard deviation of 0.0088.
@Test func otherLawsOfSojournsBeginStationaryToo() throws {
  var (bad, count) = (0, 0)
  for seed in 0..<400 as Range<UInt64> {
    let network = try Network(names: names, edges: [.init("a", "b"), .init("b", "c"), .init("c", "d")])
    let law = burst(["good": .special(Distribution.constant(3)), "bad": .special(Distribution.constant(1))])
    let settings = LinkSettings(loss: LossSettings([law]))
    let links = try Transmissions(
      settings, plan: settings.plan(LinkDraw(network: network, seed: seed)), network: network, acknowledges: false,
      seed: seed, replication: 0)
    for link in 0..<6 {
      bad += links.cause(link, 1, at: 0) == nil ? 0 : 1
      count += 1
      let states = stride(from: 0.3, to: 12, by: 0.5).map { links.cause(link, 1, at: $0) }
      // Four seconds later everything is as it was, and a second of each four is bad.
      #expect(Array(states[8...]) == Array(states[..<(states.count - 8)]))
      #expect(states.prefix(8).count { $0 != nil } == 2)
    }
  }
  #expect(abs(Double(bad) / Double(count) - 0.25) < 4.5 * 0.0088)
}

@Test(arguments: BurstLaw.Scope.allCases)
func whoSharesAStateLosesTogether(scope: BurstLaw.Scope) throws {
  let links = try line([inSeconds(0.5, length: 3, scope: scope.rawValue)])
  // Of the links b→a, a→b, c→b, b→c, d→c, c→d those that share a state have one number.
  let groups: [BurstLaw.Scope: [Int]] = [
    .link: [0, 1, 2, 3, 4, 5], .edge: [0, 0, 1, 1, 2, 2], .sender: [1, 0, 2, 1, 3, 2], .receiver: [0, 1, 1, 2, 2, 3],
    .network: [0, 0, 0, 0, 0, 0],
  ]
  let group = try #require(groups[scope])
  // Who shares a state asks for it in the order of time.
  let byTime = (0..<400).map { time in (0..<6).map { link in links.cause(link, 1, at: Double(time)) != nil } }
  let lost = (0..<6).map { link in byTime.map { $0[link] } }
  for one in 0..<6 {
    for other in 0..<6 { #expect((lost[one] == lost[other]) == (group[one] == group[other])) }
  }
}

@Test func anAcknowledgementMeetsTheStateAndMovesNothing() throws {
  let disturbed = try line([inMessages()])
  let alone = try line([inMessages()])
  for number in 1...2000 as ClosedRange<UInt64> {
    let cause = disturbed.cause(1, number, at: 0)
    #expect(cause == alone.cause(1, number, at: 0))
    let answer = disturbed.acknowledgementPassage(
      LinkID(1), canBeLost: true, index: number, attempt: 0, startingAt: .zero)
    // When bad everything is lost, and when good nothing.
    #expect(answer.loss == cause)
  }
}

/// A further way leaves the draws of those before it as they are, and the first that loses a message is the cause.
@Test func losesIfAnyOfSeveralWaysDoesAndTheFirstIsTheCause() throws {
  let plain = LinkSetting(LossForm.independent, ["probability": .number(0.3)])
  let noise = try links(LinkSettings(loss: try #require(Probability(0.3))), seed: 3)
  let both = try line([plain, inMessages()])
  let bursts = try line([burst(["mean": .number(0), "length": .number(5)]), inMessages()])
  for number in 1...4000 as ClosedRange<UInt64> {
    let isNoise = noise.isLost(LinkID(1), index: number - 1, attempt: 0)
    let isBurst = bursts.cause(1, number, at: 0) == .burst
    #expect(both.cause(1, number, at: 0) == (isNoise ? .noise : isBurst ? .burst : nil))
  }
}

@Test func anEdgeLosesInOneDirectionOnly() throws {
  var lossy = [0, 0]
  for seed in 0..<200 as Range<UInt64> {
    let settings = LinkSettings(loss: LossSettings([LinkSetting(.oneWay, ["share": .number(1)])]))
    let network = try pair()
    let links = try Transmissions(
      settings, plan: settings.plan(LinkDraw(network: network, seed: seed)), network: network, acknowledges: false,
      seed: seed, replication: 0)
    let causes = (0..<2).map { links.cause($0, 1, at: 0) }
    #expect(causes.count { $0 == .noise } == 1)
    lossy[causes[0] == nil ? 1 : 0] += 1
  }
  // 100 of 200, within 5 standard deviations.
  #expect(abs(lossy[0] - 100) < 36)
}

@Test func whatIsKnownOfALossIsWhatItsPartsSay() {
  let losses = LossSettings([LinkSetting(.independent, ["probability": .number(0.5)]), inMessages(0.2)])
  #expect(abs(losses.mean - 0.6) < 1e-12)
  #expect(losses.independent == nil && losses.canLose && !LossSettings.never.canLose)
  #expect(LossSettings.never.independent == 0)
  #expect(losses.bursts.map(\.meanLength) == [5])
}
