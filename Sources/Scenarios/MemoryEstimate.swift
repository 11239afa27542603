// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Records
import Simulation

/// About how many bytes one run of these settings takes at most, so that a slip in a size is refused before anything
/// of that size is made.
///
/// Counted: parameters, intermediate estimate, frozen snapshot, gradient and minimiser of each agent; an estimate in
/// the mailbox of each directed link; samples that are used over and over; moments of
/// optimisers, and episodes with all that gradients take; the sums of push-sum; the estimates and messages of the slots by which gradients
/// and messages are late; names, weights and states of agents and links; the rows of the measurements.
/// All in Double, so that no size can overflow.
package func memoryEstimate(_ settings: SimulationSettings) -> Double {
  let hasCentre = settings.strategy.kind == .centralised
  let agents = Double(settings.network.agentCount) + (hasCentre ? 1 : 0)
  let links = hasCentre ? 2 * agents : settings.network.expectedLinks
  let parameters = Double(settings.parameterCount)
  let vector = Double(settings.bytesPerParameter) * parameters
  var vectors = vector * (5 * agents + links)
  if case .control(let control) = settings.task {
    vectors += vector * 3 * agents
    // Where a step has two phases each agent keeps its episodes, else each thread has room for those of one agent.
    let room = settings.learner.actorCritic.bytesPerStep(in: ControlTasks(control))
    vectors += room * (settings.learner.actorCritic.order == .gaussSeidel ? agents : 1)
  }
  if case .linearRegression(let regression) = settings.task, let samples = regression.samples {
    vectors += 8 * Double(regression.dimension + 1) * Double(samples) * agents
  }
  if settings.strategy.kind == .pushSum {
    vectors += 8 * (parameters + 1) * 2 * (agents + links)
  }
  let perMessage = 120.0
  if settings.strategy.timing == .slotted {
    let (messages, gradients) = (settings.strategy.slots.messageDelay, settings.strategy.slots.gradientDelay)
    vectors += vector * Double(messages + gradients) * agents
    vectors += perMessage * Double(messages) * links
  }
  let rows = Double(settings.measurement.gridCount)
  let perAgent = 400.0
  let perLink = 300.0
  return vectors + perAgent * agents + perLink * links + rows * Double(MetricName.allCases.count) * 8
}
