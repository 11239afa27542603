// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// What a law at some key must satisfy.
struct LawRule: Sendable {
  let kind: QuantityKind
  /// Every value that the law can give lies in here.
  let bounds: Bounds
  /// Whether a law that always gives zero is refused.
  var needsPositiveMean = false
  /// Whether the law is a factor around one: then a mean or median may be left out, and the mean is one.
  var isFactor = false

  static let duration = LawRule(kind: .duration, bounds: .duration)
  static let positiveDuration = LawRule(kind: .duration, bounds: .duration, needsPositiveMean: true)
  static let factor = LawRule(kind: .number, bounds: .notNegative, needsPositiveMean: true, isFactor: true)

  /// Whether laws that may give any large value are refused here.
  fileprivate var needsBounds: Bool { bounds.upper <= 1 }

  /// The rule of a law that is part of another one.
  fileprivate var ofPart: LawRule { LawRule(kind: kind, bounds: bounds, isFactor: isFactor) }
}

/// Reads and writes a law: a plain value, or a map with the name of the law. What can be said of each law is read
/// from its definition.
struct LawReader {
  let rule: LawRule

  func read(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    let law = try readUnchecked(tree, path)
    guard law.mean.isFinite, law.mean <= rule.bounds.upper else {
      throw tree.error("the mean of \(path) is out of range", hint: "it must be \(rule.bounds.text(rule.kind))")
    }
    if rule.needsPositiveMean, law.mean <= 0 { throw tree.error("\(path) must be above zero in the mean") }
    try checkSupport(law, tree, path)
    return law
  }

  private func readUnchecked(_ tree: Tree, _ path: String) throws(ScenarioError) -> Distribution {
    guard let entries = tree.entries else {
      guard tree.text != nil, tree.text != "" else { throw mistyped(tree, path, mustBe: allowed) }
      return .constant(try constant(tree, path))
    }
    guard let entry = entries.first, entries.count == 1 else {
      throw tree.error(
        "\(path) must be one law", hint: "such as {lognormal: {median: \(rule.kind.text(1)), sigma: 0.5}}",
        note: Self.note(of: LawDefinition.all))
    }
    let definition = try definition(entry, path)
    let innerPath = "\(path).\(entry.key)"
    if definition === LawDefinition.constant { return .constant(try constant(entry.value, innerPath)) }
    let said = LawArguments(try arguments(of: definition, entry.value, innerPath), isFactor: rule.isFactor)
    do {
      return try definition.resolve(said)
    } catch {
      throw wrong(error, definition, entry.value, innerPath, around: tree, path)
    }
  }

  /// A value that is what was written and not drawn, so that a duration is exact.
  private func constant(_ tree: Tree, _ path: String) throws(ScenarioError) -> Double {
    rule.kind == .duration
      ? try readHeldDuration(tree, path, rule.bounds).seconds : try readQuantity(tree, path, rule.kind, rule.bounds)
  }

  private func definition(_ entry: Tree.Entry, _ path: String) throws(ScenarioError) -> LawDefinition {
    guard let definition = LawDefinition.all.first(where: { $0.name == entry.key }) else {
      throw ScenarioError(
        "unknown law '\(entry.key)'", at: entry.keyPlace,
        hint: nearest(to: entry.key, among: LawDefinition.all.map(\.name)).map { "did you mean '\($0)'?" },
        note: Self.note(of: LawDefinition.all))
    }
    if rule.needsBounds, !definition.canBeBounded { throw withoutBounds(path, at: entry.keyPlace) }
    return definition
  }

  private static func note(of laws: [LawDefinition]) -> String {
    "laws: " + laws.map(\.name).joined(separator: ", ")
  }

  private func withoutBounds(_ path: String, at place: Place) -> ScenarioError {
    let bounded = LawDefinition.all.filter(\.canBeBounded).map(\.name)
    return ScenarioError(
      "a law for \(path) must have bounds", at: place, note: "laws with bounds: " + bounded.joined(separator: ", "))
  }

  /// Refuses a law that can give a value that the key cannot have. Values beyond a bound that is only there to keep
  /// numbers sane are improbable enough.
  private func checkSupport(_ law: Distribution, _ tree: Tree, _ path: String) throws(ScenarioError) {
    let (lower, upper) = law.support
    if rule.needsBounds, upper == .infinity { throw withoutBounds(path, at: tree.place) }
    let bounds = rule.bounds
    let isBelow = lower < bounds.lower || !bounds.includesLower && law.cumulativeProbability(bounds.lower) > 0
    let isAbove =
      upper.isFinite
      && (upper > bounds.upper || !bounds.includesUpper && law.cumulativeProbability(bounds.upper.nextDown) < 1)
    guard isBelow || isAbove else { return }
    throw tree.error(
      "\(path) can give \(rule.kind.text(isBelow ? lower : upper)), out of range",
      hint: "every value must be \(bounds.text(rule.kind))")
  }

  // MARK: - Parameters

  private func arguments(
    of law: LawDefinition, _ tree: Tree, _ path: String
  ) throws(ScenarioError) -> [String: LawValue] {
    let parameters = law.parameters
    switch law.form {
    case .value:
      return [parameters[0].name: try codec(parameters[0].kind).read(tree, path)]
    case .list:
      guard case .list(let items) = tree.content, items.count == parameters.count else {
        throw mistyped(tree, path, mustBe: "the two bounds in a list such as [a, b]")
      }
      var values: [String: LawValue] = [:]
      for (index, (item, parameter)) in zip(items, parameters).enumerated() {
        values[parameter.name] = try codec(parameter.kind).read(item, "\(path)[\(index)]")
      }
      return values
    case .map(let short):
      if tree.entries == nil, let short = parameters.first(where: { $0.name == short }) {
        return [short.name: try codec(short.kind).read(tree, path)]
      }
      var values: [String: LawValue] = [:]
      let fields = parameters.map { Field($0.name, \[String: LawValue].[$0.name], codec($0.kind).orWord(), "") }
      try Record(fields).read(tree, path, into: &values)
      return values
    }
  }

  private func codec(_ kind: LawParameter.Kind) -> Codec<LawValue> {
    switch kind {
    case .quantity: .number(rule.kind, rule.bounds)
    case .positiveQuantity: .number(rule.kind, positive)
    case .number(let range): .number(.number, Bounds(lower: range.lowerBound, upper: range.upperBound))
    case .share: .number(.share, .share)
    case .law: .part(rule.ofPart)
    case .sampleFile: .sampleFile(allowsNegative: rule.bounds.lower < 0)
    case .text: Codec<String>.line.map({ .text($0) }, \.description)
    }
  }

  private var positive: Bounds {
    var bounds = rule.bounds
    bounds.lower = max(0, bounds.lower)
    bounds.includesLower = bounds.lower > 0
    return bounds
  }

  /// What is wrong with the parameters of a law, at its place.
  private func wrong(
    _ error: LawError, _ law: LawDefinition, _ tree: Tree, _ path: String, around outer: Tree, _ outerPath: String
  ) -> ScenarioError {
    switch error {
    case .missing(let name):
      let kind = law.parameters.first { $0.name == name }?.kind
      return tree.error("missing key '\(name)' in \(path)", note: kind.map { "\(name): \(phrase($0))" })
    case .neither(let first, let second):
      return tree.error("\(path) needs '\(first)' or '\(second)'")
    case .both(let first, let second):
      return ScenarioError(
        "\(path) has both '\(first)' and '\(second)'", at: tree.keyPlace(of: second), hint: "give one of the two")
    case .law(let trouble, let hint):
      return tree.error("\(path) \(trouble)", hint: hint)
    case .parameter(let name, let trouble):
      let message = "the \(name) of \(outerPath) \(trouble)"
      return ScenarioError(message, at: tree.entry(name)?.value.place ?? outer.place)
    }
  }

  /// What a parameter may be, as it follows its name.
  private func phrase(_ kind: LawParameter.Kind) -> String {
    switch kind {
    case .quantity: rule.kind.phrase
    case .positiveQuantity: "\(rule.kind.phrase), above 0"
    case .number(let range): "a number from \(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound))"
    case .share: QuantityKind.share.phrase
    case .law: allowed
    case .sampleFile: SampleFile.allowed
    case .text: Codec<String>.line.allowed
    }
  }

  // MARK: - Writing

  var allowed: String { "\(rule.kind.phrase), or a law" }

  var allowedInShort: String { "\(rule.kind.shortPhrase) or a law" }

  func write(_ law: Distribution) -> String {
    let definition = law.definition
    let said = definition.write(law)
    let texts = said.map { text($0.name, $0.value, definition) }
    switch definition.form {
    case .value:
      return texts[0]
    case .list:
      return "{\(definition.name): [\(texts.joined(separator: ", "))]}"
    case .map:
      let pairs = zip(said, texts).map { "\($0.name): \($1)" }
      return "{\(definition.name): {\(pairs.joined(separator: ", "))}}"
    }
  }

  private func text(_ name: String, _ value: LawValue, _ law: LawDefinition) -> String {
    guard let parameter = law.parameters.first(where: { $0.name == name }) else {
      preconditionFailure("The law \(law.name) writes '\(name)', which it does not read.")
    }
    return codec(parameter.kind).write(value)
  }
}

extension Codec<LawValue> {
  /// A number of a law, in base units.
  fileprivate static func number(_ kind: QuantityKind, _ bounds: Bounds) -> Codec {
    Codec<Double>.quantity(kind, bounds).map({ .number($0) }, \.number)
  }

  /// A law that is part of another one.
  fileprivate static func part(_ rule: LawRule) -> Codec {
    Codec<Distribution>.law(rule).map({ .law($0) }, \.law)
  }

  /// A file of numbers by its path.
  fileprivate static func sampleFile(allowsNegative: Bool) -> Codec {
    Codec(
      allowed: SampleFile.allowed,
      read: { (tree, path) throws(ScenarioError) -> LawValue in
        .sample(try SampleFile(tree: tree, path: path, allowsNegative: allowsNegative).read())
      }, write: { yamlText($0.description) })
  }
}

extension LawValue {
  fileprivate var number: Double {
    guard case .number(let number) = self else { preconditionFailure("A law writes \(self) for a number.") }
    return number
  }

  fileprivate var law: Distribution {
    guard case .law(let law) = self else { preconditionFailure("A law writes \(self) for a law.") }
    return law
  }
}

extension Codec<Distribution> {
  /// A law: a plain value, or one of `LawDefinition.all` by name.
  static func law(_ rule: LawRule) -> Codec {
    let reader = LawReader(rule: rule)
    return Codec(
      allowed: reader.allowedInShort,
      read: { (tree, path) throws(ScenarioError) -> Distribution in try reader.read(tree, path) },
      write: reader.write)
  }
}
