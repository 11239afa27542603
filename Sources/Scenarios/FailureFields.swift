// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema

/// A cause of outages as it is written.
private struct CauseDraft {
  /// What is given of the kinds whose parameters stand among the keys of the cause.
  var plain = Arguments()
  /// What is written under the names of the others.
  var sections = Arguments()
  var onRecovery = FailureSettings.Recovery.keep
  var checkpointEvery: VirtualDuration?
  var agents = AgentSelector.all

  init() {}

  init(_ cause: FailureSettings.Cause) {
    (onRecovery, checkpointEvery, agents) = (cause.onRecovery, cause.checkpointEvery, cause.agents)
    switch cause.kind.form {
    case .plain: plain = cause.arguments
    case .map: sections[cause.kind.name] = .record(cause.arguments)
    case .trace: sections[cause.kind.name] = cause.arguments[cause.kind.name]
    }
  }

  /// - Parameter isPlain: whether the parameters of plain kinds that have no default must be given.
  static func record(isPlain: Bool) -> Record<CauseDraft> {
    let plain = OutageDefinition.all.filter { $0.form == .plain }.flatMap(\.parameters).map { parameter in
      let usual = parameter.presence.value
      return Field(
        parameter.name, \CauseDraft.plain[parameter.name], Codec<Argument>.value(parameter.kind).orWord(),
        parameter.meaning, required: isPlain && parameter.presence == .required,
        hidden: { $0.plain[parameter.name] == nil || $0.plain[parameter.name] == usual })
    }
    let sections = OutageDefinition.all.filter { $0.form != .plain }.map { definition in
      Field(
        definition.name, \CauseDraft.sections[definition.name], Codec<Argument>.value(definition.kind).orWord(),
        definition.meaning, hidden: { $0.sections[definition.name] == nil })
    }
    return Record(
      plain + sections + [
        Field("on-recovery", \.onRecovery, .choice, "what a recovered agent knows"),
        Field(
          "checkpoint-every", \.checkpointEvery, Codec<VirtualDuration>.duration(.positiveDuration).orWord(),
          "with on-recovery checkpoint: agents are written down at multiples of this time",
          hidden: { $0.checkpointEvery == nil }),
        Field("agents", \.agents, Codec<AgentSelector>.agents, "who may crash"),
      ])
  }
}

extension FailureSettings {
  /// The keys of one cause.
  static var schemaKeys: [SchemaKey] { CauseDraft.record(isPlain: false).schemaKeys }

  /// One cause, or a list of causes.
  static var codec: Codec<FailureSettings> {
    let kind = CauseDraft.record(isPlain: false).kind
    return Codec(
      .described(
        .either([.list(kind), kind]),
        "{up: law, down: law, on-recovery: keep, checkpoint, neighbour or reset, agents: all}, the same with "
          + "groups, diurnal or trace in place of up and down, or a list of such"),
      read: { (tree, path) throws(ScenarioError) -> FailureSettings in
        guard case .list(let items) = tree.content else { return FailureSettings([try one(tree, path)]) }
        if items.isEmpty { throw tree.error("\(path) has no cause", hint: "write none for no failures") }
        var causes: [Cause] = []
        var faults = Faults()
        for (index, item) in items.enumerated() {
          let inner = "\(path)[\(index)]"
          if let cause = faults.gather(at: inner, { () throws(ScenarioError) in try one(item, inner) }) {
            causes.append(cause)
          }
        }
        try faults.finish()
        return FailureSettings(causes)
      },
      write: { settings in
        let texts = settings.causes.map { CauseDraft.record(isPlain: true).inline(CauseDraft($0)) }
        return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
      })
  }

  private static func one(_ tree: Tree, _ path: String) throws(ScenarioError) -> Cause {
    let others = OutageDefinition.all.filter { $0.form != .plain && tree.entry($0.name) != nil }
    var draft = CauseDraft()
    try CauseDraft.record(isPlain: others.isEmpty).read(tree, path, into: &draft)
    let kinds = OutageDefinition.all.filter { kind in
      kind.form == .plain ? kind.parameters.contains { tree.entry($0.name) != nil } : tree.entry(kind.name) != nil
    }
    if kinds.count > 1 {
      let names = kinds.prefix(2).map { kind in
        kind.form == .plain ? kind.parameters.first { tree.entry($0.name) != nil }?.name ?? kind.name : kind.name
      }
      throw ScenarioError(
        "\(path) has both '\(names[0])' and '\(names[1])'", at: tree.keyPlace(of: names[1]),
        hint: "write two causes in a list")
    }
    let kind = kinds.first ?? .failures
    let cause = Cause(
      kind, draft.arguments(of: kind), onRecovery: draft.onRecovery, checkpointEvery: draft.checkpointEvery,
      agents: draft.agents)
    if let fault = cause.fault { throw wrong(fault, cause, tree, path) }
    if cause.onRecovery == .checkpoint, cause.checkpointEvery == nil {
      throw ScenarioError(
        "\(path) goes back to checkpoints, but does not say how often there are some",
        at: tree.place(of: "on-recovery"), hint: "such as checkpoint-every: 1 min")
    }
    if cause.onRecovery != .checkpoint, cause.checkpointEvery != nil {
      throw ScenarioError(
        "checkpoint-every goes with on-recovery checkpoint only, here it is \(cause.onRecovery.rawValue)",
        at: tree.keyPlace(of: "checkpoint-every"))
    }
    return cause
  }

  private static func wrong(_ fault: Fault, _ cause: Cause, _ tree: Tree, _ path: String) -> ScenarioError {
    let section = cause.kind.form == .plain ? tree : tree.entry(cause.kind.name)?.value ?? tree
    let place = fault.parameter.map { section.place(of: $0) } ?? section.place
    let whole = cause.kind.form == .plain ? path : "\(path).\(cause.kind.name)"
    guard case .parameter(let name) = fault.subject else {
      return ScenarioError("\(whole) \(fault.trouble)", at: place, hint: fault.hint)
    }
    return ScenarioError("\(whole).\(name) \(fault.trouble)", at: place, hint: fault.hint)
  }
}

extension CauseDraft {
  /// What is said of a kind, with defaults.
  func arguments(of kind: OutageDefinition) -> Arguments {
    switch kind.form {
    case .plain: plain
    case .map: sections[kind.name]?.record ?? Arguments()
    case .trace: Arguments([kind.name: sections[kind.name] ?? .text("")])
    }
  }
}

extension OutageDefinition {
  /// What stands under its name.
  fileprivate var kind: Kind {
    switch form {
    case .plain, .map: .record(parameters)
    case .trace(let form): .trace(form)
    }
  }
}

extension Parameter.Presence {
  /// The default, where there is one.
  fileprivate var value: Argument? { if case .otherwise(let value) = self { value } else { nil } }
}
