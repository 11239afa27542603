// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema

/// Reads and writes one of several forms in which something about links is said: the plain one as its value alone, all
/// others as a map with the name of the form.
struct LinkFormCodec<Form: LinkForm> {
  let forms: [Form]
  /// How messages call all of them.
  let plural: String
  /// What to do where two are given.
  var remedyForTwo = "give one of the two"
  /// Whether a map that names no form is a value of the plain one.
  let plainMayBeMap: Bool
  /// Values of parameters that are read in ways of their own, by their names.
  var special: [String: Codec<Argument>] = [:]

  var kinds: [Kind] { forms.filter { !$0.isPlain }.map(wholeKind) + forms.filter(\.isPlain).map(\.kind) }

  /// The forms as messages list them: `{burst: ...}`.
  var shapes: String { forms.filter { !$0.isPlain }.map { "{\($0.name): ...}" }.joined(separator: ", ") }

  private func wholeKind(_ form: Form) -> Kind {
    guard let own = special[form.name] else { return form.wholeKind }
    return .record([Parameter(form.name, own.kind, form.meaning)])
  }

  private func codec(_ parameter: Parameter) -> Codec<Argument> { special[parameter.name] ?? .value(parameter.kind) }

  // MARK: - Reading

  func read(_ tree: Tree, _ path: String) throws(ScenarioError) -> LinkSetting<Form> {
    let named = (tree.entries ?? []).filter { entry in forms.contains { !$0.isPlain && $0.name == entry.key } }
    guard let entry = named.first, let form = forms.first(where: { $0.name == entry.key }) else {
      return try readPlain(tree, path)
    }
    if named.count > 1 {
      throw ScenarioError(
        "\(path) has both '\(entry.key)' and '\(named[1].key)'", at: named[1].keyPlace, hint: remedyForTwo)
    }
    if form.isFlat { return try checked(form, try record(form, tree, path), tree, path) }
    // What else the map has is unknown.
    try refuseOthers(tree, path, than: entry.key)
    let inner = "\(path).\(entry.key)"
    if form.parameters.count == 1, let only = form.parameters.first {
      let value = try codec(only).read(entry.value, inner)
      return try checked(form, Arguments([only.name: value]), entry.value, inner)
    }
    return try checked(form, try record(form, entry.value, inner), entry.value, inner)
  }

  private func readPlain(_ tree: Tree, _ path: String) throws(ScenarioError) -> LinkSetting<Form> {
    guard let plain = forms.first(where: \.isPlain), let parameter = plain.parameters.first else {
      throw mistyped(tree, path, mustBe: shapes)
    }
    if let entry = tree.entries?.first, !plainMayBeMap {
      let names = forms.filter { !$0.isPlain }.map(\.name)
      throw ScenarioError(
        "there is no '\(shown(entry.key))' among the \(plural)", at: entry.keyPlace,
        hint: nearest(to: entry.key, among: names).map { "did you mean '\($0)'?" },
        note: "\(plural): a plain value, or " + names.joined(separator: ", "))
    }
    return LinkSetting(plain, [parameter.name: try codec(parameter).read(tree, path)])
  }

  private func refuseOthers(_ tree: Tree, _ path: String, than key: String) throws(ScenarioError) {
    guard let other = tree.entries?.first(where: { $0.key != key }) else { return }
    throw unknownKey(other.key, at: other.keyPlace, in: path, known: [key])
  }

  private func fields(_ form: Form) -> Record<Arguments> {
    Record(form.parameters.map { Field($0, codec($0)) })
  }

  private func record(_ form: Form, _ tree: Tree, _ path: String) throws(ScenarioError) -> Arguments {
    var values = Arguments()
    try fields(form).read(tree, path, into: &values)
    return values
  }

  private func checked(
    _ form: Form, _ said: Arguments, _ tree: Tree, _ path: String
  ) throws(ScenarioError) -> LinkSetting<Form> {
    let setting = LinkSetting(form, said)
    guard let fault = form.check(setting.arguments) else { return setting }
    switch fault.subject {
    case .missing(let name):
      let meaning = form.parameters.first { $0.name == name }.map { "\(name): \($0.meaning); \($0.kind.allowed)" }
      throw tree.error("missing key '\(name)' in \(path)", note: meaning)
    default:
      let place = fault.parameter.flatMap { tree.entry($0)?.value.place } ?? tree.place
      throw ScenarioError("\(path): \(fault.trouble)", at: place, hint: fault.hint)
    }
  }

  // MARK: - Writing

  func write(_ setting: LinkSetting<Form>) -> String {
    let form = setting.form
    if form.parameters.count == 1, let only = form.parameters.first, let value = setting.arguments[only.name] {
      let text = codec(only).write(value)
      return form.isPlain ? text : "{\(form.name): \(text)}"
    }
    let text = fields(form).inline(setting.arguments)
    return form.isFlat ? text : "{\(form.name): \(text)}"
  }
}

extension LossSettings {
  private static var form: LinkFormCodec<LossForm> {
    LinkFormCodec(
      forms: LossForm.all, plural: "losses", remedyForTwo: "write a list: what any of them loses is lost",
      plainMayBeMap: false)
  }

  /// One way in which messages are lost, or a list of such.
  static var codec: Codec<LossSettings> {
    let form = form
    let one = Kind.either(form.kinds)
    return Codec(
      .described(
        .either([.list(one), one]), "\(QuantityKind.share.shortPhrase) from 0 to 1, \(form.shapes), or a list of such"),
      read: { (tree, path) throws(ScenarioError) -> LossSettings in
        guard case .list(let items) = tree.content else { return LossSettings([try form.read(tree, path)]) }
        guard !items.isEmpty else { throw tree.error("\(path) is an empty list", hint: "use 0 where nothing is lost") }
        var parts: [LinkSetting<LossForm>] = []
        for (index, item) in items.enumerated() { parts.append(try form.read(item, "\(path)[\(index)]")) }
        return LossSettings(parts)
      },
      write: { settings in
        let texts = settings.parts.map(form.write)
        return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
      })
  }
}

extension BandwidthSettings {
  /// What links carry, in one of the forms.
  static var codec: Codec<BandwidthSettings> {
    let form = LinkFormCodec(forms: BandwidthForm.all, plural: "bandwidths", plainMayBeMap: false)
    return Codec(
      .described(.either(form.kinds), "\(Kind.bandwidth.allowed), or \(form.shapes)"),
      read: { (tree, path) throws(ScenarioError) -> BandwidthSettings in
        BandwidthSettings(try form.read(tree, path))
      }, write: { form.write($0.setting) })
  }
}

extension DuplicationSettings {
  private static var record: Record<DuplicationSettings> {
    Record([
      Field("probability", \.probability, .probability, "that a message that is not lost is doubled", required: true),
      Field("deliver", \.deliver, .choice, "whether the one that comes second is delivered, too"),
    ])
  }

  /// A probability, or a map.
  static var codec: Codec<DuplicationSettings> {
    let probability = Codec<Probability>.probability
    return Codec(
      .described(
        .either([record.kind, probability.kind]),
        "\(probability.allowed), or {probability: 1 %, deliver: once or twice}"),
      read: { (tree, path) throws(ScenarioError) -> DuplicationSettings in
        guard tree.entries != nil else { return DuplicationSettings(try probability.read(tree, path)) }
        var settings = DuplicationSettings(.never)
        try record.read(tree, path, into: &settings)
        return settings
      },
      write: { settings in
        settings.deliver == .once ? probability.write(settings.probability) : record.inline(settings)
      })
  }
}

extension Codec<Argument> {
  /// What can be said of links, for the timeline.
  static func ofLinks(_ aspect: LinkAspect) -> Codec {
    switch aspect {
    case .loss: special(LossSettings.codec, aspect)
    case .latency: special(LatencySettings.codec, aspect)
    case .capacity: special(LinkCapacity.codec, aspect)
    case .duplication: special(DuplicationSettings.codec, aspect)
    }
  }

  private static func special<Special: SpecialValue>(_ codec: Codec<Special>, _ aspect: LinkAspect) -> Codec {
    Codec(
      .ofLinks(aspect),
      read: { (tree, path) throws(ScenarioError) -> Argument in .special(try codec.read(tree, path)) },
      write: { $0.special(Special.self).map(codec.write) ?? "none" })
  }
}

extension LinkCapacity {
  /// What links carry: a bandwidth, 0 for nothing, or `unlimited`.
  fileprivate static var codec: Codec<LinkCapacity> {
    let settings = BandwidthSettings.codec
    return Codec(
      settings.kind,
      read: { (tree, path) throws(ScenarioError) -> LinkCapacity in
        if tree.text == "unlimited" { return .unlimited }
        if let (number, unit) = tree.text.flatMap(numberAndUnit), number.isZero,
          unit.isEmpty || QuantityKind.rate.unitNames.contains(unit)
        {
          return .none
        }
        return .limited(try settings.read(tree, path))
      },
      write: { capacity in
        switch capacity {
        case .none: "0"
        case .unlimited: "unlimited"
        case .limited(let bandwidth): settings.write(bandwidth)
        }
      })
  }
}
