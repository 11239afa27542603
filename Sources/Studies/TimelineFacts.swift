// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Simulation

/// Whom and what the timeline of an arm is about in replication 0, where its text does not say it.
package struct TimelineFacts: Sendable, Equatable, Encodable {
  /// A side of a partition.
  package struct Piece: Sendable, Equatable, Encodable {
    package let agents: [String]
    /// The second singular value of the combination matrix of this side alone; one where it is in pieces itself, nothing
    /// where it is not known.
    package let secondSingularValue: Double?
  }

  /// What an entry is about when it comes for the first time.
  package struct Entry: Sendable, Equatable, Encodable {
    package let name: String
    package let agents: [String]
    /// How many links it cuts or changes.
    package let links: Int
    /// The sides of a partition.
    package let pieces: [Piece]
  }

  package let entries: [Entry]

  /// - Returns: nothing where there is nothing to say.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard !settings.timeline.isEmpty, let scripted = try? ScriptedChoices(settings, in: world) else { return nil }
    let names = world.agents.names
    entries = scripted.choices.map { choice in
      let sides = Set(choice.sides).sorted().map { side in choice.sides.indices.filter { choice.sides[$0] == side } }
      return Entry(
        name: choice.name, agents: choice.agents.map { names[$0] }, links: choice.links,
        pieces: sides.map { Piece($0, settings, world) })
    }
    if entries.isEmpty { return nil }
  }

  /// Entries of which all is said; of more the first.
  private static let most = 6
  /// Agents that are named; of more the first.
  private static let mostNames = 6

  /// Sentences that say it.
  package var sentence: String {
    var parts = entries.prefix(Self.most).map(Self.words)
    if entries.count > Self.most { parts.append("and \(entries.count - Self.most) entries more") }
    return "In replication 0: " + parts.joined(separator: "; ") + "."
  }

  private static func words(_ entry: Entry) -> String {
    let links = entry.links == 1 ? "1 link" : "\(entry.links) links"
    if !entry.pieces.isEmpty {
      let pieces = entry.pieces.map { piece in
        let sigma = piece.secondSingularValue.map { ", sigma2 \(String(format: "%.4g", $0))" } ?? ""
        return "\(list(piece.agents))\(sigma)"
      }
      return "\(entry.name) cuts \(links) between " + pieces.joined(separator: " | ")
    }
    if entry.agents.isEmpty { return "\(entry.name) is about \(entry.links == 0 ? "nobody" : links)" }
    return "\(entry.name) is about \(list(entry.agents))"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(mostNames).joined(separator: ", ")
    return names.count > mostNames ? "\(shown) and \(names.count - mostNames) more" : shown
  }
}

extension TimelineFacts.Piece {
  /// - Parameter ranks: of the agents of this side.
  fileprivate init(_ ranks: [Int], _ settings: SimulationSettings, _ world: World) {
    agents = ranks.map { world.agents.names[$0] }
    let hasWeights = settings.strategy.facts.combinesNeighbourhood && settings.network.sendTo == .all
    secondSingularValue =
      hasWeights
      ? world.agents.piece(ranks, settings.network, noiseVariances: world.task.observationNoise)?.secondSingularValue
      : nil
  }
}
