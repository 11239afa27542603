// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization

/// Writes a results file: JSON Lines, a header and then one line for every run as it ends.
///
/// A line goes to the system in one piece as soon as its run ends, so killing the program loses the runs in flight
/// and no other. Runs may be written from any thread.
package final class ResultsWriter: Sendable {
  /// Where the file is.
  package let path: String
  private let state: Mutex<State>

  private struct State {
    var descriptor: Int32
    var written = 0
  }

  /// How many runs are in the file.
  package var runsWritten: Int { state.withLock { $0.written } }

  /// Creates the file with its header, and its folder if that is missing. A file already there is kept beside it
  /// under its name with `~` added.
  ///
  /// - Throws: `cannotCreate`, or `cannotWrite` when the header does not fit on the disk.
  package init(path: String, header: StudyHeader) throws(ResultsError) {
    self.path = path
    try Self.prepareFolder(of: path)
    Self.keepEarlierFile(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: systemReason()) }
    state = Mutex(State(descriptor: descriptor))
    try append(header)
  }

  deinit { state.withLock { _ = close($0.descriptor) } }

  /// Adds a finished run.
  ///
  /// - Throws: `cannotWrite`.
  package func write(_ run: StoredRun) throws(ResultsError) {
    try append(run)
    state.withLock { $0.written += 1 }
  }

  private func append(_ value: some Encodable) throws(ResultsError) {
    var line: Data
    do {
      line = try resultsEncoder().encode(value)
    } catch {
      throw .cannotWrite(path: path, reason: "\(error)")
    }
    line.append(0x0A)
    let complete = state.withLock { Self.writeAll(line, to: $0.descriptor) }
    if !complete { throw .cannotWrite(path: path, reason: systemReason()) }
  }

  /// Writes every byte, going on after a signal or a short write.
  private static func writeAll(_ data: Data, to descriptor: Int32) -> Bool {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  private static func prepareFolder(of path: String) throws(ResultsError) {
    let folder = (path as NSString).deletingLastPathComponent
    guard !folder.isEmpty else { return }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let detail = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let reason = detail.map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
      throw .cannotCreate(path: path, reason: "its folder '\(folder)' cannot be made (\(reason))")
    }
  }

  /// Renames a regular file that is in the way; devices and pipes are written to as they are.
  private static func keepEarlierFile(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
    rename(path, path + "~")
  }
}

/// What the system says about the last call that failed.
func systemReason() -> String { String(cString: strerror(errno)) }
