// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// The networks of an agent with a critic and where they lie in its vector of parameters.
///
///     │ h: logits of π₀ (shared) │ f: logits of its own │ V: values of states │
///
/// The variant without a shared policy has its network all the same, which stays as it is: agents that send nothing are no
/// strategy's. The one without logits of its own has none.
package struct DistralNetworks: Sendable {
  /// h, and f where there is one.
  package let logits: Perceptron<Float>
  package let critic: Perceptron<Float>
  package let policy: DistralPolicy<Float>
  package let hasOwn: Bool
  package let hasShared: Bool
  private let initialisation: Initialisation

  package init(_ settings: DistralSettings, tasks: ControlTasks) {
    let choices = tasks.environment.actionChoices ?? 1
    let layers = [tasks.observationCount] + settings.hiddenUnits
    logits = Perceptron(layerSizes: layers + [choices], activation: settings.activation.activation)
    critic = Perceptron(layerSizes: layers + [1], activation: settings.activation.activation)
    policy = DistralPolicy(
      settings.variant, actionCount: choices, priorWeight: Float(settings.priorWeight),
      sharpness: Float(settings.sharpness))
    hasOwn = settings.variant.hasOwn
    hasShared = settings.variant.hasShared
    initialisation = settings.hiddenStart.initialisation
  }

  package var actionCount: Int { logits.outputCount }

  package var observationCount: Int { logits.inputCount }

  package var sharedCount: Int { logits.parameterCount }

  package var ownCount: Int { hasOwn ? logits.parameterCount : 0 }

  /// Where V begins.
  package var criticStart: Int { sharedCount + ownCount }

  /// The number M of parameters.
  package var parameterCount: Int { criticStart + critic.parameterCount }

  package var layout: StepLayout {
    let own: [ParameterBlock] = hasOwn ? [.own("task-policy", ownCount)] : []
    return StepLayout([.shared("prior", sharedCount)] + own + [.own("critic", critic.parameterCount)])
  }

  /// Writes initial parameters.
  ///
  /// *Randomness*: index 0 of the stream for f, 1 for h, 2 for V.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, from key: StreamKey) {
    func write(_ network: Perceptron<Float>, _ place: Int, _ index: UInt64) {
      var draws = Draws(key, at: index)
      network.initialise(parameters + place, hidden: initialisation, output: .uniformByInputs, from: &draws)
    }
    if hasOwn { write(logits, sharedCount, 0) }
    write(logits, 0, 1)
    write(critic, criticStart, 2)
  }
}

extension DistralNetworks: ChoosingNetworks {
  package func workspaceCount(rows: Int) -> Int {
    max(logits.workspaceCount(rows: rows), critic.workspaceCount(rows: rows))
  }

  /// log π; h is left in the room where the policy is made of it.
  package func logChoices(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    if policy.sharedFactor != 0 {
      let outputs = logits.forward(observations, rows: rows, at: parameters, workspace: workspace)
      room.update(from: outputs, count: rows * actionCount)
      if !hasOwn {
        policy.logProbabilities(shared: room, own: room, rows: rows, into: outputs)
        return outputs
      }
    }
    let outputs = logits.forward(observations, rows: rows, at: parameters + sharedCount, workspace: workspace)
    policy.logProbabilities(shared: room, own: UnsafePointer(outputs), rows: rows, into: outputs)
    return outputs
  }
}
