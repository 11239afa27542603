// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// The names of a network's agents: those of an edge list, or `agent-0` and so on.
struct AgentNames {
  let count: Int
  private let listed: Set<String>?

  init(_ settings: NetworkSettings) {
    count = settings.agentCount
    listed = settings.agentNames.map { Set($0) }
  }

  /// The names of a list.
  init(_ names: [String]) {
    count = names.count
    listed = Set(names)
  }

  func contains(_ name: String) -> Bool {
    if let listed { return listed.contains(name) }
    guard name.hasPrefix("agent-"), let number = Int(name.dropFirst(6)) else { return false }
    return number >= 0 && number < count && name == "agent-\(number)"
  }

  /// All names in natural order.
  var all: [String] { listed?.sorted(by: naturallyPrecedes) ?? (0..<count).map { "agent-\($0)" } }

  /// The names in words for an error message.
  var text: String {
    guard let listed else { return count == 1 ? "agent-0" : "agent-0 to agent-\(count - 1)" }
    let names = listed.sorted(by: naturallyPrecedes)
    return names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  func nearest(to name: String) -> String? { listed.flatMap { Quantities.nearest(to: name, among: $0.sorted()) } }
}
