// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// The three networks of an agent and where they lie in its vector of parameters, which also is the shape of its two slow
/// critics.
///
///     │ policy: s → (μ, log σ) │ Q₁: (s, a) → worth │ Q₂ │
///
/// An action is a share of its bound here, a = tanh u in −1...1, for networks and densities alike; the environment gets
/// bound · a. The density of what the environment gets is smaller by the factor of the bound, so its entropy is larger by
/// the logarithm of the bound, for each number of an action.
package struct SoftActorCriticNetworks: Sendable {
  package let policy: Perceptron<Float>
  /// Q₁ or Q₂.
  package let critic: Perceptron<Float>
  package let head = SquashedGaussianPolicy<Float>(scale: 1)
  /// The largest action.
  package let bound: Float
  private let initialisation: Initialisation

  package init(_ settings: SoftActorCriticSettings, tasks: ControlTasks) {
    precondition(tasks.environment.actionCount == 1, "An action is one number.")
    let (inputs, hidden) = (tasks.observationCount, settings.hiddenUnits)
    policy = Perceptron(layerSizes: [inputs] + hidden + [2], activation: settings.activation.activation)
    critic = Perceptron(layerSizes: [inputs + 1] + hidden + [1], activation: settings.activation.activation)
    bound = Float(tasks.environment.meanActionBound)
    initialisation = settings.hiddenStart.initialisation
  }

  package var observationCount: Int { policy.inputCount }

  /// Where the critics begin.
  package var criticStart: Int { policy.parameterCount }

  /// The parameters of both critics.
  package var criticCount: Int { 2 * critic.parameterCount }

  /// The number M of parameters.
  package var parameterCount: Int { criticStart + criticCount }

  package var layout: StepLayout {
    StepLayout([
      .shared("policy", policy.parameterCount), .shared("q1", critic.parameterCount),
      .shared("q2", critic.parameterCount),
    ])
  }

  /// The policies of such parameters: the action in the middle, and draws as agents act while they learn.
  package var policies: PolicyForm {
    PolicyForm(parameterCount: parameterCount) {
      .squashed(self, at: $0, noise: nil)
    } drawn: {
      .squashed(self, at: $0, noise: $1)
    }
  }

  /// Writes initial parameters.
  ///
  /// *Randomness*: index 0 of the stream for the policy, 1 for Q₁, 2 for Q₂.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, from key: StreamKey) {
    func write(_ network: Perceptron<Float>, _ place: Int, _ index: UInt64) {
      var draws = Draws(key, at: index)
      network.initialise(parameters + place, hidden: initialisation, output: .uniformByInputs, from: &draws)
    }
    write(policy, 0, 0)
    write(critic, criticStart, 1)
    write(critic, criticStart + critic.parameterCount, 2)
  }

  /// Writes an action for each row of observations, in the unit of the environment.
  ///
  /// - Parameter noise: a standard normal number for each row; nothing for the actions in the middle.
  func act(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    noise: UnsafePointer<Double>?, workspace: UnsafeMutableBufferPointer<Float>,
    into actions: UnsafeMutablePointer<Float>
  ) {
    let outputs = policy.forward(observations, rows: rows, at: parameters, workspace: workspace)
    for row in 0..<rows {
      let own = UnsafePointer(outputs + 2 * row)
      actions[row] = bound * (noise.map { head.draw(own, noise: Float($0[row])).action } ?? head.middle(own))
    }
  }
}
