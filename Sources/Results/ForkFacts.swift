// SPDX-License-Identifier: GPL-3.0-or-later

extension StudyHeader {
  /// Of an arm of a fork: where it comes from.
  package struct Fork: Sendable, Codable, Equatable {
    /// The name of the study that it branches from.
    package var study: String
    /// The `scenarioHash` of that study.
    package var hash: String
    /// The arm of that study.
    package var arm: String
    /// Seconds of virtual time; everything before is that study's.
    package var start: Double
    /// Whether it has more in its timeline; else it is the study's arm as it was.
    package var isBranch: Bool
    /// Seconds of virtual time at which the last that it has more has come, or is undone; nothing of an arm that has no more,
    /// or where some of it holds to the end.
    package var lastChange: Double?

    package init(study: String, hash: String, arm: String, start: Double, isBranch: Bool, lastChange: Double?) {
      self.study = study
      self.hash = hash
      self.arm = arm
      self.start = start
      self.isBranch = isBranch
      self.lastChange = lastChange
    }
  }

  /// Whether its arms are branches of another study.
  package var isFork: Bool { arms.contains { $0.fork != nil } }

  /// The arm that is as it was, from which another one branches; nothing of arms that are no branches.
  package func origin(of branch: String) -> String? {
    guard let fork = arms.first(where: { $0.name == branch })?.fork, fork.isBranch else { return nil }
    return arms.first { $0.fork?.arm == fork.arm && $0.fork?.isBranch == false }?.name
  }

  /// How the branches of another study begin elsewhere, a line for the first that does.
  func differentForks(in other: StudyHeader) -> [String] {
    let others = Dictionary(other.arms.map { ($0.name, $0) }) { first, _ in first }
    for arm in arms {
      guard let match = others[arm.name], match.fork != arm.fork else { continue }
      guard let fork = arm.fork, let new = match.fork else { return ["only one of the two is a fork of another study"] }
      if fork.hash != new.hash { return ["'\(fork.study)', from which it branches, is another study now"] }
      return ["branches differ from \(fork.start) s on in the file, from \(new.start) s on now"]
    }
    return []
  }
}
