// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema

extension ConditionSettings {
  package static var record: Record<ConditionSettings> {
    Record([
      Field(group: "compute", \.compute, ComputeSettings.record, "how long a local step takes"),
      Field(group: "links", \.links, LinkSettings.record, "what happens to messages"),
      Field(
        "failures", \.failures, FailureSettings.codec.orWord(), "crashes and recoveries",
        keysBelow: FailureSettings.schemaKeys),
      Field(
        "groups", \.groups, AgentGroups.codec.orWord(), "agents that belong together, such as racks",
        hidden: { $0.groups == nil }),
    ])
  }
}

extension ComputeSettings {
  static var record: Record<ComputeSettings> {
    Record([
      Field(
        "between-agents", \.typicalSteps, .typicalSteps, "typical step of an agent, drawn once each",
        hidden: { $0.work != nil }),
      Field("within-agent", \.withinAgent, .law(.factor), "factor of each single step"),
      Field("stragglers", \.stragglers, Stragglers.codec, "agents slower than their draw"),
      Field("start-phase", \.startPhase, .law(.duration), "when an agent starts its first step"),
      Field(
        "work", \.work, Work.codec.orWord(), "in place of between-agents: steps take as long as what they compute",
        keysBelow: Work.record.schemaKeys, hidden: { $0.work == nil }),
      Field(
        "spells", \.spells, SlowSpellSettings.codec.orWord(), "when agents are slow for a while",
        keysBelow: SlowSpellSettings.schemaKeys, hidden: { $0.spells == nil }),
      Field(
        "trace", \.trace, Codec<TraceTable>.speeds.orWord(), "speeds of agents by a file: 1 is usual, 0 stands still",
        hidden: { $0.trace == nil }),
    ])
  }
}

extension ComputeSettings.Work {
  static var record: Record<ComputeSettings.Work> {
    Record([
      Field("environment-step", \.environmentStep, .multipliedDuration(.duration), "of an episode", required: true),
      Field("sample", \.sample, .multipliedDuration(.duration), "of a gradient", required: true),
      Field("agent-factor", \.agentFactor, .law(.factor), "factor of an agent's times, drawn once each"),
    ])
  }

  fileprivate static var codec: Codec<Self> {
    record.codec(
      "{environment-step: duration, sample: duration, agent-factor: law}",
      default: Self(environmentStep: .zero, sample: .zero))
  }
}

extension ComputeSettings.Stragglers {
  /// A group of stragglers as it is written.
  private struct Draft {
    var agents: AgentSelector?
    var share: Double?
    var slowdown = 10.0

    static var record: Record<Draft> {
      Record([
        Field("agents", \.agents, Codec<AgentSelector>.agents.orWord(), "", hidden: { $0.agents == nil }),
        Field("share", \.share, Codec.quantity(.share, .share).orWord(), "", hidden: { $0.share == nil }),
        Field("slowdown", \.slowdown, .quantity(.number, Bounds(lower: 1, upper: 1e9)), "", required: true),
      ])
    }
  }

  /// One group, or a list of groups.
  fileprivate static var codec: Codec<[Self]> {
    let group = Draft.record.kind
    return Codec(
      .described(
        .either([.word("none"), .list(group), group]),
        "{agents: [names], slowdown: 10} or {share: 0.1, slowdown: 10}, or a list of such"),
      read: { (tree, path) throws(ScenarioError) -> [Self] in
        guard case .list(let items) = tree.content else { return tree.isNone ? [] : [try one(tree, path)] }
        var groups: [Self] = []
        for (index, item) in items.enumerated() { groups.append(try one(item, "\(path)[\(index)]")) }
        return groups
      },
      write: { groups in "[" + groups.map(text).joined(separator: ", ") + "]" })
  }

  private static func one(_ tree: Tree, _ path: String) throws(ScenarioError) -> Self {
    var draft = Draft()
    try Draft.record.read(tree, path, into: &draft)
    switch (draft.agents, draft.share) {
    case (.named(let names), nil): return Self(choice: .named(names), slowdown: draft.slowdown)
    case (let agents?, nil): return Self(choice: .selected(agents), slowdown: draft.slowdown)
    case (nil, let share?): return Self(choice: .share(share), slowdown: draft.slowdown)
    case (nil, nil): throw tree.error("\(path) needs 'agents' or 'share'")
    case (_?, _?):
      throw ScenarioError(
        "\(path) has both 'agents' and 'share'", at: tree.keyPlace(of: "share"), hint: "give one of the two")
    }
  }

  private static func text(_ group: Self) -> String {
    var draft = Draft()
    draft.slowdown = group.slowdown
    switch group.choice {
    case .named(let names): draft.agents = .named(names)
    case .selected(let selector): draft.agents = selector
    case .share(let share): draft.share = share
    }
    return Draft.record.inline(draft)
  }
}

extension LinkSettings {
  static var record: Record<LinkSettings> {
    Record([
      Field("latency", \.latency, LatencySettings.codec, "how long a message travels"),
      Field("loss", \.loss, LossSettings.codec, "probability that a message is lost"),
      Field("bandwidth", \.bandwidth, BandwidthSettings.codec.orWord("unlimited"), "of each directed link"),
      Field(
        "duplication", \.duplication, DuplicationSettings.codec.orWord(), "messages that arrive twice",
        hidden: { $0.duplication == nil }),
      Field(
        "outages", \.outages, LinkOutageSettings.codec.orWord(), "when links go down by themselves, silently",
        keysBelow: LinkOutageSettings.schemaKeys, hidden: { $0.outages == nil }),
      Field("queue", \.queue, .choice, "supersede: one message waits, a newer one replaces it"),
      Field("in-order", \.inOrder, .flag, "whether messages of a link never overtake each other"),
      Field("overhead", \.overhead, .size, "what a message carries beside its numbers"),
      Field(
        "message-precision", \.precision, Codec<MessagePrecision>.choice.orWord("own"),
        "how exactly messages carry numbers; own: as exactly as the learner has them", hidden: { $0.precision == nil }),
    ])
  }
}
