// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema
import Synchronization

/// A program of a user that computes steps: started without a shell, spoken to over a socket that is its standard input
/// and output. What it writes to standard error is kept in part, for messages.
///
/// It is a group of processes of its own, so that an interrupt from the terminal leaves it to the program.
final class WorkerProcess: @unchecked Sendable {
  /// Why there is no answer; follows "the program".
  struct Trouble: Error {
    let message: String
  }

  let command: ProgramCommand
  private var process: pid_t = 0
  private var socket: Int32 = -1
  private let lines: LastLines
  private(set) var isRunning = false
  /// Frames that have been sent and are not answered yet.
  private(set) var owed = 0
  private var inbox = WorkerInbox()
  /// Whether it hears no more; what it has said before can still be read.
  private var isDeaf = false
  /// Asked where an answer takes long: whether nobody wants it any more.
  var isCancelled: () -> Bool = { false }

  /// Starts the program.
  init(_ command: ProgramCommand) throws(Trouble) {
    self.command = command
    guard let talk = Self.pair(), let errors = Self.pair() else {
      throw Trouble(message: "cannot be started: \(Self.reason(errno))")
    }
    lines = LastLines(errors.ours)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, talk.theirs, 0)
    posix_spawn_file_actions_adddup2(&actions, talk.theirs, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.theirs, 2)
    let folder = command.folder.isEmpty ? "." : command.folder
    let moved = Self.changeFolder.map { $0(&actions, folder) } ?? 0
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // A program named with a slash is meant from the scenario's folder, where the new process is by then.
    let status =
      moved != 0 ? moved : posix_spawnp(&process, command.words[0], &actions, &attributes, &arguments, environ)
    close(talk.theirs)
    close(errors.theirs)
    guard status == 0 else {
      close(talk.ours)
      throw Trouble(message: "cannot be started: \(Self.reason(status))")
    }
    socket = talk.ours
    isRunning = true
  }

  deinit { if socket >= 0 { close(socket) } }

  // MARK: - Frames

  /// Sends a frame without waiting for its answer.
  ///
  /// - Parameter timeout: seconds of real time in which the worker has to take some of it, or to answer an earlier frame.
  func say(_ frame: borrowing [UInt8], timeout: Double) throws(Trouble) {
    owed += 1
    var sent = 0
    var deadline = Deadline(timeout)
    while sent < frame.count, !isDeaf {
      let count = frame.withUnsafeBytes { buffer in
        send(
          socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count > 0 {
        sent += count
        deadline = Deadline(timeout)
      } else if !Self.isTransient {
        // Why it is gone stands behind its last answers.
        isDeaf = true
      } else if try wait(for: POLLIN | POLLOUT, deadline) & POLLIN != 0, inbox.read(socket) > 0 {
        // A worker whose answers nobody takes would take no more frames.
        deadline = Deadline(timeout)
      }
    }
  }

  /// Waits for the answer to the first frame that is not answered yet.
  ///
  /// - Parameter timeout: seconds of real time in which the whole answer has to be there.
  /// - Returns: the answer, which is there until the next one is received.
  func hear(timeout: Double) throws(Trouble) -> (kind: WorkerProtocol.Frame, body: WorkerAnswer) {
    let deadline = Deadline(timeout)
    while true {
      switch inbox.next() {
      case .frame(let kind, let body):
        owed -= 1
        return (kind, body)
      case .other(let bytes):
        end()
        throw Trouble(message: "answered with what is no frame of the protocol: '\(Self.printable(bytes))'")
      case .part: break
      }
      guard isRunning else { throw Trouble(message: "is no longer there") }
      let count = inbox.read(socket)
      if count > 0 { continue }
      guard count < 0, Self.isTransient else { throw ended() }
      _ = try wait(for: POLLIN, deadline)
    }
  }

  /// Waits until the worker can be spoken to; what it answered to others is nobody's any more.
  func settle(timeout: Double) throws(Trouble) {
    while owed > 0 { _ = try hear(timeout: timeout) }
  }

  /// - Returns: what has happened of the events.
  private func wait(for events: Int32, _ deadline: Deadline) throws(Trouble) -> Int32 {
    guard isRunning else { throw Trouble(message: "is no longer there") }
    var watched = pollfd(fd: socket, events: Int16(events), revents: 0)
    while true {
      let left = deadline.millisecondsLeft
      if poll(&watched, 1, min(left, Self.millisecondsBetweenQuestions)) > 0 { return Int32(watched.revents) }
      if deadline.hasPassed(Self.patience), isCancelled() {
        end()
        throw Trouble(message: "was ended as the study was")
      }
      if deadline.millisecondsLeft == 0 {
        end()
        throw Trouble(message: "has not answered within \(deadline.text)")
      }
    }
  }

  private static let millisecondsBetweenQuestions: Int32 = 100
  /// Seconds that an answer may take once nobody wants it any more; steps that are done by then end in good order.
  private static let patience = 1.0

  // MARK: - Ends

  /// Ends the program and all that it has started.
  func end() {
    guard isRunning else { return }
    kill(-process, SIGKILL)
    _ = status()
  }

  /// The last lines that it has written to standard error; empty where there are none. It has ended.
  var lastLines: String { lines.text() }

  /// Says how the program ended, which has closed the socket.
  private func ended() -> Trouble {
    var status: Int32 = 0
    var patience = 200
    while waitpid(process, &status, WNOHANG) == 0 {
      // Who closes the socket and goes on is of no use any more.
      guard patience > 0 else {
        end()
        return Trouble(message: "closed its standard output before it had answered")
      }
      patience -= 1
      usleep(10_000)
    }
    isRunning = false
    let signal = status & 0x7F
    return Trouble(
      message: signal == 0
        ? "ended with status \(status >> 8 & 0xFF) before it had answered"
        : "was ended by signal \(signal) before it had answered")
  }

  private func status() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    isRunning = false
    return status
  }

  // MARK: - The system

  private static var isTransient: Bool { errno == EINTR || errno == EAGAIN }

  private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// Two ends of a socket that no other program inherits.
  private static func pair() -> (ours: Int32, theirs: Int32)? {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return socketpair(AF_UNIX, kind, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
  }

  private typealias ChangeFolder =
    @convention(c) (
      UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
    ) -> Int32

  /// The C library has it, and its headers hide it.
  private static let changeFolder: ChangeFolder? = dlsym(nil, "posix_spawn_file_actions_addchdir_np").map {
    unsafeBitCast($0, to: ChangeFolder.self)
  }

  private static func printable(_ bytes: [UInt8]) -> String {
    bytes.map { (32..<127).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
  }
}

/// Until when an answer has to be there.
private struct Deadline {
  private let start = DispatchTime.now().uptimeNanoseconds
  private let seconds: Double

  init(_ seconds: Double) { self.seconds = seconds }

  var millisecondsLeft: Int32 {
    let passed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return Int32(max(0, min(1e6, ((seconds - passed) * 1000).rounded(.up))))
  }

  func hasPassed(_ seconds: Double) -> Bool {
    Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 > seconds
  }

  var text: String { seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s" }
}

/// Reads what a program writes to standard error, so that it never waits, and remembers the end of it.
private final class LastLines: Sendable {
  private static let most = 8192
  private let kept = Mutex<[UInt8]>([])
  private let done = DispatchSemaphore(value: 0)

  init(_ descriptor: Int32) {
    let thread = Thread { [self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        kept.withLock { bytes in
          bytes.append(contentsOf: buffer[..<count])
          if bytes.count > 2 * Self.most { bytes.removeFirst(bytes.count - Self.most) }
        }
      }
      close(descriptor)
      done.signal()
    }
    thread.stackSize = 256 << 10
    thread.start()
  }

  /// Waits a moment for the program's end of the line, which what it has started may still hold.
  func text() -> String {
    if done.wait(timeout: .now() + 1) == .success { done.signal() }
    let bytes = kept.withLock { Array($0.suffix(Self.most)) }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
