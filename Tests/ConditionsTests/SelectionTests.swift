// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

private func ground(_ network: Network, _ groups: AgentGroups? = nil, regions: [String: String] = [:])
  -> SelectionGround
{
  SelectionGround(agents: network, groups: groups, regionOfAgent: regions)
}

private func draw(_ name: String = "event", _ occurrence: Int = 0, replication: UInt32 = 0) -> ChoiceDraw {
  ChoiceDraw(
    StreamFamily(seed: 3, replication: replication, purpose: .choice), name: name, occurrence: occurrence)
}

/// Agents in a row, of which the second hears three more at its side.
private func network() throws -> Network {
  try Network(
    names: ["a", "b", "c", "d", "e", "f"],
    edges: [.init("a", "b"), .init("b", "c"), .init("c", "d"), .init("d", "e"), .init("b", "f"), .init("b", "e")])
}

@Test func aShareOfAgentsIsRoundedAndContainsEverySmallerShare() throws {
  let ground = try ground(loners(20))
  var smaller: Set<Int> = []
  for (share, count) in [(0, 0), (0.02, 0), (0.03, 1), (0.1, 2), (0.25, 5), (0.5, 10), (1, 20)] {
    let chosen = ground.ranks(.random(.share(share)), draw())
    #expect(chosen.count == count && chosen == chosen.sorted())
    #expect(smaller.isSubset(of: chosen))
    smaller = Set(chosen)
  }
  #expect(ground.ranks(.random(.count(5)), draw()) == ground.ranks(.random(.share(0.25)), draw()))
  #expect(ground.ranks(.random(.count(30)), draw()).count == 20)
}

/// Each event draws by its name, each time anew, and each replication for itself.
@Test func choicesDependOnNameOccurrenceAndReplication() throws {
  let ground = try ground(loners(40))
  func chosen(_ draw: ChoiceDraw) -> [Int] { ground.ranks(.random(.count(10)), draw) }
  #expect(chosen(draw("crash@40s")) == chosen(draw("crash@40s")))
  let others = [
    draw("crash@40s"), draw("crash@41s"), draw("crash@40s", 1), draw("crash@40s", replication: 1),
  ].map(chosen)
  for first in others.indices { for second in 0..<first { #expect(others[first] != others[second]) } }
}

/// Who else is there moves nobody's lot: of twice as many agents twice the share holds all who were chosen before.
@Test func whoElseIsThereDoesNotChangeAnAgentsLot() throws {
  let few = try ground(loners(20)).ranks(.random(.count(4)), draw())
  let all = try ground(loners(40)).ranks(.random(.count(24)), draw())
  #expect(Set(few).isSubset(of: all))
  let present = try ground(loners(40)).ranks(.random(.count(4)), draw(), isPresent: { $0 < 20 })
  #expect(present == few)
}

/// Over many events every agent is chosen equally often: 20 of 40 in 2,000 draws, within five standard deviations.
@Test func everyAgentIsEquallyProbable() throws {
  let ground = try ground(loners(40))
  var times = [Int](repeating: 0, count: 40)
  for occurrence in 0..<2000 {
    for rank in ground.ranks(.random(.share(0.5)), draw("x", occurrence)) { times[rank] += 1 }
  }
  #expect(times.allSatisfy { abs($0 - 1000) < 112 }, "\(times)")
}

@Test func theHighestDegreesComeFirstAndNamesDecideTies() throws {
  let ground = try ground(network())
  #expect(ground.ranks(.highestDegree(.count(1)), draw()) == [1])
  // c, d and e have two neighbours each.
  #expect(ground.ranks(.highestDegree(.count(3)), draw()) == [1, 2, 3])
  #expect(ground.ranks(.highestDegree(.share(0.66)), draw()) == [1, 2, 3, 4])
  #expect(ground.ranks(.highestDegree(.count(1)), draw(), degree: { $0 == 5 ? 9 : 0 }) == [5])
  #expect(ground.ranks(.highestDegree(.count(1)), draw(), isPresent: { $0 != 1 }) == [2])
}

@Test func namesGroupsRegionsAndEarlierChoicesAreWhoTheySay() throws {
  let ground = try ground(
    network(), .named(["rack-2": ["f", "a"], "rack-10": ["b"]]), regions: ["a": "IE", "b": "IE", "c": "VA"])
  #expect(ground.ranks(.all, draw()) == [0, 1, 2, 3, 4, 5])
  #expect(ground.ranks(.named(["d", "a"]), draw()) == [0, 3])
  #expect(ground.ranks(.group("rack-2"), draw()) == [0, 5])
  #expect(ground.ranks(.region("IE"), draw()) == [0, 1])
  #expect(ground.groups.map(\.name) == ["rack-2", "rack-10"] && ground.regions.map(\.name) == ["IE", "VA"])
  #expect(ground.ranks(.event("x"), draw(), chosenBefore: { $0 == "x" ? [2, 4] : [] }) == [2, 4])
  let any = Set((0..<50).map { ground.ranks(.group(nil), draw("any", $0)) })
  #expect(any == [[0, 5], [1]])
  #expect(Set((0..<50).map { ground.ranks(.region(nil), draw("any", $0)) }) == [[0, 1], [2]])
}

@Test func groupsOfOneSizeAreTakenInOrder() throws {
  let ground = try ground(loners(7), .size(3))
  #expect(ground.groups.map(\.name) == ["group-0", "group-1", "group-2"])
  #expect(ground.groups.map(\.ranks) == [[0, 1, 2], [3, 4, 5], [6]])
}

// MARK: - Links

private func chosenLinks(
  _ selector: LinkSelector, _ direction: LinkSelector.Direction = .both, _ draw: ChoiceDraw = draw()
) throws -> Set<String> {
  let network = try network()
  let ground = ground(network, .named(["west": ["a", "b"], "east": ["e", "f"]]))
  let links = ground.links(selector, direction, in: network, draw, chosenAgents: { ground.ranks($0, draw) })
  #expect(links == links.sorted())
  return Set(links.map { network.names[network.senders[$0].index] + network.names[network.receivers[$0].index] })
}

@Test func linksAreThoseThatAreWritten() throws {
  #expect(try chosenLinks(.all).count == 12)
  #expect(try chosenLinks(.all, .forward) == ["ab", "bc", "cd", "de", "bf", "be"])
  #expect(try chosenLinks(.all, .backward) == ["ba", "cb", "dc", "ed", "fb", "eb"])
  let pairs = LinkSelector.pairs([["b", "a"], ["d", "e"], ["a", "f"]])
  #expect(try chosenLinks(pairs) == ["ab", "ba", "de", "ed"])
  #expect(try chosenLinks(pairs, .forward) == ["ba", "de"])
  #expect(try chosenLinks(pairs, .backward) == ["ab", "ed"])
  #expect(try chosenLinks(.of(.named(["c"]))) == ["bc", "cb", "cd", "dc"])
  #expect(try chosenLinks(.of(.named(["c"])), .forward) == ["cb", "cd"])
  #expect(try chosenLinks(.of(.named(["c"])), .backward) == ["bc", "dc"])
  #expect(try chosenLinks(.between("west", "east")) == ["bf", "fb", "be", "eb"])
  #expect(try chosenLinks(.between("west", "east"), .forward) == ["bf", "be"])
  #expect(try chosenLinks(.between("west", "east"), .backward) == ["fb", "eb"])
}

/// Edges are drawn, not links; a larger share contains a smaller one, and the direction changes no draw.
@Test func aShareOfTheEdgesIsNested() throws {
  var smaller: Set<String> = []
  for (share, count) in [(0, 0), (0.2, 1), (0.5, 3), (0.8, 5), (1, 6)] {
    let both = try chosenLinks(.share(share))
    let forward = try chosenLinks(.share(share), .forward)
    #expect(both.count == 2 * count && forward.count == count)
    #expect(smaller.isSubset(of: both) && forward.isSubset(of: both))
    #expect(try both == forward.union(chosenLinks(.share(share), .backward)))
    smaller = both
  }
  #expect(Set(try (0..<40).map { try chosenLinks(.share(0.2), .both, draw("x", $0)) }).count == 6)
}

// MARK: - As they are written

@Test func selectorsReadAsTheyAreWritten() {
  let agents: [AgentSelector] = [
    .all, .named(["a", "all"]), .random(.share(0.3)), .random(.share(1)), .random(.count(1)), .highestDegree(.count(2)),
    .highestDegree(.share(0.1)), .group("rack-1"), .group(nil), .region("IE"), .region(nil), .event("crash@40s"),
  ]
  for selector in agents { #expect(AgentSelector(selector.argument) == selector) }
  let links: [LinkSelector] =
    [.all, .pairs([["a", "b"], ["b", "c"]]), .share(0.2), .between("west", "east"), .event("cut@1s")]
    + agents.map { .of($0) }
  for selector in links { #expect(LinkSelector(selector.argument) == selector) }
  #expect(AgentSelector(.record(["share": .number(0.1), "count": .count(2)])) == nil)
  #expect(AgentSelector(.text("some")) == nil)
}
