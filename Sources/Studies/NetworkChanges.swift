// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Networks
import Simulation

/// How the network of an arm changes while a run goes on.
package struct NetworkChanges: Sendable, Equatable, Encodable {
  /// The share of time that each edge is there, where edges come and go.
  package let shareThere: Double?
  /// Seconds after which links of agents that move are made anew.
  package let madeAnewEvery: Double?
  /// Whether agents start in another way than they go on.
  package let startsTransient: Bool
  /// How many agents join, and how many events let others leave.
  package let joiners: Int
  package let departures: Int
  /// Whom agents send to, where not to all.
  package let sendTo: String?
  /// Between what sigma2 of the present graph lies in replication 0; nothing where it is not known.
  package let sigma2: PresentSpectrum?

  /// - Returns: nothing where the network stays what it is.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard settings.changesNetwork || settings.sendsToOneAtATime else { return nil }
    shareThere = settings.network.edgesComeAndGo?.shareThere
    let movement = MovementSettings(settings.network.topology)
    madeAnewEvery = movement?.every.seconds
    startsTransient = movement?.movement == .randomWaypoint
    joiners = settings.joiners(in: world)
    departures = settings.timeline.count { $0.change?.letsLeave == true }
    sendTo = settings.sendsToOneAtATime ? settings.network.sendTo.rawValue : nil
    sigma2 = PresentSpectrum(settings, in: world)
  }

  /// A sentence or two that say it.
  package func sentence(seconds: (Double) -> String) -> String {
    var parts: [String] = []
    if let shareThere { parts.append("an edge is there \(String(format: "%.4g", 100 * shareThere)) % of the time") }
    if let madeAnewEvery { parts.append("agents move, and their links are made anew every \(seconds(madeAnewEvery))") }
    if joiners > 0 {
      let joins = joiners == 1 ? "1 agent of replication 0 joins" : "\(joiners) agents of replication 0 join"
      parts.append("\(joins) later")
    }
    if departures > 0 { parts.append("agents leave") }
    var text = ""
    if let sendTo { text = "Agents send to one neighbour at a time (\(sendTo)). " }
    guard !parts.isEmpty || sendTo == nil else { return text.trimmingCharacters(in: .whitespaces) }
    text += "The network changes" + (parts.isEmpty ? "" : ": " + parts.joined(separator: "; "))
    text += ". Its graph and sigma2 are those of "
    text += madeAnewEvery == nil ? "all agents with all edges" : "the start"
    if let sigma2 { text += "; of what is present sigma2 is \(sigma2.text)" }
    text += "."
    if startsTransient {
      text += " Agents start uniform and thin out at the rim with time, so movement is not stationary at first."
    }
    return text
  }
}

extension World {
  /// The network that facts are about: of agents that move, as it is at the start.
  func networkOfFacts(_ settings: SimulationSettings) -> Network {
    agentCount == network.nodeCount ? (try? networkAtStart(settings)) ?? network : network
  }
}

extension PresentSpectrum {
  /// Such as `0.94 at the start, and 0.87 to 1`.
  fileprivate var text: String {
    func digits(_ value: Double) -> String { String(format: "%.4g", value) }
    return least == greatest
      ? digits(least) : "\(digits(start)) at the start, and \(digits(least)) to \(digits(greatest))"
  }
}
