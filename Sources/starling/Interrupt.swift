// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization

private let requested = Atomic<Bool>(false)

/// Ctrl-C: the first asks the program to stop in good order, a second one ends it at once.
enum Interrupt {
  /// Whether the program has been asked to stop.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Listens from now on. Touching the flag first makes it ready before a signal handler can.
  ///
  /// Signals are let through again, as a program started from a worker thread inherits that thread's mask, which
  /// usually blocks them all.
  static func install() {
    requested.store(false, ordering: .relaxed)
    // A parent may have handed down a mask in which the signal is blocked.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    signal(SIGINT) { _ in
      requested.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
