// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization

private let requested = Atomic<Bool>(false)
/// Whether a line of standard error is to be cleared at the end.
private let eraser = Atomic<Bool>(false)

/// Ctrl-C, a request to terminate, or the end of the terminal: the first asks the program to stop in good order, a second
/// one ends it at once.
enum Interrupt {
  /// The signals that say so. One that is ignored when the program starts stays so, as `nohup` wants of the end of the
  /// terminal.
  private static var signals: [Int32] { [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether the program has been asked to stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Listens from now on. Touching the flag first makes it ready before a signal handler can.
  static func install() {
    requested.store(false, ordering: .relaxed)
    for number in signals {
      signal(number) { number in
        requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    letThrough()
  }

  /// From now on the program ends at once, where nothing is worth keeping; a bar on the terminal is cleared first.
  static func endAtOnce() {
    eraser.store(Terminal.errorIsInteractive, ordering: .relaxed)
    for number in signals {
      signal(number) { _ in
        if eraser.load(ordering: .relaxed) { eraseLine() }
        _exit(Failure.Status.interrupted.rawValue)
      }
    }
    letThrough()
  }

  /// Signals are let through again, as a program started from a worker thread inherits that thread's mask, which
  /// usually blocks them all.
  private static func letThrough() {
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in signals { sigaddset(&heard, number) }
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
  }
}

/// Clears the line of the terminal, by nothing but what a signal handler may call.
private func eraseLine() {
  withUnsafeBytes(of: (UInt8(0x0D), UInt8(0x1B), UInt8(0x5B), UInt8(0x4B))) { bytes in
    _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
  }
}
