// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Schema

/// How a network falls into sides.
package struct PartitionSettings: Sendable, Equatable {
  /// What agents of one side have in common.
  package enum Kind: String, Sendable, CaseIterable {
    case group
    case region
  }

  package enum Sides: Sendable, Equatable {
    /// These; who is in none of them is one more side.
    case listed([Side])
    case by(Kind)
    case halves(Bisection)
  }

  package struct Side: Sendable, Equatable {
    /// Where sides have names.
    package let name: String?
    package let agents: [String]
  }

  package var sides: Sides
  /// The name of a side or of an agent, on whose side a fusion centre is; nothing for the first side.
  package var centreWith: String?
  package var inFlight: InFlight
  /// Whether both ends of each link know, so that it leaves the present graph.
  package var isKnown: Bool
}

extension PartitionSettings {
  /// What is written, which reading has checked.
  init(_ arguments: Arguments) {
    if let kind = arguments.text("by").flatMap(Kind.init) {
      sides = .by(kind)
    } else if let bisection = arguments.text("bisect").flatMap(Bisection.init) {
      sides = .halves(bisection)
    } else if let named = arguments["groups"]?.entries {
      sides = .listed(named.map { Side(name: $0.name, agents: $0.value.names ?? []) })
    } else {
      sides = .listed((arguments["groups"]?.list ?? []).map { Side(name: nil, agents: $0.names ?? []) })
    }
    centreWith = arguments.text("centre-with")
    inFlight = arguments.inFlight
    isKnown = arguments.flag("known")
  }

  /// The sides that are made of lists of agents, by name where they have names; those who are in none come last.
  ///
  /// - Returns: nothing for halves, which are found.
  func lists(in ground: SelectionGround) -> [(name: String?, ranks: [Int])]? {
    switch sides {
    case .listed(let sides): sides.map { side in (side.name, side.agents.compactMap(ground.rank)) }
    case .by(.group): ground.groups.map { ($0.name, $0.ranks) }
    case .by(.region): ground.regions.map { ($0.name, $0.ranks) }
    case .halves: nil
    }
  }

  /// On which side each agent is, from zero, and then the fusion centre if there is one.
  ///
  /// - Parameters:
  ///   - members: whether each agent is there, where agents come and go: halves are of those who are.
  ///   - hasLink: the same of links.
  /// - Throws: if a graph cannot be cut into halves.
  func sides(
    in ground: SelectionGround, hasCentre: Bool, members: [Bool]? = nil, hasLink: [Bool]? = nil
  ) throws(SimulationError) -> [Int] {
    var side: [Int]
    var names: [String?] = []
    if case .halves(let bisection) = sides {
      side = [Int](repeating: 1, count: ground.count)
      for rank in try bisection.firstHalf(of: ground.agents, members: members, hasLink: hasLink) { side[rank] = 0 }
    } else {
      let lists = lists(in: ground) ?? []
      names = lists.map(\.name)
      side = [Int](repeating: lists.count, count: ground.count)
      for (number, list) in lists.enumerated() { for rank in list.ranks { side[rank] = number } }
    }
    guard hasCentre else { return side }
    let named = centreWith.flatMap { name in names.firstIndex { $0 == name } ?? ground.rank(name).map { side[$0] } }
    return side + [named ?? 0]
  }
}

extension Bisection {
  /// The agents of the first half of a network, whose links count both ways.
  ///
  /// - Parameters:
  ///   - members: whether each agent is there; nothing where all are.
  ///   - hasLink: whether each link is; nothing where all are.
  func firstHalf(
    of network: Network, members: [Bool]? = nil, hasLink: [Bool]? = nil
  ) throws(SimulationError) -> [Int] {
    let present = (0..<network.nodeCount).filter { members?[$0] ?? true }
    if self == .spectral, present.count > Self.mostNodesOfSpectral {
      throw SimulationError(
        "A spectral bisection is of at most \(Self.mostNodesOfSpectral) agents; bfs has no bound.")
    }
    var place = [Int?](repeating: nil, count: network.nodeCount)
    for (position, rank) in present.enumerated() { place[rank] = position }
    var neighbours = [Set<Int>](repeating: [], count: present.count)
    for link in 0..<network.linkCount where hasLink?[link] != false {
      guard let sender = place[network.senders[link].index], let receiver = place[network.receivers[link].index] else {
        continue
      }
      neighbours[sender].insert(receiver)
      neighbours[receiver].insert(sender)
    }
    guard let half = firstHalf(of: neighbours.map { $0.sorted() }) else {
      throw SimulationError("There is not enough memory for the eigenvectors of a spectral bisection.")
    }
    return half.map { present[$0] }
  }
}
