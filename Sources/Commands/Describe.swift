// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Scenarios
import Studies
import Summaries

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a scenario will do: network, expected rates, where it converges to, memory needed.",
    discussion: """
      Examples:
        starling describe scenarios/cloud-regions.yaml
        starling describe scenarios/quickstart.yaml network.agents=1000 --json
      """)

  @OptionGroup var scenario: ScenarioArguments
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func run() throws {
    try reporting {
      let study = try Study(scenario.load())
      let description = try StudyDescription(study)
      if json {
        try Terminal.printJSON(description)
      } else {
        try Terminal.print(description.text(Terminal.style))
      }
    }
  }
}

/// The description as people read it.
extension StudyDescription {
  func text(_ style: TerminalStyle) -> String {
    var lines = [
      "\(name): \(counted(arms.count, "arm")) x \(counted(replications, "replication"))"
    ]
    if let question { lines += paragraph(question, indent: 2, style) }
    let shared = arms.first.map { first in arms.allSatisfy { $0.network == first.network } } ?? false
    if shared, let first = arms.first { lines += ["network"] + networkLines(first.network, style) }
    // Arms of which the same is to be said share a paragraph.
    var told: [(names: [String], lines: [String])] = []
    for arm in arms {
      let network = shared ? [] : networkLines(arm.network, style)
      let body =
        network + rateLines(arm, style) + roundLines(arm, style) + speedLines(arm, style)
        + (arm.availability.map { paragraph($0.sentence, indent: 2, style) } ?? [])
        + (arm.networkChanges.map { paragraph($0.sentence(seconds: humanDuration), indent: 2, style) } ?? [])
        + (arm.timeline.map { paragraph($0.sentence, indent: 2, style) } ?? [])
        + linkLines(arm.links, style) + messageLines(arm, style)
        + paragraph(arm.destinationText, indent: 2, style)
        + paragraph(arm.predictionText, indent: 2, style)
        + (arm.tabular.map { facts in
          paragraph(facts.sentence { String(format: "%.4g", $0) }, indent: 2, style)
        } ?? [])
      if let place = told.firstIndex(where: { $0.lines == body }) {
        told[place].names.append(arm.name)
      } else {
        told.append(([arm.name], body))
      }
    }
    for part in told { lines += paragraph(part.names.joined(separator: ", "), indent: 0, style) + part.lines }
    for caution in warnings { lines += caution.lines(style) }
    return lines.joined(separator: "\n")
  }

  private func networkLines(_ network: NetworkFacts, _ style: TerminalStyle) -> [String] {
    let kind = network.isDirected ? "directed \(network.topology)" : network.topology
    var text =
      "\(kind), \(counted(network.agents, "agent")), \(counted(network.edges, network.isDirected ? "link" : "edge")), "
      + "degree "
    text += "\(humanDegree(network.meanDegree)) (\(network.leastDegree) to \(network.greatestDegree)); weights "
    text += network.weights
    if let least = network.leastInfluence, let greatest = network.greatestInfluence, !network.isDoublyStochastic {
      text += ", not doubly stochastic: an agent counts for \(trimmed(least)) to \(trimmed(greatest)) of an equal share"
    }
    if let value = network.secondSingularValue {
      text += "; second singular value of the combination matrix "
      if let error = network.singularValueError {
        text += "\(String(format: "%.3f", value)) (estimated, to \(String(format: "%.1g", max(error, 1e-4))))"
      } else {
        text += fourDigits(value)
      }
    }
    if network.singularValueError == nil, let gap = network.spectralGap { text += ", spectral gap \(fourDigits(gap))" }
    if network.redraws > 0 { text += "; drawn again \(counted(network.redraws, "time")) until connected" }
    if let reason = network.spectrumReason { text += ". \(reason)" }
    return paragraph(text, indent: 2, style)
  }

  private func rateLines(_ arm: Arm, _ style: TerminalStyle) -> [String] {
    let rates = arm.rates
    let range = "\(trimmed(rates.slowestStepsPerSecond)) to \(trimmed(rates.fastestStepsPerSecond))"
    let most = rates.isUpperBound ? "at most " : ""
    var text = "\(most)\(trimmed(rates.stepsPerSecond)) steps/s per agent (\(range))"
    if let rounds = rates.roundsPerSecond {
      let bound = rates.assumesWholeEpisodes ? "" : "at most "
      text = "\(bound)\(trimmed(rounds)) rounds/s, as agents alone make \(range) steps/s"
    }
    let messages = "\(most)\(trimmed(rates.messagesPerSecond)) messages/s per link"
    text += "; \(messages) of \(humanBytes(Double(rates.messageBytes)))"
    if let upload = rates.uploadBytes { text += " from the centre and at most \(humanBytes(Double(upload))) to it" }
    if let utilisation = rates.utilisation {
      text +=
        "; "
        + (utilisation > 1e6
          ? "a link carries next to nothing" : "utilisation of the busiest link \(trimmed(utilisation))")
    }
    if rates.assumesWholeEpisodes { text += "; more of all that where episodes end before their time" }
    text += "; about \(humanBytes(arm.memory)) of memory per run"
    return paragraph(text, indent: 2, style)
  }

  private func linkLines(_ links: LinkFacts?, _ style: TerminalStyle) -> [String] {
    guard let links else { return [] }
    func range(_ least: Double, _ greatest: Double, _ text: (Double) -> String) -> String {
      least == greatest ? "" : " (\(text(least)) to \(text(greatest)) by link)"
    }
    func share(_ value: Double) -> String { "\(trimmed(100 * value)) %" }
    var text = "links lose \(share(links.meanLoss)) of messages" + range(links.leastLoss, links.greatestLoss, share)
    for burst in links.bursts { text += ", in bursts: \(burst)" }
    if let down = links.downShare { text += "; they are down \(share(down)) of the time" }
    text += "; latency \(humanDuration(links.meanLatency)) in the mean"
    text += range(links.leastLatency, links.greatestLatency, humanDuration)
    return paragraph(text, indent: 2, style)
  }

  /// What is predicted of messages: how many get lost, and how old is what is heard.
  private func messageLines(_ arm: Arm, _ style: TerminalStyle) -> [String] {
    let sentences = [
      arm.loss?.sentence { "\(trimmed(100 * $0)) %" },
      arm.age?.sentence(seconds: humanDuration, number: trimmed),
    ].compactMap(\.self)
    return sentences.isEmpty ? [] : paragraph(sentences.joined(separator: " "), indent: 2, style)
  }

  private func roundLines(_ arm: Arm, _ style: TerminalStyle) -> [String] {
    guard let round = arm.round else { return [] }
    return paragraph(round.sentence(seconds: humanDuration), indent: 2, style)
  }

  private func speedLines(_ arm: Arm, _ style: TerminalStyle) -> [String] {
    guard let speeds = arm.speeds else { return [] }
    return paragraph(
      speeds.sentence(number: { String(format: "%.4g", $0) }, seconds: humanDuration), indent: 2, style)
  }

  /// Zero is added so that what is hardly below it has no sign.
  private func fourDigits(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000 + 0)" }
}

extension StudyDescription.Arm {
  /// What theory predicts, or why it does not.
  fileprivate var predictionText: String {
    prediction.sentence(
      decibels: { humanDecibels(decibels(ofPower: $0)) }, number: { String(format: "%.4f", $0) },
      seconds: humanDuration)
  }

  /// Where the arm converges to, and how far that is from the network optimum.
  fileprivate var destinationText: String {
    guard let deviation = fixedPointDeviation else { return destination.sentence }
    let level = humanDecibels(decibels(ofPower: deviation))
    return destination.sentence + " Its mean squared distance from the network optimum is \(level)."
  }
}

extension Availability {
  /// Who goes down, and how much of the time agents are up.
  fileprivate var sentence: String {
    let kinds = causes.map { "\($0.kind) (\(counted($0.agents, "agent")), up \(percent($0.share)))" }
    return "Agents go down by \(kinds.joined(separator: ", ")): in the mean they are up \(percent(mean)) of the "
      + "\(isOfRun ? "run" : "time in the long run")\(isAlone ? "" : ", the timeline apart")"
      + (percent(least) == percent(mean) ? "." : ", the least of them \(percent(least)).")
  }

  private func percent(_ share: Double) -> String { String(format: "%.3g %%", 100 * share) }
}
