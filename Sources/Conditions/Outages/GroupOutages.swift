// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

extension OutageDefinition {
  /// What the groups of a cause are.
  package enum GroupKind: String, Sendable, CaseIterable {
    /// Those of `conditions.groups`.
    case group
    /// The regions of the latency.
    case region
  }

  /// Agents of a group, such as a rack or a region, go down together.
  ///
  /// *Randomness*: `groupUp` and `groupDown` of the group, one draw each per outage, and `groupHit` of the group with the
  /// agent, one uniform number per outage; all indexed by the number of the group's outage.
  package static let groups = OutageDefinition(
    name: "groups", meaning: "all agents of a group, or some of them, go down together and come up together",
    parameters: RenewalLines.parameters(ofUp: "a group stays up") + [
      Parameter(
        "of", .choice(GroupKind.allCases.map(\.rawValue)),
        "group: those of conditions.groups; region: the regions of the latency",
        .otherwise(.text(GroupKind.group.rawValue))),
      Parameter("hit", .probability, "with which an outage takes each member down", .otherwise(.number(1))),
    ],
    check: RenewalLines.fault,
    facts: { arguments, question in RenewalLines.facts(arguments, question, hit: arguments.number("hit") ?? 1) },
    make: { arguments, context in GroupOutages(arguments, context) })
}

/// Groups that fail each by itself, with what their outages take down.
private struct GroupOutages: OutageProcess {
  private let names: [String]
  private let members: [[NodeID]]
  /// In how many of the groups each agent is.
  private let memberships: [Int]
  private let hitKeys: [[StreamKey]]
  private let hit: Double
  private let lines: RenewalLines

  init(_ arguments: Arguments, _ context: OutageContext) {
    let all = arguments.groupKind == .region ? context.ground.regions : context.ground.groups
    let isAbout = Set(context.agents)
    let groups = all.map { ($0.name, $0.ranks.filter(isAbout.contains)) }.filter { !$0.1.isEmpty }
    names = groups.map(\.0)
    members = groups.map { $0.1.map { NodeID($0) } }
    memberships = groups.reduce(into: Array(repeating: 0, count: context.names.count)) { counts, group in
      for rank in group.1 { counts[rank] += 1 }
    }
    hit = arguments.number("hit") ?? 1
    let keys = names.map { EntityKey($0) }
    lines = RenewalLines(
      arguments, upKeys: context.streams(.groupUp, of: keys), downKeys: context.streams(.groupDown, of: keys))
    hitKeys = zip(keys, groups).map { key, group in
      context.streams(.groupHit, of: group.1.map { EntityKey(from: key, to: context.keys[$0]) })
    }
  }

  var lineCount: Int { names.count }

  func agentCount(of line: Int) -> Int { members[line].count }

  func agent(_ position: Int, of line: Int) -> NodeID { members[line][position] }

  func takesDown(_ position: Int, of line: Int, outage: UInt32) -> Bool {
    hit == 1 || hitKeys[line][position].uniform(at: UInt64(outage)) < hit
  }

  func begin(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    lines.begin(of: outage, of: line, after: time)
  }

  func end(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    lines.end(of: outage, of: line, after: time)
  }

  func availability(of agent: NodeID, at seconds: Double) -> Double? {
    let count = memberships[agent.index]
    if count == 0 { return 1 }
    // The groups of an agent fail independently of each other.
    return lines.availability(at: seconds).map { up in
      (0..<count).reduce(1) { product, _ in product * (1 - hit * (1 - up)) }
    }
  }

  func title(of line: Int) -> String { "group \(names[line])" }
}

extension Arguments {
  /// Of what groups a cause is.
  package var groupKind: OutageDefinition.GroupKind {
    text("of").flatMap(OutageDefinition.GroupKind.init(rawValue:)) ?? .group
  }
}
