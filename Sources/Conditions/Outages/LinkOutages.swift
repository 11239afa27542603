// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

/// Links that go down and come up by themselves, silently: cuts that alternate.
package struct LinkOutageSettings: Sendable, Equatable {
  /// What goes down as one.
  package enum Scope: String, Sendable, CaseIterable {
    /// Both directions of an edge.
    case edge
    /// Each directed link.
    case link
  }

  /// The values of `parameters`.
  package var arguments: Arguments

  package static let parameters: [Parameter] =
    RenewalLines.parameters(ofUp: "a link stays up") + [
      Parameter(
        "scope", .choice(Scope.allCases.map(\.rawValue)), "edge: both directions go down as one; link: each by itself",
        .otherwise(.text(Scope.edge.rawValue)))
    ]

  package init(_ arguments: Arguments) { self.arguments = arguments.completed(by: Self.parameters) }

  package var scope: Scope { arguments.text("scope").flatMap(Scope.init(rawValue:)) ?? .edge }

  /// What about the values cannot be.
  package var fault: Fault? { RenewalLines.fault(arguments) }

  /// What is known of a link before anything is drawn.
  package func facts(_ question: OutageQuestion) -> OutageFacts { RenewalLines.facts(arguments, question, hit: 1) }
}

/// When links go down and come up, in one run: one line for each link or edge, each by itself and the same in every arm.
///
/// *Randomness*: `linkUp` and `linkDown` of the link, or of the link of an edge from the agent that is first by name; one
/// draw each per outage, indexed by its number.
package struct LinkOutages: ~Copyable {
  private let lines: RenewalLines?
  /// The links of each line; of a line of one link it stands twice.
  private let first: Column<LinkID>
  private let second: Column<LinkID>
  /// The outages that each line has had.
  private let numbers: Column<UInt32>

  /// The outages of one replication; without settings no link goes down.
  package init(_ settings: LinkOutageSettings?, network: Network, seed: UInt64, replication: UInt32) {
    let chosen = settings.map { network.lines(byEdge: $0.scope == .edge) } ?? (first: [], second: [])
    let keys = chosen.first.map { network.key($0) }
    let up = StreamFamily(seed: seed, replication: replication, purpose: .linkUp)
    let down = StreamFamily(seed: seed, replication: replication, purpose: .linkDown)
    lines = settings.map {
      RenewalLines($0.arguments, upKeys: keys.map(up.key), downKeys: keys.map(down.key))
    }
    first = Column(chosen.first)
    second = Column(chosen.second)
    numbers = Column(repeating: 0, count: chosen.first.count)
  }

  /// How many lines there are.
  package var lineCount: Int { numbers.count }

  /// The links that a line is about: two, or the same one twice.
  package func links(of line: Int) -> (LinkID, LinkID) { (first[line], second[line]) }

  /// When the next outage of a line begins, whose last one ends now; nothing if there is none.
  package func begin(of line: Int, after now: VirtualTime) -> VirtualTime? {
    lines?.begin(of: numbers[line], of: line, after: now)
  }

  /// When the outage of a line ends that begins now; nothing if it does not.
  package func end(of line: Int, after now: VirtualTime) -> VirtualTime? {
    lines?.end(of: numbers[line], of: line, after: now)
  }

  /// Counts an outage that has ended.
  package func countOutage(of line: Int) { numbers[line] += 1 }

  /// What of it changes while the run goes on.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("outages of links", numbers)
  }
}
