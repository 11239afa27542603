// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization

private let requested = Atomic<Bool>(false)

/// Ctrl-C, or a request to terminate: the first asks the program to stop in good order, a second one ends it at once.
enum Interrupt {
  /// Whether the program has been asked to stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Listens from now on. Touching the flag first makes it ready before a signal handler can.
  ///
  /// Signals are let through again, as a program started from a worker thread inherits that thread's mask, which
  /// usually blocks them all.
  static func install() {
    requested.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
