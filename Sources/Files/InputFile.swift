// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A file that a user names, read within bounds: a regular file, or a stream that the shell has opened for the program,
/// such as `/dev/stdin`. A pipe or a device by a name of its own would be waited for, perhaps for ever, so it is refused.
package struct InputFile {
  /// Why a file is not read.
  package enum Trouble: Error, Equatable {
    case missing
    case isFolder
    case notRegular
    /// With the system's reason.
    case cannotOpen(String)
    case cannotRead(String)
    /// It has more bytes than are read.
    case tooLarge
  }

  private let path: String

  package init(_ path: String) { self.path = path }

  /// All bytes of the file.
  ///
  /// - Parameters:
  ///   - most: bytes; of what is longer no more than that is read.
  ///   - allowsStreams: whether a stream that is open already may take the file's place. It is waited for, as everybody
  ///     waits for standard input.
  package func bytes(atMost most: Int, allowsStreams: Bool = false) throws(Trouble) -> [UInt8] {
    // Without waiting: opening a pipe by its name waits for somebody to write to it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.meaning(of: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(systemReason()) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isFolder
    default: guard allowsStreams, isOpenAlready else { throw .notRegular }
    }
    return try Self.bytes(of: descriptor, atMost: most)
  }

  /// Whether the name is that of a descriptor of this process.
  private var isOpenAlready: Bool {
    path == "/dev/stdin" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
  }

  private static func bytes(of descriptor: Int32, atMost most: Int) throws(Trouble) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, min(piece.count, most + 1 - bytes.count))
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&one, 1, -1)
        continue
      }
      guard count >= 0 else { throw .cannotRead(systemReason()) }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= most else { throw .tooLarge }
    }
  }

  private static func meaning(of reason: Int32) -> Trouble {
    switch reason {
    case ENOENT, ENOTDIR: .missing
    case ENXIO: .notRegular
    default: .cannotOpen(systemReason(reason))
    }
  }
}

extension InputFile.Trouble: CustomStringConvertible {
  /// A reason, without an end.
  package var description: String {
    switch self {
    case .missing: "no such file"
    case .isFolder: "this is a folder"
    case .notRegular: "this is no regular file"
    case .cannotOpen(let reason), .cannotRead(let reason): reason
    case .tooLarge: "it is too large"
    }
  }
}

/// What the system says about an error of one of its calls, the last one that failed unless a number is given.
package func systemReason(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }
