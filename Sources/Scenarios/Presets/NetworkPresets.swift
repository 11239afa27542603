// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

private let topology = "network.topology"

/// Who hears whom. The number of agents is the scenario's.
extension PresetDefinition {
  private static func network(
    _ name: String, _ title: String, _ meaning: String, saysAgents: Bool = false,
    _ settings: @escaping @Sendable (PresetGround) throws(PresetTrouble) -> [Setting]
  ) -> PresetDefinition {
    PresetDefinition(
      name, title, .network, meaning, choice: topology, replaces: saysAgents ? [("network", "agents")] : [],
      settings: settings)
  }

  static let ring = network("G1", "ring", "agents on a circle") { _ throws(PresetTrouble) in [(topology, "ring")] }

  static let torus = network("G2", "torus", "a grid as nearly square as can be, closed both ways", saysAgents: true) {
    ground throws(PresetTrouble) in
    let count = try ground.knownAgents()
    let rows = (1...max(1, Int(Double(count).squareRoot()))).last { count % $0 == 0 } ?? 1
    guard rows > 2 else {
      throw .impossible(
        "\(count) agents make no torus with three rows or more; take a number such as \(nearestSquare(count))")
    }
    return [(topology, "torus"), ("network.rows", "\(rows)"), ("network.columns", "\(count / rows)")]
  }

  static let randomRegular = network("G3", "random-regular", "a random graph in which everybody has four neighbours") {
    _ throws(PresetTrouble) in [(topology, "random-regular"), ("network.degree", "4")]
  }

  static let sparseRandom = network("G4", "erdos-renyi", "a random graph just above connectivity: mean degree 1.2 ln N")
  {
    ground throws(PresetTrouble) in
    let count = Double(try ground.knownAgents())
    return [(topology, "erdos-renyi"), ("network.mean-degree", plainNumber(min(1.2 * log(count), count - 1)))]
  }

  static let preferential = network("G5", "barabasi-albert", "a grown graph with hubs, two edges for each agent") {
    _ throws(PresetTrouble) in [(topology, "barabasi-albert"), ("network.edges-per-agent", "2")]
  }

  static let cliques = network("G6", "ring-of-cliques", "groups of four on a ring", saysAgents: true) {
    ground throws(PresetTrouble) in
    let count = try ground.knownAgents()
    guard count % 4 == 0 else { throw .impossible("\(count) agents are no groups of four") }
    return [(topology, "ring-of-cliques"), ("network.cliques", "\(count / 4)"), ("network.clique-size", "4")]
  }

  static let onePeer = network(
    "one-peer", "one-peer-exponential", "agents send to one at a time, those a power of two away in turn"
  ) { _ throws(PresetTrouble) in [(topology, "exponential"), ("network.send-to", "one-peer")] }

  static let path = network("path", "row", "agents in a row: the smallest spectral gap") { _ throws(PresetTrouble) in
    [(topology, "path")]
  }

  static let star = network("star", "hub", "one agent in the middle") { _ throws(PresetTrouble) in [(topology, "star")]
  }

  static let geometric = network("geometric", "random-geometric", "agents at random points, linked when close") {
    ground throws(PresetTrouble) in
    let count = Double(try ground.knownAgents())
    return [(topology, "random-geometric"), ("network.mean-degree", plainNumber(min(2 * log(count), count - 1)))]
  }

  private static func nearestSquare(_ count: Int) -> Int {
    let side = max(3, Int(Double(count).squareRoot().rounded()))
    return side * side
  }
}
