// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// A key with several values, as it is written.
struct AxisDraft {
  let path: DottedPath
  let values: [Tree]

  var axis: SweepAxis { SweepAxis(path: path.text, values: values.map(\.inlineText)) }
}

extension AxisDraft {
  /// The overrides with their values, one after the other; no key is set twice, and no value given twice.
  static func all(_ overrides: [Override], of root: Tree) throws(ScenarioError) -> [AxisDraft] {
    var faults = Faults()
    let axes = overrides.compactMap { override in
      faults.gather { () throws(ScenarioError) in
        let (path, values) = try override.settings(folder: root.place.source.folder)
        let axis = AxisDraft(path: path, values: values)
        try axis.refuseEqualValues(in: root)
        return axis
      }
    }
    _ = faults.gather { () throws(ScenarioError) in try refuseTwice(axes.map(\.path)) }
    try faults.finish()
    return axes
  }

  /// Refuses two values that mean the same, however they are written: 0.1 and 1e-1, 100 ms and 0.1 s.
  func refuseEqualValues(in root: Tree) throws(ScenarioError) {
    guard values.count > 1 else { return }
    let meanings = canonicalNumbers ?? values.map { meaning(of: $0, in: root) }
    var seen: [String: Tree] = [:]
    for (value, meaning) in zip(values, meanings) {
      guard let earlier = seen.updateValue(value, forKey: meaning) else { continue }
      let (text, other) = (value.inlineText, earlier.inlineText)
      throw value.error(
        "\(path.text) has the value \(text) twice" + (text == other ? "" : ", once as \(other)"),
        hint: "give each value once")
    }
  }

  /// The numbers of values that all have the same unit, or none: the same text for equal ones.
  private var canonicalNumbers: [String]? {
    let numbers = values.map { $0.text.flatMap(numberAndUnit) }
    let units = Set(numbers.map { $0?.unit })
    guard units.count == 1, units.first != .some(nil) else { return nil }
    return numbers.map { $0?.number.canonicalText ?? "" }
  }

  /// What a value says at its key, as it is written out; the value itself where it cannot be read there.
  private func meaning(of value: Tree, in root: Tree) -> String {
    let text = value.inlineText
    var tree = root
    var draft = ScenarioDraft()
    do throws(ScenarioError) {
      try tree.set(path, to: value)
      try ScenarioDraft.record.read(tree, "", into: &draft)
    } catch  where error.faults.contains(where: { $0.concerns(path.text) }) {
      return text
    } catch {}
    let leaf = Scenario.leaves(ScenarioDraft.record.entries(of: draft), "", isHidden: false).first {
      $0.path == path.text || path.text.hasPrefix($0.path + ".")
    }
    return leaf?.text ?? text
  }
}
