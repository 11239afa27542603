// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Workers

@Test func theMachineHasMemoryAndSomeOfItIsThere() {
  let memory = MachineMemory.present
  #expect(memory.limit <= Double(ProcessInfo.processInfo.physicalMemory))
  #expect(memory.limit > 0)
  #expect(memory.available > 0)
  #expect(memory.reserve <= memory.limit / 8)
}

/// The folders of a control group and of those that it is in.
@Test func aControlGroupIsBoundByThoseAboveIt() {
  #expect(
    MachineMemory.folders("/jobs/42", in: "/sys/fs/cgroup")
      == ["/sys/fs/cgroup/jobs/42", "/sys/fs/cgroup/jobs", "/sys/fs/cgroup"])
  #expect(MachineMemory.folders("/", in: "/sys/fs/cgroup") == ["/sys/fs/cgroup"])
}

/// Limits as groups of both versions write them; `max` and a number that is none leave the machine's.
@Test func theLeastLimitOfAllGroupsCounts() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-" + UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: folder) }
  func write(_ text: String, _ path: String) throws {
    let url = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
  try write("max\n", "memory.max")
  try write("500000000\n", "a/memory.max")
  try write("300000000\n", "a/memory.current")
  try write("anon 100\nfile 50000000\n", "a/memory.stat")
  try write("max\n", "a/b/memory.max")
  let groups = MachineMemory.groups(["0::/a/b"], root: folder.path)
  #expect(groups.map(\.limit).min() == 5e8)
  #expect(groups.map(\.available).min() == 2.5e8)
  try write("400000000\n", "memory/c/memory.limit_in_bytes")
  try write("100000000\n", "memory/c/memory.usage_in_bytes")
  try write("total_cache 20000000\n", "memory/c/memory.stat")
  let old = MachineMemory.groups(["4:cpu,memory:/c", "3:cpuset:/c"], root: folder.path)
  #expect(old.map(\.limit) == [4e8])
  #expect(old.map(\.available) == [3.2e8])
}
