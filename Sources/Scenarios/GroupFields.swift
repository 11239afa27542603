// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema

extension AgentGroups {
  private static let allowed = "a map such as {rack-1: [agent-0, agent-1]}, or {size: 4}"

  /// A map of names to lists of agents, or the size of all groups.
  static var codec: Codec<AgentGroups> {
    let size = Codec<Int>.count(1...Int(Int32.max))
    return Codec(
      .described(.either([.dictionary(.either([.list(.line), size.kind]))]), allowed),
      read: { (tree, path) throws(ScenarioError) -> AgentGroups in
        guard let entries = tree.entries, !entries.isEmpty else { throw mistyped(tree, path, mustBe: allowed) }
        if entries.count == 1, entries[0].key == "size", entries[0].value.text != nil {
          return .size(try size.read(entries[0].value, "\(path).size"))
        }
        return .named(try members(entries, path))
      },
      write: { groups in
        switch groups {
        case .size(let count): "{size: \(count)}"
        case .named(let agents):
          "{"
            + agents.keys.sorted(by: naturallyPrecedes).map { name in
              "\(yamlText(name)): \(Codec<String>.line.list.write(agents[name] ?? []))"
            }.joined(separator: ", ") + "}"
        }
      })
  }

  private static func members(_ entries: [Tree.Entry], _ path: String) throws(ScenarioError) -> [String: [String]] {
    var members: [String: [String]] = [:]
    var faults = Faults()
    for entry in entries {
      let key = "\(path).\(entry.key)"
      _ = faults.gather(at: key) { () throws(ScenarioError) in
        if entry.key == AgentSelector.anyOne {
          throw ScenarioError("'any' is no name of a group: it stands for one that is drawn", at: entry.keyPlace)
        }
        let agents = try Codec<String>.line.list.read(entry.value, key)
        if agents.isEmpty { throw entry.value.error("\(key) names no agent") }
        members[entry.key] = agents
      }
    }
    try faults.finish()
    return members
  }
}
