// SPDX-License-Identifier: GPL-3.0-or-later
import Schema
import Synchronization

/// Workers between two runs. A run takes one that waits, or starts one, and puts it back in the end; so there are as many as
/// runs at once, and what a worker has loaded is loaded once.
///
/// Those that wait when the program ends find their standard input closed, and end.
final class WorkerShelf: Sendable {
  static let shared = WorkerShelf()
  private let waiting = Mutex<[WorkerProcess]>([])

  /// A worker of a command, which nobody else has until it is put back.
  ///
  /// - Parameter timeout: seconds of real time in which one that waits has to end each of the steps of its last run that were
  ///   under way; if it does not, another one is started.
  func take(_ command: ProgramCommand, timeout: Double) throws(WorkerProcess.Trouble) -> WorkerProcess {
    let found = waiting.withLock { workers -> WorkerProcess? in
      let place = workers.firstIndex { $0.command == command && $0.command.folder == command.folder }
      return place.map { workers.remove(at: $0) }
    }
    if let found {
      do throws(WorkerProcess.Trouble) {
        try found.settle(timeout: timeout)
        return found
      } catch {
        found.end()
      }
    }
    return try WorkerProcess(command)
  }

  func put(_ worker: WorkerProcess) { waiting.withLock { $0.append(worker) } }
}
