// SPDX-License-Identifier: GPL-3.0-or-later
import Records

extension LearnerFacts {
  /// What has to be known of every learner whose agents act with networks in single precision.
  ///
  /// - Parameter start: where agents start.
  static func acting(
    _ layout: StepLayout, policies: PolicyForm, start: ActorCriticSettings.Start
  ) -> LearnerFacts {
    var facts = LearnerFacts(layout, metrics: MetricDefinition.ofControl)
    facts.bytesPerParameter = MemoryLayout<Float>.size
    facts.sizeSaidBy = "learner.hidden-units"
    facts.isRandom = true
    facts.startsVary = true
    if start == .own { facts.startsApart = ("start", "use common") }
    facts.matchingObstacle = "has agents that act: final errors are matched where there is a known optimum"
    facts.computesElsewhere = true
    facts.policies = policies
    return facts
  }

  /// What has to be known beside that of agents whose environments go on from step to step.
  mutating func live(stepsAtOnce: Int, batch: Int, replay: Int, in tasks: ControlTasks) {
    furtherMetrics = MetricDefinition.furtherOfLivingAgents
    mostSamplesPerStep = UInt64(stepsAtOnce)
    mostGradientSamplesPerStep = UInt64(batch)
    leastPerStep = (samples: Double(stepsAtOnce), episodes: 0)
    memory.samplesPerLearner = Experience.bytesPerAgent(tasks, capacity: replay, stepsAtOnce: stepsAtOnce)
    memory.perCheckpoint = memory.samplesPerLearner
  }
}

extension LearningPlan {
  /// The facts of a learner of agents that act; none of it where the task is none to act in.
  func acting(_ facts: (ControlTasks) -> LearnerFacts) -> LearnerFacts {
    task.control.map { facts(ControlTasks($0)) } ?? LearnerFacts(parameterCount: nil, metrics: [])
  }
}
