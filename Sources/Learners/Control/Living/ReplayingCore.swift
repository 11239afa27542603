// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// A core whose agents act in an environment that lives on, and learn from a batch of what they have lived through: all that
/// such learners have in common.
///
/// A local step is U steps of the environment and one batch; until an agent has taken the steps that come first, and has as
/// many transitions as a batch, it learns nothing, and its gradients are zero.
package protocol ReplayingCore: ActingCore {
  associatedtype Room: AnyObject

  var experience: Experience { get }

  var rooms: RoomPool<Room> { get }

  var pace: ReplayPace { get }

  /// Takes the steps of a local step in the environment.
  ///
  /// - Returns: how many episodes have ended.
  func act(_ agent: Int, at parameters: UnsafePointer<Float>, in room: Room) -> UInt64

  /// Writes the gradients of the step from a batch of transitions.
  func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: Room)
}

/// How much agents act for each batch that they learn from.
package struct ReplayPace: Sendable, Equatable {
  /// B, transitions that a step learns from.
  let batch: Int
  /// Steps of the environment with uniform actions before an agent learns.
  let randomFirst: Int
  /// U, steps of the environment in a local step.
  let stepsPerUpdate: Int

  /// Whether actions are still uniform, and nothing is learnt, after so many steps of the environment.
  func isRandom(after steps: UInt64) -> Bool { steps < UInt64(randomFirst) }
}

extension ReplayingCore {
  package func lives(of agent: Int) -> [Life] { [experience.life(of: agent)] }

  package func compute(_ agent: Int) {
    let room = rooms.take()
    let parameters = steps.parameters(of: agent)
    experience.begin(agent)
    let episodes = act(agent, at: parameters, in: room)
    let isLearning =
      experience.transitions(of: agent) >= pace.batch && !pace.isRandom(after: experience.shadow(of: agent).steps)
    if isLearning {
      learn(agent, at: parameters, in: room)
    } else {
      steps.gradients[agent].update(repeating: 0, count: steps.parameterCount)
    }
    let samples = UInt64(pace.stepsPerUpdate)
    steps.work[agent] = StepWork(
      samples: samples, environmentSteps: samples, episodes: episodes,
      gradientSamples: isLearning ? Double(pace.batch) : 0)
    rooms.giveBack(room)
  }
}
