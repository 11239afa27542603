// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What the timeline does to the fusion centre: it takes it down and lets it up. Arms without one pass it by.
extension ChangingWorld {
  mutating func perform(_ change: CentreChange, by plan: Int, _ turn: ScriptedTurn) {
    guard run.topology.nodeCount > run.agentCount else { return }
    guard case .begin = turn else { return release(by: plan) }
    switch change {
    case .takeDown:
      guard run.timeline.hold(0, by: plan) else { return }
      run.downStates[run.centre.index].causes += 1
      guard run.centreIsUp else { return }
      run.crashCentre()
      cooperation.changed(run.centre, .crash, &run)
    case .bringUp:
      for cause in run.timeline.plans.indices where run.timeline.plans[cause].change == .centre(.takeDown) {
        release(by: cause)
      }
    }
  }

  /// Lets a cause of the timeline go, if it holds the centre down. The centre has the place of the first agent in the flags of
  /// an event that is about it.
  private mutating func release(by plan: Int) {
    guard run.timeline.release(0, by: plan) else { return }
    run.downStates[run.centre.index].causes -= 1
    guard run.downStates[run.centre.index].causes == 0 else { return }
    run.recoverCentre()
    cooperation.changed(run.centre, .recovery, &run)
  }
}
