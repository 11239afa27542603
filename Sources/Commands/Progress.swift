// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Studies
import Summaries
import Synchronization
import Workers

/// Says on standard error how many runs or other things have ended: a bar that is drawn anew on a terminal, a plain line
/// every ten seconds elsewhere.
final class Progress: ExecutionProgress {
  private struct State {
    var done = 0
    var total: Int
    /// Of runs under way.
    var shares: [RunRecord.Identity: Double] = [:]
    var isOver = false
  }

  private let thing: String
  private let isInteractive = Terminal.errorIsInteractive
  private let watch = Stopwatch()
  private let state: Mutex<State>

  /// Begins to report, unless it is to be quiet.
  ///
  /// - Parameter thing: what is counted, in the singular.
  init(total: Int, counting thing: String, isQuiet: Bool) {
    state = Mutex(State(total: total))
    self.thing = thing
    guard !isQuiet else { return }
    Thread.detachNewThread { [self] in keepReporting() }
  }

  /// Knows of more that are to come.
  func expect(_ more: Int) { state.withLock { $0.total += more } }

  /// Counts some that have ended.
  func count(_ number: Int) { state.withLock { $0.done += number } }

  /// Knows how much of a run under way is over.
  func advance(_ run: RunRecord.Identity, to share: Double) {
    state.withLock { $0.shares[run] = share > 0 ? share : nil }
  }

  /// Ends the report and clears the bar. Nothing is written afterwards.
  func finish() {
    state.withLock { state in
      if isInteractive, !state.isOver { erase() }
      state.isOver = true
    }
  }

  private func keepReporting() {
    let interval = isInteractive ? 0.2 : 10.0
    while true {
      Thread.sleep(forTimeInterval: interval)
      let isOver = state.withLock { state in
        if !state.isOver { report(state) }
        return state.isOver
      }
      if isOver { return }
    }
  }

  private func report(_ state: State) {
    let (done, total, gone) = (state.done, state.total, watch.seconds)
    let over = min(Double(total), Double(done) + state.shares.values.reduce(0, +))
    let ahead = gone / max(over, 1e-9) * (Double(total) - over)
    // What a hundredth of a run took says little.
    let rest = over > 0.01 ? "about \(humanDuration(ahead)) to go" : "none ended yet"
    if isInteractive {
      let filled = total > 0 ? Int(24 * over / Double(total)) : 0
      let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 24 - filled)
      erase()
      Terminal.mention("\(done)/\(counted(total, thing)) [\(bar)] \(humanDuration(gone)), \(rest)")
    } else {
      Terminal.complain("\(done) of \(counted(total, thing)), \(humanDuration(gone)) gone, \(rest)")
    }
  }

  private func erase() { Terminal.eraseLine() }
}
