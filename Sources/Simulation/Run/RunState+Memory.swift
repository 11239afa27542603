// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Records

extension RunState {
  /// All of it that changes while the run goes on. Steps that are under way on other threads are waited for.
  @inline(never)
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try scheduler.visit(&memory)
    try memory.column("agents", agents)
    try memory.column("outages of agents", downStates)
    try memory.column("parameters", parameters)
    try learner.visit(&memory, increments: increments.base)
    try memory.column("increments", increments)
    try snapshots.visit(&memory)
    try messages.visit(&memory)
    try mailboxes.visit(&memory)
    try transmissions.visit(&memory)
    try outages.visit(&memory)
    try checkpoints.visit(&memory)
    try realised.visit(&memory)
    try linkRecord.visit(&memory)
    try timeRecord.visit(&memory)
    try cuts.visit(&memory)
    try present.visit(&memory)
    try edgeSpells.visit(&memory)
    try moving?.visit(&memory)
    try memory.column("near each other", isNear)
    try linkOutages.visit(&memory)
    try speeds.visit(&memory)
    try pauses.visit(&memory)
    try timeline.visit(&memory)
    try memory.value("event of the timeline", &timelineEvent)
    try staleness.visit(&memory)
    try memory.value("fates", &fates)
    try memory.value("departures", &departures)
    try memory.value("live agents", &liveAgents)
    try memory.value("updates", &updates)
    try memory.value("samples", &samples)
    try memory.value("episodes", &episodes)
    try memory.value("budget is spent", &hasSpentBudget)
  }
}
