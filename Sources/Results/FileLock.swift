// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Keeps other processes from writing to a results file as long as this value lives; the system lets go when the
/// process ends, however it ends.
///
/// The lock is one of `flock` on the file itself, which SQLite's own locks of records do not meet. Its descriptor must
/// outlive the database's: closing any descriptor of a file drops the locks that SQLite holds on it.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Opens, or makes, and locks a file.
  ///
  /// - Throws: `inUse` with nothing known about the other process, `cannotCreate`.
  init(path: String) throws(ResultsError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: systemReason()) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .inUse(path: path, by: "another process is writing to it")
    }
  }

  deinit { close(descriptor) }

  /// Whether some process holds a lock of this kind on the file.
  static func isHeld(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}

/// What the system says about the last call that failed.
func systemReason() -> String { String(cString: strerror(errno)) }
