// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Randomness
import Schema

extension ComputeSettings {
  /// What `between-agents` says: a law, or what is said of every agent.
  enum TypicalSteps {
    case law(Distribution)
    case said(StepDurations)
  }

  var typicalSteps: TypicalSteps {
    get { durations.map { .said($0) } ?? .law(betweenAgents) }
    set {
      switch newValue {
      case .law(let law): (betweenAgents, durations) = (law, nil)
      case .said(let said): durations = said
      }
    }
  }
}

extension Codec<ComputeSettings.TypicalSteps> {
  /// A law, a list with a duration for each agent, or a map that makes them of their ranks.
  static var typicalSteps: Codec {
    let law = Codec<Distribution>.law(.duration)
    let duration = Codec<VirtualDuration>.multipliedDuration(.duration)
    let list = duration.list
    let rooted = Parameter("root-of-rank", duration.kind, "times the root of an agent's rank by name, from one")
    return Codec(
      .described(
        .either([.listPerAgent(duration.kind), .oneOf([rooted]), law.kind]),
        "\(law.allowed), a list with one duration per agent, or {\(rooted.name): duration}"),
      read: { (tree, path) throws(ScenarioError) -> ComputeSettings.TypicalSteps in
        if case .list = tree.content { return .said(.each(try list.read(tree, path))) }
        guard let entry = tree.entry(rooted.name), tree.entries?.count == 1 else {
          return .law(try law.read(tree, path))
        }
        return .said(.rootOfRank(try duration.read(entry.value, "\(path).\(rooted.name)")))
      },
      write: { steps in
        switch steps {
        case .law(let given): law.write(given)
        case .said(.each(let durations)): list.write(durations)
        case .said(.rootOfRank(let first)): "{\(rooted.name): \(duration.write(first))}"
        }
      })
  }
}

/// Slow spells as they are written: with laws of both, or with the share of time that is slow.
private struct SpellDraft {
  var slowdown = 1.0
  var normal: Distribution?
  var slow: Distribution?
  var share: Double?
  var length: VirtualDuration?
  var agents = AgentSelector.all
  var start: SlowSpellSettings.Start?

  init() {}

  init(_ settings: SlowSpellSettings) {
    (slowdown, agents, start) = (settings.slowdown, settings.agents, settings.start)
    switch settings.lengths {
    case .laws(let normal, let slow): (self.normal, self.slow) = (normal, slow)
    case .share(let share, let length): (self.share, self.length) = (share, length)
    }
  }

  static var record: Record<SpellDraft> {
    let law = Codec<Distribution>.law(.positiveDuration).orWord()
    let share = Codec.quantity(.share, Bounds(lower: 0, upper: 1, includesUpper: false)).orWord()
    let length = Codec<VirtualDuration>.multipliedDuration(.positiveDuration).orWord()
    return Record([
      Field(
        "slowdown", \.slowdown, .quantity(.number, Bounds(lower: 1, upper: 1e9)),
        "how many times longer a step takes in a slow spell", required: true),
      Field("normal", \.normal, law, "how long an agent has its usual speed", hidden: { $0.normal == nil }),
      Field("slow", \.slow, law, "how long it is slow", hidden: { $0.slow == nil }),
      Field(
        "share", \.share, share, "in place of normal: the share of time that is slow", hidden: { $0.share == nil }),
      Field(
        "length", \.length, length, "with share: the mean of an exponential slow spell", hidden: { $0.length == nil }),
      Field("agents", \.agents, Codec<AgentSelector>.agents, "who has slow spells, chosen once per study"),
      Field(
        "start", \.start, Codec<SlowSpellSettings.Start>.choice.orWord(),
        "by default stationary where both laws are exponential, else normal", hidden: { $0.start == nil }),
    ])
  }

  /// What is written, if it fits together.
  func settings(_ tree: Tree, _ path: String) throws(ScenarioError) -> SlowSpellSettings {
    let byLaws = [("normal", normal != nil), ("slow", slow != nil)]
    let byShare = [("share", share != nil), ("length", length != nil)]
    if let law = byLaws.first(where: \.1), let other = byShare.first(where: \.1) {
      throw ScenarioError(
        "\(path) has both '\(law.0)' and '\(other.0)'", at: tree.keyPlace(of: other.0),
        hint: "give normal and slow, or share and length")
    }
    let lengths: SlowSpellSettings.Lengths
    if let normal, let slow {
      lengths = .laws(normal: normal, slow: slow)
    } else if let share, let length {
      lengths = .share(share, length: length)
    } else {
      throw tree.error("\(path) needs 'normal' and 'slow', or 'share' and 'length'")
    }
    let settings = SlowSpellSettings(slowdown: slowdown, lengths: lengths, agents: agents, start: start)
    if start == .stationary, !settings.canStartStationary {
      throw ScenarioError(
        "start: stationary goes with exponential laws only", at: tree.place(of: "start"), hint: "use normal")
    }
    return settings
  }
}

extension SlowSpellSettings {
  static var schemaKeys: [SchemaKey] { SpellDraft.record.schemaKeys }

  static var codec: Codec<SlowSpellSettings> {
    let record = SpellDraft.record
    return Codec(
      .described(record.kind, "such as {slowdown: 10, share: 5 %, length: 5 s}"),
      read: { (tree, path) throws(ScenarioError) -> SlowSpellSettings in
        var draft = SpellDraft()
        try record.read(tree, path, into: &draft)
        return try draft.settings(tree, path)
      }, write: { record.inline(SpellDraft($0)) })
  }
}

extension Codec<AgentSelector> {
  /// Agents that a key chooses once per study.
  static var agents: Codec {
    Codec<Argument>.value(.agents).map({ AgentSelector($0) ?? .all }, \.argument)
  }
}

extension Codec<TraceTable> {
  /// A trace of speeds.
  static var speeds: Codec {
    Codec<Argument>.trace(.speed).map(
      { argument in
        guard let table: TraceTable = argument.special() else { preconditionFailure("A trace is read as a trace.") }
        return table
      }, { .special($0) })
  }
}
