// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// A key that a sweep varies, with its values.
package struct SweepAxis: Sendable, Equatable {
  /// The full dotted path of the key.
  package let path: String
  /// The values as YAML on one line, as they stand in the names of cells.
  package let values: [String]
}

/// The `sweep` block of a scenario: dotted paths with lists or ranges of values.
enum SweepBlock {
  private static let example = "a list such as [0, 0.1], or a range such as {from: 0, to: 0.3, step: 0.1}"
  private static let rangeKeys = ["from", "to", "step", "points", "spacing"]

  /// The axes of a scenario's block; empty without one.
  ///
  /// Each value is read by itself, whether or not the scenario is swept now, so that a slip is found early.
  static func axes(in root: Tree) throws(ScenarioError) -> [AxisDraft] {
    guard let block = root.entry("sweep") else { return [] }
    guard let entries = block.value.entries, !entries.isEmpty else {
      throw mistyped(
        block.value, "sweep",
        mustBe: "a map of dotted paths to values such as {conditions.links.loss: [0, 0.1]}")
    }
    var axes: [AxisDraft] = []
    var faults = Faults()
    for entry in entries {
      let axis = faults.gather { () throws(ScenarioError) in try read(entry, in: root) }
      if let axis { axes.append(axis) }
    }
    _ = faults.gather { () throws(ScenarioError) in try refuseTwice(axes.map(\.path)) }
    try faults.finish()
    return axes
  }

  private static func read(_ entry: Tree.Entry, in root: Tree) throws(ScenarioError) -> AxisDraft {
    let path = DottedPath(entry.key, at: entry.keyPlace)
    try checkKey(path, of: "a sweep")
    try ArmDraft.refuseShared(path, setter: "a sweep")
    let axis = AxisDraft(path: path, values: try values(entry.value, of: "sweep.\(entry.key)"))
    try check(axis, in: root)
    try axis.refuseEqualValues(in: root)
    return axis
  }

  private static func values(_ tree: Tree, of path: String) throws(ScenarioError) -> [Tree] {
    switch tree.content {
    case .list(let items) where !items.isEmpty: return items
    case .list: throw tree.error("\(path) has no values", hint: "give at least one, or leave the key out")
    case .map(let entries): return try range(tree, entries, path)
    default: throw mistyped(tree, path, mustBe: example)
    }
  }

  private static func range(_ tree: Tree, _ entries: [Tree.Entry], _ path: String) throws(ScenarioError) -> [Tree] {
    for entry in entries where !rangeKeys.contains(entry.key) {
      throw unknownKey(entry.key, at: entry.keyPlace, in: path, known: rangeKeys)
    }
    for key in ["from", "to"] where tree.entry(key) == nil {
      throw tree.error("missing key '\(key)' in \(path)", note: "it must be \(example)")
    }
    let range = ValueRange(
      from: try end("from", of: tree, path), to: try end("to", of: tree, path), spacing: try spacing(tree, path))
    do throws(ValueRange.Trouble) {
      return try range.values().map { Tree(content: .text($0), place: tree.place) }
    } catch {
      throw tree.error("\(path) \(error.reason)", hint: error.hint)
    }
  }

  private static func end(_ key: String, of tree: Tree, _ path: String) throws(ScenarioError) -> String {
    guard let entry = tree.entry(key) else { return "" }
    guard let text = entry.value.text, numberAndUnit(text) != nil else {
      throw mistyped(entry.value, "\(path).\(key)", mustBe: "a number or a quantity such as '10 ms'")
    }
    return text
  }

  private static func spacing(_ tree: Tree, _ path: String) throws(ScenarioError) -> ValueRange.Spacing {
    guard let points = tree.entry("points") else {
      if let spacing = tree.entry("spacing") {
        throw ScenarioError("\(path) has a spacing without points", at: spacing.keyPlace, hint: "add 'points: 7'")
      }
      guard tree.entry("step") != nil else { throw tree.error("\(path) needs a 'step', or 'points'") }
      return .step(try end("step", of: tree, path))
    }
    if let step = tree.entry("step") {
      throw ScenarioError("\(path) has both a step and points", at: step.keyPlace, hint: "leave one of them out")
    }
    let count = try Codec<Int>.count(2...100_000).read(points.value, "\(path).points")
    let spacing = try tree.entry("spacing").map { entry throws(ScenarioError) in
      try Codec<SpacingWord>.choice.read(entry.value, "\(path).spacing")
    }
    return .points(count, isLogarithmic: spacing == .log)
  }

  private enum SpacingWord: String, CaseIterable { case linear, log }

  /// Reads each value where it belongs; whether the values go together is for the sweep itself to say.
  private static func check(_ axis: AxisDraft, in root: Tree) throws(ScenarioError) {
    // The ends of a range, whose values differ in nothing but their size.
    let places = axis.values.prefix(2).map(\.place)
    let isRange = places.count > 1 && places[0].line == places[1].line && places[0].column == places[1].column
    let checked = isRange ? [axis.values[0], axis.values[axis.values.count - 1]] : axis.values
    var faults = Faults()
    for value in checked where !faults.isFull {
      var tree = root
      var draft = ScenarioDraft()
      do throws(ScenarioError) {
        try tree.set(axis.path, to: value)
        try ScenarioDraft.record.read(tree, "", into: &draft)
      } catch {
        // What is wrong elsewhere is told when the scenario itself is read.
        for fault in error.faults {
          guard let place = fault.place, place.line == value.place.line, place.column >= value.place.column else {
            continue
          }
          faults.add(fault)
        }
      }
    }
    try faults.finish()
  }
}

extension Tree {
  /// The value as YAML on one line, which reads as an equal tree.
  var inlineText: String {
    switch content {
    case .text(let text): flowText(text)
    case .list(let items): "[" + items.map(\.inlineText).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\(flowText($0.key)): \($0.value.inlineText)" }.joined(separator: ", ") + "}"
    }
  }
}

/// A text as a scalar within brackets: plain where that is safe, which a quantity with its unit is.
private func flowText(_ text: String) -> String {
  guard let (_, unit) = numberAndUnit(text), text == text.trimmingCharacters(in: .whitespaces),
    unit.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "/" || $0 == "%" })
  else { return yamlText(text) }
  return text
}
