// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness

/// What the timeline does to the tasks of agents.
extension ChangingWorld {
  mutating func perform(_ change: ScriptedTaskChange, of selector: AgentSelector, by plan: Int, _ turn: ScriptedTurn) {
    guard case .begin(let occurrence) = turn else { return }
    let agents = choose(selector, for: plan, occurrence: occurrence)
    guard !agents.isEmpty else { return }
    for node in agents { run.tell(.changes, node) }
    let dimension = run.dimension
    switch change {
    case .shift(let places): run.learner.change(.shift(places), of: agents)
    case .by(let vector): run.learner.change(.move(vector), of: agents)
    case .distance(let distance):
      let normal = run.timeline.normal(dimension, plan, occurrence: occurrence)
      let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
      run.learner.change(.move(normal.map { length > 0 ? distance * $0 / length : 0 }), of: agents)
    case .walk(let deviation):
      let normal = run.timeline.normal(dimension, plan, occurrence: occurrence)
      run.learner.change(.move(normal.map { deviation * $0 }), of: agents)
    }
  }
}
