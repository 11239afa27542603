// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities

/// Budgets.
extension RunState {
  /// Stops the run at this instant once the budget is spent.
  @inline(__always)
  mutating func noteSpending() {
    if budget != nil { compareWithBudget() }
  }

  private mutating func compareWithBudget() {
    guard let budget, !hasSpentBudget else { return }
    switch budget {
    case .updates(let limit): hasSpentBudget = Double(updates) >= limit * Double(agentCount)
    case .samples(let limit): hasSpentBudget = Double(samples) >= limit
    case .episodes(let limit): hasSpentBudget = Double(episodes) >= limit * Double(agentCount)
    case .bytes(let limit): hasSpentBudget = Double(fates.bytes) >= limit
    }
    if hasSpentBudget { scheduler.schedule(Event(kind: .stop, subject: 0), at: scheduler.now) }
  }
}
