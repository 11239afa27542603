// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// When edges of the network come and go, in one run: one line for each edge, of a directed graph for each link, each by
/// itself and the same in every arm.
///
/// Where both laws are exponential the lines are stationary at the start, else every edge is there.
///
/// *Randomness*: `edgePresent` and `edgeAbsent` of the link of an edge from the agent that is first by name; one draw each
/// per spell, indexed by its number. How a stationary line begins: `edgePresent` at 2³².
package struct EdgeSpells: ~Copyable {
  private let lines: RenewalLines?
  /// The links of each line; of a line of one link it stands twice.
  private let first: Column<LinkID>
  private let second: Column<LinkID>
  /// How often each line has been away.
  private let numbers: Column<UInt32>

  /// The spells of one replication; without settings every edge stays.
  package init(_ settings: NetworkSettings.EdgeSpells?, network: Network, seed: UInt64, replication: UInt32) {
    let chosen: (first: [LinkID], second: [LinkID]) = settings == nil ? ([], []) : network.lines(byEdge: true)
    func keys(_ purpose: Purpose) -> [StreamKey] {
      let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
      return chosen.first.map { family.key(network.key($0)) }
    }
    lines = settings.map { settings in
      RenewalLines(
        up: settings.present, down: settings.absent, start: settings.isMemoryless ? .stationary : .up,
        upKeys: keys(.edgePresent), downKeys: keys(.edgeAbsent))
    }
    first = Column(chosen.first)
    second = Column(chosen.second)
    numbers = Column(repeating: 0, count: chosen.first.count)
  }

  /// How many lines there are.
  package var lineCount: Int { numbers.count }

  /// The links that a line is about: one or two.
  package func links(of line: Int) -> [LinkID] {
    first[line] == second[line] ? [first[line]] : [first[line], second[line]]
  }

  /// When a line goes that comes now, or is there at the start; nothing if it stays.
  package func end(of line: Int, after now: VirtualTime) -> VirtualTime? {
    lines?.begin(of: numbers[line], of: line, after: now)
  }

  /// When a line comes back that goes now; nothing if it does not.
  package func comeback(of line: Int, after now: VirtualTime) -> VirtualTime? {
    lines?.end(of: numbers[line], of: line, after: now)
  }

  /// Counts a time that a line was away.
  package func count(_ line: Int) { numbers[line] += 1 }

  /// What of it changes while the run goes on.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("spells of edges", numbers)
  }
}

extension NetworkSettings.EdgeSpells {
  /// Whether both laws are exponential.
  package var isMemoryless: Bool {
    present.definition === LawDefinition.exponential && absent.definition === LawDefinition.exponential
  }

  /// The share of time that an edge is there in the long run.
  package var shareThere: Double { 1 - RenewalLines.shareDown(present, absent) }
}
