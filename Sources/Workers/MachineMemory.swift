// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// The memory that this process may have: of the machine, of the control groups that it runs in (those of containers and
/// of batch systems, version 1 and 2), and of `ulimit -v`.
package struct MachineMemory: Sendable {
  /// Bytes that this process can have at most, whatever others take.
  package var limit: Double
  /// Bytes that it can have beside what it has, as things are now.
  package var available: Double

  package init(limit: Double, available: Double) {
    self.limit = limit
    self.available = available
  }

  /// Bytes that are left alone, for the rest of the process and of the machine.
  package var reserve: Double { min(256 * 0x1p20, limit / 8) }

  /// As it was when the program first asked.
  package static let atStart = present

  /// As the system tells it now; a few files are read.
  package static var present: MachineMemory {
    var memory = machine()
    for group in groups(lines("/proc/self/cgroup"), root: "/sys/fs/cgroup") + [addressSpace()] {
      memory.limit = min(memory.limit, group.limit)
      memory.available = min(memory.available, group.available)
    }
    return memory
  }

  // MARK: - What the system tells

  private static func machine() -> MachineMemory {
    let physical = Double(ProcessInfo.processInfo.physicalMemory)
    let available = lines("/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
    let kibibytes = available.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Double($0) }
    return MachineMemory(limit: physical, available: kibibytes.map { $0 * 1024 } ?? .infinity)
  }

  /// The control groups of a process that bind its memory, and all those that they are in.
  ///
  /// - Parameters:
  ///   - list: as the system gives it.
  ///   - root: the folder of all groups.
  package static func groups(_ list: [Substring], root: String) -> [MachineMemory] {
    list.flatMap { line -> [MachineMemory] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      if parts[1].isEmpty {
        return folders(parts[2], in: root).compactMap {
          group($0, limit: "memory.max", used: "memory.current", cache: "file")
        }
      }
      guard parts[1].split(separator: ",").contains("memory") else { return [] }
      return folders(parts[2], in: "\(root)/memory").compactMap {
        group($0, limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", cache: "total_cache")
      }
    }
  }

  /// A group's folder, those above it, and the root: within a container the path may be that outside of it.
  package static func folders(_ path: Substring, in root: String) -> [String] {
    var folders = [root]
    for name in path.split(separator: "/") where name != ".." {
      folders.append("\(folders[folders.count - 1])/\(name)")
    }
    return folders.reversed()
  }

  private static func group(_ folder: String, limit: String, used: String, cache: String) -> MachineMemory? {
    guard let most = lines("\(folder)/\(limit)").first.flatMap({ Double($0) }) else { return nil }
    let taken = lines("\(folder)/\(used)").first.flatMap { Double($0) } ?? 0
    // The cache of files is counted to the group and given up when it is short of memory.
    let entry = lines("\(folder)/memory.stat").first { $0.hasPrefix("\(cache) ") }
    let cached = entry.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) } ?? 0
    return MachineMemory(limit: most, available: max(0, most - taken + cached))
  }

  private static func addressSpace() -> MachineMemory {
    var bound = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bound) == 0, bound.rlim_cur != rlim_t.max else {
      return MachineMemory(limit: .infinity, available: .infinity)
    }
    let pages = lines("/proc/self/statm").first.flatMap { $0.split(separator: " ").first }.flatMap { Double($0) } ?? 0
    let limit = Double(bound.rlim_cur)
    return MachineMemory(limit: limit, available: max(0, limit - pages * Double(sysconf(Int32(_SC_PAGESIZE)))))
  }

  private static func lines(_ path: String) -> [Substring] {
    (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
  }
}
