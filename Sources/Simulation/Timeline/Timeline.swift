// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities

/// The scripted changes of one run, and which of them hold.
///
/// Everything about when they come follows from the scenario, so nothing is kept of it but the instant handled last. All
/// that the timeline says of one instant happens in the order of the file, before whatever was drawn for it.
struct Timeline: ~Copyable {
  /// What an entry does to whom.
  struct Plan {
    let occurrences: Occurrences
    let change: AgentChange
    let agents: [NodeID]
  }

  let plans: [Plan]
  /// Whether the cause of a plan holds an agent down (plans × agents).
  private let holding: Column<Bool>
  private let agentCount: Int
  /// In nanoseconds; −1 before the start.
  private var handled: Int64 = -1

  /// - Parameter agentCount: those that learn, which come first.
  /// - Throws: if an entry names an agent that is not there.
  init(_ settings: SimulationSettings, network: Network, agentCount: Int) throws(SimulationError) {
    let until = settings.measurement.until
    var plans: [Plan] = []
    for entry in settings.timeline {
      guard let definition = entry.definition else {
        throw SimulationError("There is no disturbance '\(entry.action)'.")
      }
      var agents = (0..<agentCount).map { NodeID($0) }
      if let names = entry.arguments.namedAgents {
        agents = []
        for name in names {
          guard let rank = network.names[..<agentCount].firstIndex(of: name) else {
            throw SimulationError("There is no agent '\(name)' that \(entry.title(in: until)) could be about.")
          }
          agents.append(NodeID(rank))
        }
      }
      let change = definition.change(entry.arguments)
      plans.append(Plan(occurrences: entry.occurrences(in: until), change: change, agents: agents))
    }
    self.plans = plans
    self.agentCount = agentCount
    holding = Column(repeating: false, count: plans.count * agentCount)
  }

  /// When something happens next.
  var next: VirtualTime? {
    plans.compactMap { $0.occurrences.next(after: handled) }.min().map { VirtualTime(nanoseconds: $0) }
  }

  /// Takes note that an instant is handled.
  ///
  /// - Returns: whether it was not before, and there is anything that could happen.
  mutating func handle(_ time: VirtualTime) -> Bool {
    guard !plans.isEmpty, time.nanoseconds > handled else { return false }
    handled = time.nanoseconds
    return true
  }

  /// What of it changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("held by the timeline", holding)
    try memory.value("timeline is handled until", &handled)
  }

  /// Lets the cause of a plan hold an agent down.
  ///
  /// - Returns: whether it did not before.
  func hold(_ node: NodeID, by plan: Int) -> Bool { change(node, plan, to: true) }

  /// Lets the cause of a plan go.
  ///
  /// - Returns: whether it held the agent down.
  func release(_ node: NodeID, by plan: Int) -> Bool { change(node, plan, to: false) }

  private func change(_ node: NodeID, _ plan: Int, to holds: Bool) -> Bool {
    let place = plan * agentCount + node.index
    defer { holding[place] = holds }
    return holding[place] != holds
  }
}
