// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Simulation

/// A preset that says nothing in an arm, since the scenario says all that it would.
package struct IdlePreset: Sendable, Hashable {
  /// Where it is chosen, such as `presets.compute`.
  package let key: String
  package let name: String
  /// A key that the scenario sets itself.
  package let overruledBy: String
}

/// What presets stand for, put where a scenario says nothing: defaults < presets < the scenario < its arms < overrides.
extension Tree {
  static let presets = "presets"
  static let presetUnit = "preset-unit"

  /// Sets what the presets say, key by key, and nothing else.
  ///
  /// - Throws: what is wrong with the choice of presets; where two of them set a key which the scenario leaves open; where
  ///   one cannot be expanded.
  mutating func expandPresets() throws(ScenarioError) {
    guard let section = entry(Self.presets)?.value else { return }
    var draft = PresetDraft()
    try PresetDraft.record.read(section, Self.presets, into: &draft)
    let unit = try presetUnit()
    let written = self
    var setters: [String: PresetDefinition] = [:]
    for slot in PresetDefinition.Slot.allCases {
      guard let choice = draft[slot.rawValue], let place = section.entry(slot.rawValue)?.value.place else { continue }
      let definition = choice.definition
      let sets = try settings(of: choice, unit, at: place)
      for setting in sets where written.leavesOpen(setting.path, to: definition) {
        if let other = setters.updateValue(definition, forKey: setting.path) {
          throw ScenarioError(
            "the presets \(other.name) and \(definition.name) both set \(setting.path)", at: place,
            hint: "set it in the scenario, or leave one of them out")
        }
        try set(setting, at: place)
      }
      if written.leavesOpen(definition.choice ?? "", to: definition) { forget(definition.replaces) }
    }
  }

  /// Presets that say nothing here, as the scenario says all of it itself; none where a preset is wrong.
  func idlePresets() -> [IdlePreset] {
    guard let section = entry(Self.presets)?.value, let unit = try? presetUnit() else { return [] }
    var draft = PresetDraft()
    guard (try? PresetDraft.record.read(section, Self.presets, into: &draft)) != nil else { return [] }
    return PresetDefinition.Slot.allCases.compactMap { slot in
      guard let choice = draft[slot.rawValue], let sets = try? settings(of: choice, unit, at: section.place),
        let first = sets.first, !sets.contains(where: { leavesOpen($0.path, to: choice.definition) })
      else { return nil }
      return IdlePreset(
        key: "\(Self.presets).\(slot.rawValue)", name: choice.definition.name, overruledBy: first.path)
    }
  }

  private func presetUnit() throws(ScenarioError) -> VirtualDuration {
    guard let unit = entry(Self.presetUnit)?.value else { return .presetUnit }
    return try Codec<VirtualDuration>.duration(.positiveDuration).read(unit, Self.presetUnit)
  }

  /// What a preset sets in this scenario.
  private func settings(
    of choice: PresetChoice, _ unit: VirtualDuration, at place: Place
  ) throws(ScenarioError) -> [PresetDefinition.Setting] {
    let definition = choice.definition
    let agents = entry("network")?.value.entry("agents")?.value.text.flatMap { Int($0) }
    let ground = PresetGround(
      arguments: choice.arguments.completed(by: definition.parameters), parameters: definition.parameters, unit: unit,
      agents: agents.flatMap { $0 > 0 ? $0 : nil },
      timing: entry("strategy")?.value.entry("timing")?.value.text ?? StrategySettings.Timing.asynchronous.rawValue)
    do throws(PresetTrouble) {
      return try definition.settings(ground)
    } catch {
      switch error {
      case .missing(let key):
        throw ScenarioError("preset \(definition.name) needs to know \(key)", at: place, hint: "give \(key)")
      case .impossible(let reason):
        throw ScenarioError("preset \(definition.name) cannot be: \(reason)", at: place)
      }
    }
  }

  /// Whether nothing stands at a path, or in place of a map on the way; and no other choice was made than that of which
  /// the key is a parameter.
  private func leavesOpen(_ path: String, to definition: PresetDefinition) -> Bool {
    if let choice = definition.choice, path != choice, has(choice) {
      if ![definition.name, definition.title].contains(piece(at: choice).value.text) { return false }
    }
    var current = self
    for part in path.split(separator: ".") {
      guard let entries = current.entries else { return current.text == "" }
      guard let entry = entries.first(where: { $0.key == part }) else { return true }
      current = entry.value
    }
    return false
  }

  /// Takes out what a preset says in the words of its own choice.
  private mutating func forget(_ paths: [(section: String, key: String)]) {
    guard case .map(var entries) = content else { return }
    for (section, key) in paths {
      guard let index = entries.firstIndex(where: { $0.key == section }),
        case .map(let inner) = entries[index].value.content
      else { continue }
      entries[index].value.content = .map(inner.filter { $0.key != key })
    }
    content = .map(entries)
  }

  private mutating func set(_ setting: PresetDefinition.Setting, at place: Place) throws(ScenarioError) {
    let source = Source(override: setting.value, folder: place.source.folder)
    guard let value = try TreeReader.read(setting.value, of: source) else {
      preconditionFailure("A preset sets ‘\(setting.path)’ to something.")
    }
    try set(DottedPath(setting.path, at: place), to: value.placed(at: place))
  }

  /// The same at one place: what a preset sets stands where the preset is named.
  private func placed(at place: Place) -> Tree {
    let content: Content =
      switch self.content {
      case .text(let text): .text(text)
      case .list(let items): .list(items.map { $0.placed(at: place) })
      case .map(let entries):
        .map(entries.map { Entry(key: $0.key, keyPlace: place, value: $0.value.placed(at: place)) })
      }
    return Tree(content: content, place: place)
  }
}

extension VirtualDuration {
  /// The mean step of presets where a scenario does not say it.
  static let presetUnit = VirtualDuration(nanoseconds: 100_000_000)
}
