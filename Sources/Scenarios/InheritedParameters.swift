// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Schema

extension Tree {
  /// Forgets the parameters of the file's topology, combination rule, task or learner where an arm or override names another one: an
  /// arm `{network.topology: ring}` of a study on random geometric graphs has no use for their mean degree.
  ///
  /// What the arm or override sets itself stays, and is refused where it does not go with the new choice.
  ///
  /// - Parameters:
  ///   - base: the scenario before the settings.
  ///   - settings: the paths that were set.
  mutating func forgetParameters(inheritedFrom base: Tree, after settings: [DottedPath]) {
    let own = Set(settings.map(\.text))
    if own.contains("network.topology") {
      let lists = TopologyDefinition.all.map { ($0.name, $0.parameters.map(\.name) + $0.companionKeys) }
      forget(lists, in: "network", chosenBy: "topology", base: base, own: own)
    }
    if own.contains("network.weights") {
      // The edges belong to the topology, whether a rule weighs them or not.
      let lists = CombinationRule.all.map { ($0.name, $0.parameters.filter { $0.kind != .edges }.map(\.name)) }
      forget(lists, in: "network", chosenBy: "weights", base: base, own: own)
    }
    if own.contains("task.kind") {
      forget(
        TaskDefinition.all.map { ($0.name, $0.parameters.map(\.name)) }, in: "task", chosenBy: "kind", base: base,
        own: own)
    }
    if own.contains("learner.algorithm") {
      forget(
        LearnerDefinition.all.map { ($0.name, $0.parameters.map(\.name)) }, in: "learner", chosenBy: "algorithm",
        base: base, own: own)
    }
  }

  /// - Parameter lists: the choices with the keys that go with each.
  private mutating func forget(
    _ lists: [(name: String, keys: [String])], in section: String, chosenBy key: String, base: Tree, own: Set<String>
  ) {
    guard case .map(var entries) = content, let index = entries.firstIndex(where: { $0.key == section }),
      case .map(let inner) = entries[index].value.content,
      let choice = entries[index].value.entry(key)?.value.text,
      choice != base.entry(section)?.value.entry(key)?.value.text,
      let kept = lists.first(where: { $0.name == choice })?.keys
    else { return }
    let known = Set(lists.flatMap(\.keys)).subtracting(kept)
    entries[index].value.content = .map(
      inner.filter { !known.contains($0.key) || own.contains("\(section).\($0.key)") })
    content = .map(entries)
  }
}

extension TopologyDefinition {
  /// Keys beside the parameters that go with this topology alone.
  var companionKeys: [String] {
    parameters.contains { $0.kind == .edges } ? [NetworkDraft.edgesFileKey] : []
  }
}
