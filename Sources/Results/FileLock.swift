// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation

/// Keeps other processes from writing to a results file as long as this value lives; the system lets go when the
/// process ends, however it ends.
///
/// The lock is one of `flock` on the file itself, which SQLite's own locks of records do not meet. Its descriptor must
/// outlive the database's: closing any descriptor of a file drops the locks that SQLite holds on it.
final class FileLock: Sendable {
  private let descriptor: Int32
  /// Whether the file was made for the lock.
  let isNew: Bool

  /// Opens, or makes, and locks a file.
  ///
  /// - Throws: `inUse` with nothing known about the other process, `cannotCreate`, `cannotWrite`.
  init(path: String) throws(ResultsError) {
    // Somebody who only asks whether the file is locked holds it for a moment, so a refusal is not believed at once.
    for attempt in 0... {
      let (candidate, isNew) = try Self.openRegularFile(path)
      if flock(candidate, LOCK_EX | LOCK_NB) != 0 {
        let reason = errno
        close(candidate)
        guard reason == EWOULDBLOCK else {
          throw .cannotCreate(path: path, reason: "its file system cannot lock it (\(systemReason(reason)))")
        }
        guard attempt < 20 else { throw .inUse(path: path, by: "another process is writing to it") }
        usleep(10_000)
      } else if Self.isStillThere(candidate, path) {
        descriptor = candidate
        self.isNew = isNew
        return
      } else {
        // Another process has renamed the file since it was opened.
        close(candidate)
      }
    }
    throw .inUse(path: path, by: "another process is writing to it")
  }

  deinit { close(descriptor) }

  /// Whether some process holds a lock of this kind on the file.
  static func isHeld(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// A descriptor, and whether the file is new. It is never one of the three of standard input, output and error: if
  /// they are closed, what is meant for them would be written into the results.
  private static func openRegularFile(_ path: String) throws(ResultsError) -> (Int32, Bool) {
    var status = stat()
    let isNew = stat(path, &status) != 0
    guard isNew || status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .cannotCreate(path: path, reason: isFolder ? "this is a folder" : "this is no regular file")
    }
    let first = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard first >= 0 else {
      let reason = systemReason(errno)
      throw isNew ? .cannotCreate(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
    }
    guard first <= STDERR_FILENO else { return (first, isNew) }
    let second = fcntl(first, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    let reason = errno
    close(first)
    guard second >= 0 else { throw .cannotCreate(path: path, reason: systemReason(reason)) }
    return (second, isNew)
  }

  private static func isStillThere(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
      && opened.st_dev == named.st_dev
  }
}
