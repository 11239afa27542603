// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// The two networks of an agent and where they lie in its vector of parameters: the critic first, then the actor.
package struct ActorCriticNetworks: Sendable {
  package let critic: Perceptron<Float>
  package let actor: Perceptron<Float>
  package let policy: GaussianPolicy<Float>
  private let initialisation: Initialisation

  package init(_ settings: ActorCriticSettings, tasks: ControlTasks) {
    let hidden = settings.hiddenUnits
    critic = Perceptron(layerSizes: [tasks.observationCount] + hidden + [1], activation: settings.activation.activation)
    actor = Perceptron(layerSizes: [tasks.observationCount] + hidden + [2], activation: settings.activation.activation)
    policy = GaussianPolicy(scale: Float(tasks.environment.meanActionBound))
    initialisation = settings.initialisation
  }

  /// The number M of parameters.
  package var parameterCount: Int { critic.parameterCount + actor.parameterCount }

  /// The policies of such parameters.
  package var policies: PolicyForm {
    PolicyForm(parameterCount: parameterCount) {
      .mean(self, at: $0 + actorStart)
    } drawn: {
      .drawn(self, at: $0 + actorStart, noise: $1)
    }
  }

  /// Where the actor begins.
  package var actorStart: Int { critic.parameterCount }

  /// Numbers that forward and backward passes compute in.
  func workspaceCount(rows: Int) -> Int {
    max(critic.workspaceCount(rows: rows), actor.workspaceCount(rows: rows))
  }

  /// Writes initial parameters.
  ///
  /// *Randomness*: index 0 of the stream for the critic, 1 for the actor.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, from key: StreamKey) {
    var draws = Draws(key, at: 0)
    critic.initialise(parameters, hidden: initialisation, output: .uniformByInputs, from: &draws)
    draws = Draws(key, at: 1)
    actor.initialise(parameters + actorStart, hidden: initialisation, output: .uniformByInputs, from: &draws)
  }
}

extension ActorCriticSettings {
  /// About how many bytes the episodes of a step and their gradients take while they are computed. In Double, so that no
  /// size can overflow.
  package func bytesPerStep(in tasks: ControlTasks) -> Double {
    let networks = ActorCriticNetworks(self, tasks: tasks)
    // Of each row: observation, action, reward, end; return, advantage, two gradients; values of the units.
    let numbers = tasks.observationCount + 7 + networks.workspaceCount(rows: 1)
    let rows = Double(episodesPerStep) * Double(tasks.timeLimit)
    return rows * Double(numbers * MemoryLayout<Float>.size)
  }
}
