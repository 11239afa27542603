// SPDX-License-Identifier: GPL-3.0-or-later
import Simulation

/// Makes a scenario of what a file says, and collects what is wrong with it on the way.
struct ScenarioReader {
  let root: Tree

  func scenario(_ overrides: [Override], _ choice: ArmChoice) throws(ScenarioError) -> Scenario {
    var faults = Faults()
    let block = faults.gather { () throws(ScenarioError) in try SweepBlock.axes(in: root) }
    let set = faults.gather { () throws(ScenarioError) in try AxisDraft.all(overrides, of: root) }
    // Without an override that cannot be read the scenario is not the one that was meant.
    guard let set else { throw ScenarioError.joined(faults.found) ?? root.error("the overrides cannot be read") }
    var armFaults = Faults()
    let read = faults.gather { () throws(ScenarioError) -> Scenario? in
      choice == .swept
        ? try swept(block ?? [], set, &armFaults)
        : try scenario(ArmDraft.all(in: root, overrides: set, withoutArms: choice == .none, &armFaults))
    }
    for fault in armFaults.found { faults.add(fault) }
    try faults.finish()
    guard var result = read.flatMap({ $0 }) else { preconditionFailure("A scenario without faults is read.") }
    if choice != .swept { result.sweep = (block ?? []).map(\.axis) }
    if choice != .none { try checkCentre(of: result.arms) }
    return result
  }

  /// All cells: the arms of the file × the values of the overrides with several, or else of the file's block. A key
  /// that an override sets to one value is not swept.
  private func swept(
    _ block: [AxisDraft], _ overrides: [AxisDraft], _ faults: inout Faults
  ) throws(ScenarioError) -> Scenario? {
    let written = try ArmDraft.written(in: root, &faults)
    let fixed = overrides.filter { $0.values.count == 1 }
    var axes = overrides.filter { $0.values.count > 1 }
    if axes.isEmpty { axes = block.filter { axis in !fixed.contains { $0.path.text == axis.path.text } } }
    let drafts = try Self.multiplied(written, by: fixed + axes)
    guard var result = try scenario(drafts) else { return nil }
    result.sweep = axes.map(\.axis)
    let cells = drafts.count / written.count
    result.unswept = written.enumerated().map { index, draft in
      var arm = result.arms[index * cells]
      arm.name = draft.name ?? arm.settings.strategy.usualArmName
      return arm
    }
    for (index, cell) in result.cells.enumerated() {
      for (axis, value) in zip(result.sweep, cell.values) where axis.path.hasPrefix("\(Tree.presets).") {
        result.arms[index].presets[axis.path] = value
      }
    }
    return result
  }

  private static func multiplied(_ arms: [ArmDraft], by axes: [AxisDraft]) throws(ScenarioError) -> [ArmDraft] {
    var drafts = arms
    for axis in axes { drafts = try ArmDraft.multiplied(drafts, by: axis, most: ArmDraft.mostCells) }
    return drafts
  }

  /// What is written of all cells of the sweep of a file.
  func cells(_ faults: inout Faults) throws(ScenarioError) -> [ArmDraft] {
    try Self.multiplied(ArmDraft.written(in: root, &faults), by: SweepBlock.axes(in: root))
  }

  /// The scenario with these arms, all of which could be read.
  func scenario(of arms: [ArmDraft]) throws(ScenarioError) -> Scenario {
    guard let scenario = try scenario(arms) else { preconditionFailure("Arms that could be read make a scenario.") }
    try checkCentre(of: scenario.arms)
    return scenario
  }

  /// - Returns: nothing where an arm sets what could not be read.
  private func scenario(_ drafts: [ArmDraft]) throws(ScenarioError) -> Scenario? {
    var arms: [Scenario.Arm] = []
    var common = ScenarioDraft()
    var faults = ArmFaults()
    for arm in drafts where !arm.isDamaged {
      do throws(ScenarioError) {
        let (draft, settings, idle) = try read(arm)
        if arms.isEmpty { common = draft }
        arms.append(Scenario.Arm(name: arm.name ?? settings.strategy.usualArmName, settings: settings))
        arms[arms.count - 1].idlePresets = idle
      } catch {
        if faults.add(error.faults, of: arm) { break }
      }
    }
    if drafts.allSatisfy(\.isDamaged) { _ = faults.add(faultsWhateverArmsSet(), of: ArmDraft()) }
    if let error = faults.joined(common: commonFaults) { throw error }
    guard arms.count == drafts.count else { return nil }
    return Scenario(
      name: common.name, question: common.question, arms: arms, replications: common.replications, seed: common.seed)
  }

  private func read(_ arm: ArmDraft) throws(ScenarioError) -> (ScenarioDraft, SimulationSettings, [IdlePreset]) {
    var tree = root
    for setting in arm.settings { try tree.set(setting.path, to: setting.value) }
    tree.forgetParameters(inheritedFrom: root, after: arm.settings.map(\.path))
    try tree.expandPresets()
    let (draft, settings) = try resolve(tree)
    return (draft, settings, try presetsInVain(arm))
  }

  /// Presets of an arm that say nothing because the scenario does; what an arm overrules it overrules on purpose.
  private func presetsInVain(_ arm: ArmDraft) throws(ScenarioError) -> [IdlePreset] {
    guard root.entry(Tree.presets) != nil || arm.settings.contains(where: { $0.path.text.hasPrefix(Tree.presets) })
    else { return [] }
    var tree = root
    for setting in arm.settings where setting.path.text.hasPrefix("\(Tree.presets).") {
      try tree.set(setting.path, to: setting.value)
    }
    return tree.idlePresets()
  }

  /// What is wrong with the scenario without the settings of any arm.
  private func commonFaults() -> [ScenarioError] {
    do throws(ScenarioError) {
      var tree = root
      try tree.expandPresets()
      _ = try resolve(tree)
      return []
    } catch {
      return error.faults
    }
  }

  /// What is wrong with what stands outside of arms, but for absent keys, which these may give.
  private func faultsWhateverArmsSet() -> [ScenarioError] {
    var draft = ScenarioDraft()
    do throws(ScenarioError) {
      try DeclaredMetrics.known(from: root) { () throws(ScenarioError) in
        try ScenarioDraft.record.read(root, "", into: &draft)
      }
      return []
    } catch {
      return error.faults.filter { !$0.isAbsence }
    }
  }

  /// Reads all sections, then checks that they fit together as far as they were read.
  private func resolve(_ tree: Tree) throws(ScenarioError) -> (ScenarioDraft, SimulationSettings) {
    var draft = ScenarioDraft()
    var faults = Faults()
    _ = faults.gather { () throws(ScenarioError) in
      try DeclaredMetrics.known(from: tree) { () throws(ScenarioError) in
        try ScenarioDraft.record.read(tree, "", into: &draft)
      }
    }
    draft.settleChoices(in: tree)
    let rules = Consistency(draft: draft, tree: tree)
    let known = faults.found
    let settings = faults.gather { () throws(ScenarioError) in try rules.settings(known: known) }.flatMap { $0 }
    try faults.finish()
    guard let settings else { preconditionFailure("Without faults all rules were applied.") }
    return (draft, settings)
  }
}

/// What is wrong with the arms of a scenario, said once where it is wrong with several.
private struct ArmFaults {
  private var found: [(fault: ScenarioError, arms: [String])] = []
  private var positions: [String: Int] = [:]

  /// More faults than anybody mends at once, of arms or of the cells of a sweep.
  private static let most = 50

  /// Adds the faults of an arm; says whether there are enough.
  mutating func add(_ faults: [ScenarioError], of arm: ArmDraft) -> Bool {
    let name = arm.settings.isEmpty ? nil : arm.name
    for fault in faults {
      let key = fault.description
      if let position = positions[key] {
        if let name { found[position].arms.append(name) }
      } else {
        positions[key] = found.count
        found.append((fault, name.map { [$0] } ?? []))
      }
    }
    return found.count >= Self.most
  }

  /// All of them; those that the scenario does not have without the settings of arms name the arms.
  func joined(common: () -> [ScenarioError]) -> ScenarioError? {
    guard !found.isEmpty else { return nil }
    let shared = Set(common().map(\.description))
    return ScenarioError.joined(
      found.map { fault, arms in
        let isOfArms = !arms.isEmpty && fault.place?.source.kind == .file && !shared.contains(fault.description)
        return isOfArms ? fault.inArms(arms) : fault
      })
  }
}

/// Which arms a scenario is read with.
package enum ArmChoice: Sendable {
  /// Those of the file, multiplied by overrides with several values.
  case written
  /// One, which is what the arms of the file have in common.
  case none
  /// Every cell of a sweep.
  case swept
}

extension StrategySettings {
  /// What a scenario's only arm is called when it has no name.
  var usualArmName: String {
    !facts.cooperates || facts.hasCentre || facts.takesTurns ? kind.name : timing.rawValue
  }
}
