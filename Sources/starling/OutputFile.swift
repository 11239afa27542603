// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results

/// A file that takes its name only when it is complete, so that nobody ever finds half of it.
final class OutputFile {
  /// As the user wrote it.
  private let name: String
  private let path: String
  /// Where it is written until then; a device or pipe is written at once.
  private let temporary: String
  private let descriptor: Int32
  private var isFinished = false

  /// - Throws: if the file cannot be made, or would take the place of a database, such as a results file.
  init(_ name: String) throws {
    self.name = name
    // A symbolic link is followed, and stays.
    let real = realpath(name, nil)
    defer { free(real) }
    path = real.map { String(cString: $0) } ?? name
    var status = stat()
    let isDevice =
      stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    temporary = isDevice ? path : "\(path).\(getpid())~"
    if !isDevice, status.st_mode & S_IFMT == S_IFDIR { throw Self.failure(name, EISDIR) }
    guard isDevice || !ResultsReader.looksLikeDatabase(path) else {
      throw Failure(
        .cannotCreate, "error: '\(name)' is a results file or another database, and no table is written over it")
    }
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(name, errno) }
  }

  deinit {
    close(descriptor)
    if !isFinished, temporary != path { unlink(temporary) }
  }

  /// - Throws: if it cannot be written, as on a full disk.
  func write(_ bytes: [UInt8]) throws {
    let reason = writeAll(bytes, to: descriptor)
    guard reason == 0 else {
      throw Failure(.inputOutput, "error: cannot write to '\(name)': \(String(cString: strerror(reason)))")
    }
  }

  /// Gives the file its name.
  func finish() throws {
    if temporary != path, rename(temporary, path) != 0 { throw Self.failure(name, errno) }
    isFinished = true
  }

  private static func failure(_ path: String, _ reason: Int32) -> Failure {
    Failure(.cannotCreate, "error: cannot create '\(path)': \(String(cString: strerror(reason)))")
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
