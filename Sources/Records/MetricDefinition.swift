// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// A metric of runs: one value that says all that anybody needs to know about it. Results files hold the definitions of
/// what their runs measure, so that whoever reads them, in whatever language, knows no name of a metric.
///
/// What a run measures is a list of definitions. The first of them of which more or less is better is what its agents
/// are judged by.
public struct MetricDefinition: Definition, Codable, Hashable {
  /// What values are measured in, and so how they are averaged, compared and shown.
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// A power, such as a squared error: never below zero, averaged as it is, compared by ratios, shown in decibels.
    case decibels
    /// A number without a unit, of any sign, the zero of which means nothing: compared by differences.
    case plain
    /// From 0 to 1; shown in per cent.
    case share
    case seconds
    case bytes
    /// A number of things, or a factor.
    case count
  }

  /// Which way is better.
  public enum Sense: String, Sendable, Codable, CaseIterable {
    case more
    case less
    /// It tells of a run and judges none.
    case neither
  }

  /// Which agents a value is about.
  public enum Scope: String, Sendable, Codable, CaseIterable {
    /// Those that are up: undefined while nobody is.
    case liveAgents = "live-agents"
    /// All, crashed ones included.
    case allAgents = "all-agents"

    /// As lists say it.
    var words: String { self == .liveAgents ? "agents that are up" : "all agents" }
  }

  /// What becomes of the values of agents.
  public enum OverAgents: Sendable, Codable, Hashable {
    case mean
    case median
    case maximum
    /// The value below which so great a share of the agents lies, by linear interpolation between neighbours.
    case quantile(level: Double)
  }

  /// The name that scenarios, requirements and results use: lower-case words with hyphens between.
  public var name: String
  /// What it is called within a sentence or a heading, such as `own MSD`.
  public var title: String
  /// What it is called where it stands alone, as at an axis.
  public var label: String
  /// What it is, as the end of a sentence.
  public var meaning: String
  /// What values are measured in.
  public var scale: Scale
  /// Which way is better.
  public var sense: Sense
  /// Which agents values are about.
  public var scope: Scope
  /// Whether it counts what has been spent, and so never falls in a run.
  public var isCumulative: Bool
  /// A run has diverged that ends with more than so many times the first value, or with no finite one. Infinite: only
  /// without a finite one; nothing: whatever it ends with.
  public var divergesBeyond: Double?
  /// What becomes of the values that a learner gives for its agents. Nothing: their mean; and of what runs measure by
  /// themselves, what the meaning says.
  public var overAgents: OverAgents?
  /// Whether results keep the final value of every agent.
  public var isKeptPerAgent: Bool
  /// The name of the same over all agents, crashed ones included, where that is measured too.
  public var ofAllAgents: String?
  /// The names of its quartiles over agents, the lower one first, where it is a median over agents.
  public var quartiles: [String]?

  /// A metric; titles are made of the name where they are not given.
  public init(
    _ name: String, title: String? = nil, label: String? = nil, _ meaning: String, _ scale: Scale, _ sense: Sense,
    over scope: Scope = .liveAgents, by overAgents: OverAgents? = nil, isCumulative: Bool = false,
    divergesBeyond: Double? = nil, isKeptPerAgent: Bool = false, ofAllAgents: String? = nil, quartiles: [String]? = nil
  ) {
    self.name = name
    let words = title ?? name.split(separator: "-").joined(separator: " ")
    self.title = words
    self.label = label ?? words.prefix(1).uppercased() + words.dropFirst()
    self.meaning = meaning
    self.scale = scale
    self.sense = sense
    self.scope = scope
    self.isCumulative = isCumulative
    self.divergesBeyond = divergesBeyond
    self.overAgents = overAgents
    self.isKeptPerAgent = isKeptPerAgent
    self.ofAllAgents = ofAllAgents
    self.quartiles = quartiles
  }

  /// A metric of which nothing but the name is known.
  package static func unknown(_ name: String) -> MetricDefinition {
    MetricDefinition(name, title: name, label: name, "nothing is known of it", .plain, .neither)
  }
}

extension MetricDefinition {
  /// Metrics are chosen by name alone.
  public var parameters: [Parameter] { [] }

  /// What its values are measured in, and what they say.
  public var properties: [Property] {
    [Property("measured in", scale.rawValue), Property("better", sense.rawValue), Property("over", scope.words)]
  }

  /// Whether more or less of it is better.
  package var isJudged: Bool { sense != .neither }

  /// Whether runs can be asked when they have come up, or down, to a value of it.
  package var canBeTarget: Bool { isJudged && !isCumulative }

  /// Whether it is better or worse in the same way as another one, and measured in the same.
  package func isOfKind(_ other: MetricDefinition) -> Bool { scale == other.scale && sense == other.sense }

  /// Whether a value of it has come up, or down, to a target.
  package func reaches(_ threshold: Double, with value: Double) -> Bool {
    sense == .more ? value >= threshold : value <= threshold
  }

  /// A value as what it counts for: one that is not finite is the worst that there is, where there is a worst.
  package func orWorst(_ value: Double) -> Double {
    guard !value.isFinite else { return value }
    return switch sense {
    case .more: -.infinity
    case .less: .infinity
    case .neither: value
    }
  }

  /// A value by which to sort, the best first; what is not finite comes last.
  package func rank(_ value: Double) -> Double {
    guard value.isFinite else { return .infinity }
    return sense == .more ? -value : value
  }
}

extension [MetricDefinition] {
  /// What runs that measure these are judged by; nothing where that is none of them.
  package var main: MetricDefinition? { first(where: \.isJudged) }

  package func named(_ name: String) -> MetricDefinition? { first { $0.name == name } }

  /// These and those of another list that have other names.
  package func union(_ others: [MetricDefinition]) -> [MetricDefinition] {
    let names = Set(map(\.name))
    return self + others.filter { !names.contains($0.name) }
  }
}
