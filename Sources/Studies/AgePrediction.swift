// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Randomness
import Simulation
import Theory

/// How old the newest estimate is that an agent has heard over a link, in the long run, where agents send at renewal times
/// and every message takes equally long: see `AgeOfInformation`.
package struct AgePrediction: Sendable, Codable, Equatable {
  /// Seconds, the mean over all links; nothing where no closed form covers it.
  package private(set) var mean: Double?
  package private(set) var least: Double?
  package private(set) var greatest: Double?
  /// Just before something newer is heard, the mean over all links.
  package private(set) var meanPeak: Double?
  /// How many messages are lost in a row, the mean over all links.
  package private(set) var meanLossRun: Double?
  /// Why there is none, as a sentence.
  package private(set) var reason: String?

  /// Nothing for an arm that sends nothing, or whose links lose every message by one probability, or none.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard settings.strategy.facts.cooperates, let plan = world.links, world.network.linkCount > 0,
      !settings.conditions.links.loss.isPlain
    else { return nil }
    if let reason = settings.reasonForNoAge {
      self.reason = reason
      return
    }
    let layers = plan.losses[0].layers
    var ages: [AgeOfInformation] = []
    for link in 0..<world.network.linkCount {
      guard
        let age = AgeOfInformation(
          layers.chain, loss: layers.losses(of: link), every: settings.interval(of: link, in: world),
          latency: world.latencies.mean(LinkID(link)))
      else {
        reason = "Of links that lose every message nothing is ever heard, or their intervals are of no simple law."
        return
      }
      ages.append(age)
    }
    let count = Double(ages.count)
    mean = ages.reduce(0) { $0 + $1.meanAge } / count
    least = ages.map(\.meanAge).min()
    greatest = ages.map(\.meanAge).max()
    meanPeak = ages.reduce(0) { $0 + $1.meanPeakAge } / count
    meanLossRun = ages.reduce(0) { $0 + $1.meanLossRun } / count
  }

  /// One sentence that says it.
  package func sentence(seconds: (Double) -> String, number: (Double) -> String) -> String {
    guard let mean, let least, let greatest, let meanPeak, let meanLossRun else {
      return "No age of what is heard is predicted. \(reason ?? "")"
    }
    let range = seconds(least) == seconds(greatest) ? "" : " (\(seconds(least)) to \(seconds(greatest)) by link)"
    return "The newest estimate heard over a link is \(seconds(mean)) old in the mean\(range), \(seconds(meanPeak)) "
      + "just before the next; \(number(meanLossRun)) messages are lost in a row."
  }
}

extension [LossLayer] {
  /// What moves the states of links; without bursts nothing does.
  fileprivate var chain: AgeOfInformation.Chain {
    switch lazy.compactMap(\.burst).first?.course {
    case .messages(let toBad, let toGood): .messages(goodToBad: toBad, badToGood: toGood)
    case .time(let good, let bad): .time(goodToBad: 1 / good.mean, badToGood: 1 / bad.mean)
    case nil: .messages(goodToBad: 0, badToGood: 1)
    }
  }

  /// The probability that a link loses a message in the good and in the bad state, by all layers together.
  fileprivate func losses(of link: Int) -> (good: Double, bad: Double) {
    var kept = (good: 1.0, bad: 1.0)
    for layer in self {
      kept.good *= 1 - layer.probability[link]
      kept.bad *= 1 - (layer.burst?.whenBad ?? layer.probability[link])
    }
    return (1 - kept.good, 1 - kept.bad)
  }
}

extension SimulationSettings {
  /// The times between messages over a link.
  fileprivate func interval(of link: Int, in world: World) -> AgeOfInformation.Intervals {
    if strategy.timing == .slotted { return .constant(strategy.slots.duration.seconds) }
    let isOfLinks = strategy.exchange == .link
    let law = isOfLinks ? strategy.linkInterval ?? .constant(1) : conditions.compute.withinAgent
    let scale = isOfLinks ? 1 : world.typicalStepDurations[world.network.senders[link].index]
    if law.isConstant { return .constant(scale * law.mean) }
    if law.definition === LawDefinition.exponential { return .exponential(scale * law.mean) }
    return .moments(mean: scale * law.mean, second: scale * scale * law.secondMoment)
  }

  /// Why no closed form covers the age of what is heard.
  fileprivate var reasonForNoAge: String? {
    let loss = conditions.links.loss
    if strategy.timing.hasRounds { return "In rounds agents send when they have heard what they wait for." }
    if !strategy.facts.combinesNeighbourhood || ![.push, .link].contains(strategy.exchange) {
      return "Who is told, or asked, and when, is drawn."
    }
    if !resample.isEmpty { return "What it depends on is drawn anew in every replication." }
    if !timeline.isEmpty { return "The timeline changes what is heard." }
    if changesNetwork || network.sendTo != .all { return "Whom agents hear changes with time." }
    if hasOutages { return "Who is down hears and sends nothing." }
    if conditions.links.outages != nil { return "Links go down and come up." }
    if hasChangingSpeeds && strategy.exchange != .link { return "The speeds of agents change with time." }
    if linksCanBeBusy { return "Messages share links of limited bandwidth." }
    if conditions.links.latency.varies { return "Messages take different times." }
    if conditions.compute.work != nil || phaseCount > 1 { return "Messages are not sent at times of one law." }
    if loss.changes { return "Losses follow a trace." }
    if loss.bursts.count > 1 { return "There are several kinds of bursts at a time." }
    if case .time(let good, let bad) = loss.bursts.first?.course {
      guard good.definition === LawDefinition.exponential, bad.definition === LawDefinition.exponential else {
        return "How long links are good and bad is not exponential."
      }
    }
    return drawsActivity ? "Who is active in a slot is drawn." : nil
  }
}
