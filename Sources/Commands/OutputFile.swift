// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Results

/// A file that takes its name only when it is complete, so that nobody ever finds half of it.
///
/// Until then it has no name at all, and is gone with the program, however that ends. Where the file system knows no
/// such files it is called `NAME.PROCESS~`; what killed programs have left under such names is removed by the next one
/// that writes to NAME. A device or pipe is written at once.
final class OutputFile {
  private enum Place {
    case device
    case nameless
    case temporary(String)
  }

  /// As the user wrote it.
  private let name: String
  private let path: String
  private let place: Place
  private let descriptor: Int32
  private var isFinished = false

  /// - Throws: if the file cannot be made, or would take the place of a database, such as a results file, or of a
  ///   scenario.
  init(_ name: String) throws {
    self.name = name
    // A symbolic link is followed, and stays.
    let real = realpath(name, nil)
    defer { free(real) }
    path = real.map { String(cString: $0) } ?? name
    var status = stat()
    if real == nil, lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw Failure(.cannotCreate, "error: '\(name)' is a symbolic link to nothing\n  -> name the file itself")
    }
    let kind = stat(path, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    guard kind != S_IFDIR, path.last != "/" else { throw Self.failure(name, EISDIR) }
    guard kind == S_IFREG else {
      (place, descriptor) = (.device, Foundation.open(path, O_WRONLY | O_CLOEXEC))
      guard descriptor >= 0 else { throw Self.failure(name, errno) }
      return
    }
    guard !ResultsReader.looksLikeResults(path) else {
      throw Failure(
        .cannotCreate, "error: '\(name)' is a results file or another database, and no table is written over it")
    }
    if [".yaml", ".yml"].contains(where: path.hasSuffix), status.st_size > 0 {
      throw Failure(
        .cannotCreate, "error: '\(name)' may be a scenario, and nothing is written over it\n  -> name another file")
    }
    (place, descriptor) = Self.open(path)
    guard descriptor >= 0 else { throw Self.failure(name, errno) }
  }

  deinit {
    close(descriptor)
    if case .temporary(let temporary) = place, !isFinished { unlink(temporary) }
  }

  /// - Throws: if it cannot be written, as on a full disk.
  func write(_ bytes: some Collection<UInt8>) throws {
    let reason = writeAll(bytes, to: descriptor)
    guard reason == 0 else {
      throw Failure(.inputOutput, "error: cannot write to '\(name)': \(systemReason(reason))")
    }
  }

  /// Gives the file its name.
  func finish() throws {
    switch place {
    case .device: break
    case .temporary(let temporary):
      guard rename(temporary, path) == 0 else { throw Self.failure(name, errno) }
    case .nameless: try giveName()
    }
    isFinished = true
  }

  /// A file that is there can only be replaced by one that has a name, so the new one has another for a moment.
  private func giveName() throws {
    if link(to: path) { return }
    let temporary = Self.temporaryName(path)
    guard errno == EEXIST, link(to: temporary) else { throw Self.failure(name, errno) }
    guard rename(temporary, path) == 0 else {
      let reason = errno
      unlink(temporary)
      throw Self.failure(name, reason)
    }
  }

  private func link(to path: String) -> Bool {
    linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
  }

  private static func failure(_ path: String, _ reason: Int32) -> Failure {
    Failure(.cannotCreate, "error: cannot create '\(path)': \(systemReason(reason))")
  }
}

// MARK: - Before the file has its name

extension OutputFile {
  /// Linux' flag for a file without a name, which Swift does not import.
  private static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY

  /// The descriptor is negative where neither can be made.
  private static func open(_ path: String) -> (Place, Int32) {
    removeLeftovers(of: path)
    let parent = folder(of: path)
    if access("/proc/self/fd", X_OK) == 0 {
      let descriptor = Foundation.open(parent.isEmpty ? "." : parent, O_WRONLY | nameless | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (.nameless, descriptor) }
    }
    let temporary = temporaryName(path)
    let descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    // Held as long as somebody writes: who can take it removes the file.
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
    return (.temporary(temporary), descriptor)
  }

  private static func temporaryName(_ path: String) -> String { "\(path).\(getpid())~" }

  /// Removes files under temporary names of this path whose process is no more, and which nobody elsewhere writes to.
  private static func removeLeftovers(of path: String) {
    let parent = folder(of: path)
    let prefix = (path.split(separator: "/").last.map(String.init) ?? path) + "."
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.isEmpty ? "." : parent)) ?? []
    for name in names where name.hasPrefix(prefix) && name.hasSuffix("~") {
      guard let process = pid_t(name.dropFirst(prefix.count).dropLast()), process > 0, kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      let leftover = (parent.isEmpty ? "" : parent + "/") + name
      let descriptor = Foundation.open(leftover, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(leftover) }
      close(descriptor)
    }
  }
}

/// Writes bytes to a file, however many calls it takes.
///
/// - Returns: the system's number of the error; 0 if there was none.
func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32 {
  let reason = bytes.withContiguousStorageIfAvailable { bytes -> Int32 in
    var done = 0
    while done < bytes.count {
      let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return errno }
      done += count
    }
    return 0
  }
  return reason ?? writeAll(Array(bytes), to: descriptor)
}
