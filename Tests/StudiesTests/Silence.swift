// SPDX-License-Identifier: GPL-3.0-or-later
import Studies

/// Hears how a study goes on, and says nothing of it.
struct Silence: ExecutionListener {
  final class Nothing: ExecutionProgress {
    func expect(_ more: Int) {}
    func count(_ number: Int) {}
    func finish() {}
  }

  func hear(_ notice: ExecutionNotice) {}
  func begins(_ stage: ExecutionStage, total: Int) -> any ExecutionProgress { Nothing() }
}
