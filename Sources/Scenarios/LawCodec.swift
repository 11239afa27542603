// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

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
      guard tree.text != nil, tree.text != "" else { throw mistyped(tree, path, mustBe: rule.phrase) }
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
    let said = try arguments(of: definition, entry.value, innerPath)
    do {
      return try definition.resolve(said, rule.isFactor)
    } catch {
      throw wrong(error, definition, entry.value, innerPath, around: tree, path)
    }
  }

  /// A value that is what was written and not drawn, so that a duration is exact.
  private func constant(_ tree: Tree, _ path: String) throws(ScenarioError) -> Double {
    let kind: Kind = rule.kind == .duration ? .multipliedDuration(rule.bounds) : .quantity(rule.kind, rule.bounds)
    let value = try tree.value(of: kind, path)
    return value.duration?.seconds ?? value.number ?? 0
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
  ) throws(ScenarioError) -> Arguments {
    let parameters = law.parameters
    switch law.form {
    case .value:
      return Arguments([parameters[0].name: try codec(parameters[0].kind).read(tree, path)])
    case .list:
      guard case .list(let items) = tree.content, items.count == parameters.count else {
        throw mistyped(tree, path, mustBe: "the two bounds in a list such as [a, b]")
      }
      var values = Arguments()
      for (index, (item, parameter)) in zip(items, parameters).enumerated() {
        values[parameter.name] = try codec(parameter.kind).read(item, "\(path)[\(index)]")
      }
      return values
    case .map(let short):
      if tree.entries == nil, let short = parameters.first(where: { $0.name == short }) {
        return Arguments([short.name: try codec(short.kind).read(tree, path)])
      }
      var values = Arguments()
      let fields = parameters.map { Field($0.name, \Arguments.[$0.name], codec($0.kind).orWord(), "") }
      try Record(fields).read(tree, path, into: &values)
      return values
    }
  }

  private func codec(_ kind: Kind) -> Codec<Argument> {
    guard case .file = kind else { return .value(kind.resolved(for: rule)) }
    let allowsNegative = rule.bounds.lower < 0
    return Codec(
      kind,
      read: { (tree, path) throws(ScenarioError) -> Argument in
        .special(try SampleFile(tree: tree, path: path, kind: kind, allowsNegative: allowsNegative).read())
      }, write: { yamlText($0.special(EmpiricalSample.self)?.file ?? "") })
  }

  /// What is wrong with the parameters of a law, at its place.
  private func wrong(
    _ fault: Fault, _ law: LawDefinition, _ tree: Tree, _ path: String, around outer: Tree, _ outerPath: String
  ) -> ScenarioError {
    switch fault.subject {
    case .missing(let name):
      let kind = law.parameters.first { $0.name == name }?.kind
      return tree.error("missing key '\(name)' in \(path)", note: kind.map { "\(name): \(phrase($0))" })
    case .both(_, let second):
      return ScenarioError("\(path) \(fault.trouble)", at: tree.keyPlace(of: second), hint: fault.hint)
    case .whole, .noneOf:
      return tree.error("\(path) \(fault.trouble)", hint: fault.hint)
    case .parameter(let name):
      let message = "the \(name) of \(outerPath) \(fault.trouble)"
      return ScenarioError(message, at: tree.entry(name)?.value.place ?? outer.place, hint: fault.hint)
    }
  }

  /// What a parameter may be, as it follows its name.
  private func phrase(_ kind: Kind) -> String {
    switch kind {
    case .quantityOfLaw(let isPositive): isPositive ? "\(rule.kind.phrase), above 0" : rule.kind.phrase
    case .lawOfLaw: rule.phrase
    case .quantity(.share, _): QuantityKind.share.phrase
    case .quantity(.number, let bounds): "a number from \(plainNumber(bounds.lower)) to \(plainNumber(bounds.upper))"
    default: kind.allowed
    }
  }

  // MARK: - Writing

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

  private func text(_ name: String, _ value: Argument, _ law: LawDefinition) -> String {
    guard let parameter = law.parameters.first(where: { $0.name == name }) else {
      preconditionFailure("The law \(law.name) writes '\(name)', which it does not read.")
    }
    return codec(parameter.kind).write(value)
  }
}

extension Codec<Distribution> {
  /// A law: a plain value, or one of `LawDefinition.all` by name.
  static func law(_ rule: LawRule) -> Codec {
    let reader = LawReader(rule: rule)
    return Codec(
      .law(rule),
      read: { (tree, path) throws(ScenarioError) -> Distribution in try reader.read(tree, path) },
      write: reader.write)
  }
}
