// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Testing

private func record(_ arm: String, _ replication: Int, fingerprint: UInt64) -> RunRecord {
  RunRecord(
    identity: RunRecord.Identity(arm: arm, replication: replication, seed: 1), fingerprint: fingerprint, ending: .until,
    endTime: 1, grid: [0, 1], series: [], finals: [:], target: nil, messages: MessageFates(), staleness: Staleness(),
    agents: [], engine: EngineCounts())
}

@Test func runsOfOneArmThatAgreeInEveryBitAreCopies() {
  #expect([record("a", 0, fingerprint: 7), record("a", 1, fingerprint: 7)].areCopies)
  #expect(![record("a", 0, fingerprint: 7), record("a", 1, fingerprint: 8)].areCopies)
  #expect(![record("a", 0, fingerprint: 7), record("b", 0, fingerprint: 7)].areCopies)
}

@Test func oneRunIsNoCopy() {
  #expect(![record("a", 0, fingerprint: 7)].areCopies)
  #expect(![RunRecord]().areCopies)
}
