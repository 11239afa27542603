// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// Reads a requirement: sum, comparison, sum.
///
///     requirement = sum ("<" | "<=" | ">" | ">=") sum
///     sum         = product {("+" | "-") product}
///     product     = factor {("*" | "/") factor}
///     factor      = ["+" | "-"] factor | number [unit] | [arm "."] metric | "(" sum ")"
///
/// Decibels are factors: `-30 dB` is 0.001, and `1 dB * a.final-msd` is one decibel above it; they are not added.
struct RequirementParser {
  /// An arm that a requirement may name.
  struct Arm {
    var name: String
    var hasTarget: Bool
  }

  /// Deeper than anybody nests; protects the stack.
  private static let deepest = 50
  private static let longest = 2000

  private let text: String
  private let arms: [Arm]
  private let metrics: RunMetrics
  private let tokens: [RequirementToken]
  private var position = 0
  private var depth = 0

  init(_ text: String, arms: [Arm], metrics: RunMetrics) throws(RequirementError) {
    guard text.unicodeScalars.count <= Self.longest else {
      throw RequirementError(
        String(text.prefix(60)), at: 0..<1, "a requirement of more than \(Self.longest) characters is not read")
    }
    self.text = text
    self.arms = arms
    self.metrics = metrics
    tokens = try RequirementScanner.tokens(of: text)
  }

  /// The two sides, how they are compared, and where the comparison stands.
  mutating func parse() throws(RequirementError) -> (
    left: RequirementTerm, comparison: Requirement.Comparison, right: RequirementTerm, place: Range<Int>
  ) {
    let left = try sum()
    let token = current
    guard case .sign(let sign) = token.kind, let comparison = Requirement.Comparison(rawValue: sign) else {
      throw error(
        token.kind == .end ? "there is no comparison" : "a comparison should stand here",
        hint: "compare with <, <=, > or >=")
    }
    position += 1
    let right = try sum()
    guard current.kind == .end else {
      let again =
        if case .sign(let sign) = current.kind { Requirement.Comparison(rawValue: sign) != nil } else { false }
      throw error(
        again ? "there is a second comparison" : "the requirement should end here",
        hint: again || isWord(["and", "or"])
          ? "one comparison each: give --require again for the next" : "or be joined with +, -, * or /")
    }
    try checkUnits(left, right, at: token.place, "compared with")
    try checkBound(left, right, at: token.place)
    try checkPlain(left, right, at: token.place)
    guard !left.metrics.isEmpty || !right.metrics.isEmpty else {
      throw RequirementError(
        text, at: 0..<max(1, text.unicodeScalars.count), "this names no metric, so no run could refute it",
        note: metricNote)
    }
    return (left, comparison, right, token.place)
  }

  // MARK: - Sums, products, factors

  private mutating func sum() throws(RequirementError) -> RequirementTerm {
    var term = try product()
    while case .sign(let sign) = current.kind, sign == "+" || sign == "-" {
      let place = current.place
      position += 1
      let right = try product()
      if term.isDecibels || right.isDecibels {
        throw RequirementError(
          text, at: place, "decibels are not added to linear numbers", hint: "write * 1 dB for one decibel more")
      }
      try checkUnits(term, right, at: place, sign == "+" ? "added to" : "taken from")
      term = .combined(sign == "+" ? .add : .subtract, term, right)
    }
    return term
  }

  private mutating func product() throws(RequirementError) -> RequirementTerm {
    var term = try factor()
    while case .sign(let sign) = current.kind, sign == "*" || sign == "/" {
      let place = current.place
      position += 1
      let right = try factor()
      guard sign == "*" || !right.isZero else { throw RequirementError(text, at: place, "nothing is divided by zero") }
      term = .combined(sign == "*" ? .multiply : .divide, term, right)
    }
    return term
  }

  private mutating func factor() throws(RequirementError) -> RequirementTerm {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw error("this is nested too deeply") }
    switch current.kind {
    case .number(let number, let scale):
      position += 1
      return .number(scale == .decibels ? power(ofDecibels: number) : number, scale)
    case .name, .quoted: return try metric()
    case .sign("-"): return try negative()
    case .sign("+"):
      position += 1
      return try factor()
    case .sign("("):
      position += 1
      let term = try sum()
      guard current.kind == .sign(")") else { throw error("')' is missing here") }
      position += 1
      return term
    default:
      throw error(
        current.kind == .end ? "something is missing at the end" : "a number or a metric should stand here",
        note: metricNote)
    }
  }

  /// What follows a minus: of a number in decibels it is part.
  private mutating func negative() throws(RequirementError) -> RequirementTerm {
    let place = current.place
    position += 1
    if case .number(let number, .decibels) = current.kind {
      position += 1
      return .number(power(ofDecibels: -number), .decibels)
    }
    let term = try factor()
    guard !term.isDecibels else {
      throw RequirementError(
        text, at: place, "a power has no sign of its own", hint: "write -30 dB, without parentheses")
    }
    return .negated(term)
  }

  // MARK: - Metrics

  private var metricNote: String { "metrics: " + metrics.all.map(\.name).joined(separator: ", ") }

  private mutating func metric() throws(RequirementError) -> RequirementTerm {
    let first = current
    position += 1
    guard current.kind == .sign(".") else {
      guard case .name(let name) = first.kind else {
        throw error("a point and a metric should follow the arm", note: metricNote)
      }
      guard arms.count == 1 else {
        if metrics.named(name) == nil, arm(named: name, exactly: false) != nil {
          throw error("a point and a metric should follow the arm", note: metricNote)
        }
        throw RequirementError(
          text, at: first.place, "'\(name)' of which arm?", hint: "write ARM.\(name)", note: armNote)
      }
      return try metric(name, at: first.place, ofArm: 0)
    }
    position += 1
    let arm: Int
    switch first.kind {
    case .quoted(let name): arm = try self.arm(name, at: first.place, exactly: true)
    case .name(let name): arm = try self.arm(name, at: first.place, exactly: false)
    default: throw error("an arm should stand here", note: armNote)
    }
    guard case .name(let name) = current.kind else {
      throw error("a metric should follow the point", note: metricNote)
    }
    defer { position += 1 }
    return try metric(name, at: current.place, ofArm: arm)
  }

  private func metric(
    _ name: String, at place: Range<Int>, ofArm arm: Int
  ) throws(RequirementError) -> RequirementTerm {
    guard let metric = metrics.named(name) else {
      let guess = metrics.nearestName(to: name)
      let hasMinus = metrics.all.contains { name.hasPrefix($0.name + "-") }
      throw RequirementError(
        text, at: place, "unknown metric '\(name)'",
        hint: hasMinus ? "put blanks around a minus" : guess.map { "did you mean '\($0)'?" }, note: metricNote)
    }
    guard !metric.needsTarget || arms[arm].hasTarget else {
      throw RequirementError(
        text, at: place, "'\(arms[arm].name)' has no target", hint: "give the scenario a measure.target")
    }
    return .metric(arm: arm, metric)
  }

  private var armNote: String {
    let shown = arms.prefix(20).map { "'\($0.name)'" }.joined(separator: ", ")
    return "arms: \(shown)\(arms.count > 20 ? ", …" : ""); a name of more than letters, digits, _ and - stands in "
      + "quotes, and without quotes its beginning is enough"
  }

  /// The arm of this name, or the only one whose name begins so.
  private func arm(named name: String, exactly: Bool) -> Int? {
    if let same = arms.firstIndex(where: { $0.name == name }) { return same }
    let longer = arms.indices.filter { !exactly && arms[$0].name.hasPrefix(name) }
    return longer.count == 1 ? longer[0] : nil
  }

  private func arm(_ name: String, at place: Range<Int>, exactly: Bool) throws(RequirementError) -> Int {
    if let known = arm(named: name, exactly: exactly) { return known }
    let longer = arms.filter { $0.name.hasPrefix(name) }
    if !exactly, longer.count > 1 {
      let names = longer.prefix(5).map { "'\($0.name)'" }.joined(separator: ", ")
      throw RequirementError(text, at: place, "'\(name)' begins the names of several arms: \(names)", note: armNote)
    }
    let guess = nearest(to: name, among: arms.map(\.name))
    throw RequirementError(
      text, at: place, "unknown arm '\(name)'", hint: guess.map { "did you mean '\($0)'?" }, note: armNote)
  }

  // MARK: - Help

  private var current: RequirementToken { tokens[min(position, tokens.count - 1)] }

  private func isWord(_ words: [String]) -> Bool {
    if case .name(let name) = current.kind { words.contains(name.lowercased()) } else { false }
  }

  private func error(_ message: String, hint: String? = nil, note: String? = nil) -> RequirementError {
    RequirementError(text, at: current.place, message, hint: hint, note: note)
  }

  /// Refuses a bound below zero of a squared error: the unit was forgotten.
  private func checkBound(
    _ left: RequirementTerm, _ right: RequirementTerm, at place: Range<Int>
  ) throws(RequirementError) {
    for (term, bound) in [(left, right), (right, left)] {
      guard case .metric(_, let metric) = term, metric.scale == .decibels, bound.metrics.isEmpty else { continue }
      let value = bound.value { _, _ in 0 }
      guard value < 0 else { continue }
      throw RequirementError(
        text, at: place, "\(metric.name) is a squared error, which is never below zero",
        hint: "write \(trimmed(value)) dB")
    }
  }

  /// Refuses a bound with a unit for a plain number such as a return, which has none.
  private func checkPlain(
    _ left: RequirementTerm, _ right: RequirementTerm, at place: Range<Int>
  ) throws(RequirementError) {
    for (term, bound) in [(left, right), (right, left)] where term.scale == .plain {
      guard bound.metrics.isEmpty, bound.scale == .decibels || bound.scale == .share,
        let metric = term.metrics.first?.metric
      else { continue }
      throw RequirementError(
        text, at: place, "\(metric.name) has no unit", hint: "write a bare number, such as \(metric.name) > 190")
    }
  }

  /// Refuses to put a duration beside a number of bytes, or either beside a bare number.
  private func checkUnits(
    _ left: RequirementTerm, _ right: RequirementTerm, at place: Range<Int>, _ verb: String
  ) throws(RequirementError) {
    guard !left.isZero, !right.isZero, left.dimension != right.dimension else { return }
    let (one, other) = verb == "compared with" ? (left, right) : (right, left)
    throw RequirementError(
      text, at: place, "\(one.dimension.words) cannot be \(verb) \(other.dimension.words)",
      hint: "give numbers their units, such as 90 s or 2 MB")
  }
}
