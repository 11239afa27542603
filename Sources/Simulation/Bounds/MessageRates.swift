// SPDX-License-Identifier: GPL-3.0-or-later

/// How often links carry messages. What the settings say of it is looked up once, as there may be millions of links.
package struct MessageRates: Sendable {
  private enum Rule: Sendable {
    /// Nothing is sent.
    case none
    /// An estimate to each neighbour for so many turns in each, and the token, over another agent now and then.
    case inTurn(estimates: Double)
    /// A turn uses one of the agent's links, so many times.
    case oneLink(Double)
    /// So many on each link at each turn.
    case turns(Double)
    /// As often on each link, whoever takes turns.
    case always(Double)
  }

  private let rule: Rule

  package init(_ settings: SimulationSettings) {
    let strategy = settings.strategy
    guard strategy.facts.cooperates else {
      rule = .none
      return
    }
    rule =
      switch (strategy.facts.audience, strategy.timing) {
      // An estimate to each neighbour where turns are beside steps.
      case (.inTurn, _): .inTurn(estimates: settings.takesTurnsBesideSteps ? 1 : 0)
      // A turn of gossip uses both directions of the link where the two average.
      case (.oneNeighbour, _): .oneLink(strategy.gossip.exchange == .pairwise ? 2 : 1)
      case (.centre, _): .turns(1)
      case (_, .slotted) where strategy.slots.activity != .sleep: .always(1 / strategy.slots.duration.seconds)
      case (_, .asynchronous) where strategy.exchange == .link: .always(1 / (strategy.linkInterval?.mean ?? .infinity))
      default: .turns(Double(settings.phaseCount))
      }
  }

  /// Messages a second over each of so many links out of an agent that takes so many turns a second.
  package func perSecond(turns: Double, links: Double) -> Double {
    guard links > 0 else { return 0 }
    return switch rule {
    case .none: 0
    case .inTurn(let estimates): turns * (estimates + 2 / links)
    case .oneLink(let times): turns * times / links
    case .turns(let times): turns * times
    case .always(let rate): rate
    }
  }
}
