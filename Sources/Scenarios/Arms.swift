// SPDX-License-Identifier: GPL-3.0-or-later

/// A variant of a scenario as it is written: what it sets in the common tree.
struct ArmDraft {
  /// Nothing for the one arm of a scenario that names none.
  var name: String?
  var settings: [(path: DottedPath, value: Tree)] = []
  /// Whether it sets something that could not be read, so that what follows from its settings says nothing.
  var isDamaged = false

  /// More arms than anybody compares; protects against a slip in an override.
  static let most = 1000
  /// Characters of a name, long enough for that of a cell.
  private static let longestName = 1000
  /// More cells than anybody sweeps.
  static let mostCells = 100_000

  /// The arms of a file, multiplied by the overrides with several values.
  ///
  /// What an override sets stands against what an arm of the file sets.
  static func all(
    in root: Tree, overrides: [AxisDraft], withoutArms: Bool = false, _ faults: inout Faults
  ) throws(ScenarioError) -> [ArmDraft] {
    var arms = withoutArms ? [ArmDraft()] : try written(in: root, &faults)
    for axis in overrides { arms = try multiplied(arms, by: axis, most: most) }
    return arms
  }

  /// Each arm with each value; one value names no arm.
  static func multiplied(_ arms: [ArmDraft], by axis: AxisDraft, most: Int) throws(ScenarioError) -> [ArmDraft] {
    let count = arms.count.multipliedReportingOverflow(by: axis.values.count)
    guard !count.overflow, count.partialValue <= most else {
      throw ScenarioError("the overrides make more than \(most) arms", at: axis.path.place)
    }
    if axis.values.count > 1 { try refuseShared(axis.path) }
    let texts = axis.values.map(\.inlineText)
    var multiplied: [ArmDraft] = []
    multiplied.reserveCapacity(count.partialValue)
    for arm in arms {
      for (value, text) in zip(axis.values, texts) {
        multiplied.append(arm.setting(axis.path, to: value, named: axis.values.count > 1 ? text : nil))
      }
    }
    try refuseEqualNames(multiplied, at: axis.path.place)
    return multiplied
  }

  private func setting(_ path: DottedPath, to value: Tree, named text: String?) -> ArmDraft {
    var arm = self
    arm.settings.append((path, value))
    if let text {
      arm.name = [name, "\(path.text)=\(text)"].compactMap { $0 }.joined(separator: ", ")
    }
    return arm
  }

  private static func refuseEqualNames(_ arms: [ArmDraft], at place: Place) throws(ScenarioError) {
    var names: Set<String> = []
    for arm in arms {
      if let name = arm.name, !names.insert(name).inserted {
        throw ScenarioError("the arm '\(name)' appears twice", at: place, hint: "give each value once")
      }
    }
  }

  static func refuseShared(_ path: DottedPath, setter: String = "an arm") throws(ScenarioError) {
    guard let first = path.parts.first?.name, ScenarioDraft.sharedKeys.contains(first) else { return }
    throw ScenarioError("\(setter) cannot set '\(first)': it holds for the whole scenario", at: path.place)
  }

  /// The arms of a file; what is wrong with one goes to the faults.
  ///
  /// - Throws: when they are no map, or too many.
  static func written(in root: Tree, _ faults: inout Faults) throws(ScenarioError) -> [ArmDraft] {
    guard let entry = root.entry("arms") else { return [ArmDraft()] }
    if entry.value.entries?.isEmpty == true {
      throw entry.value.error("arms names no arm", hint: "leave the key out for a scenario of one arm")
    }
    guard let entries = entry.value.entries else {
      throw mistyped(
        entry.value, "arms", mustBe: "a map of names to settings such as {slow: {strategy.timing: synchronous-global}}")
    }
    guard entries.count <= most else {
      throw ScenarioError("there are more than \(most) arms", at: entry.keyPlace)
    }
    return entries.map { arm in
      if !isName(arm.key) { faults.add(ScenarioError(ruleOfNames, at: arm.keyPlace)) }
      let count = faults.found.count
      let settings = read(arm, &faults)
      return ArmDraft(name: arm.key, settings: settings, isDamaged: faults.found.count > count)
    }
  }

  static var ruleOfNames: String { "an arm's name is one line of 1 to \(longestName) characters" }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.count <= longestName && !name.contains(where: \.isNewline)
  }

  private static func read(_ arm: Tree.Entry, _ faults: inout Faults) -> [(path: DottedPath, value: Tree)] {
    guard let entries = arm.value.entries else {
      faults.add(
        mistyped(arm.value, "arms.\(arm.key)", mustBe: "a map from dotted paths to values, {} for none"))
      return []
    }
    let settings = entries.compactMap { entry in
      faults.gather { () throws(ScenarioError) -> (path: DottedPath, value: Tree) in
        let path = DottedPath(entry.key, at: entry.keyPlace)
        try checkKey(path, of: "an arm")
        try refuseShared(path)
        return (path, entry.value)
      }
    }
    _ = faults.gather { () throws(ScenarioError) in try refuseTwice(settings.map(\.path)) }
    return settings
  }
}
