// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Schema

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
  /// Whether the shared policy learns.
  package let learnsShared: Bool
  private let activation: ActorCriticSettings.Unit
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
    learnsShared = hasShared && settings.prior == .learnt
    activation = settings.activation
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

  /// What the shared policy is as files have it; nothing where there is none.
  package var carried: PriorNetwork? { hasShared ? PriorNetwork(logits, activation) : nil }

  package var layout: StepLayout {
    let own: [ParameterBlock] = hasOwn ? [.own("task-policy", ownCount)] : []
    return StepLayout([.shared("prior", sharedCount)] + own + [.own("critic", critic.parameterCount)])
  }

  /// Writes initial parameters.
  ///
  /// *Randomness*: index 0 of the stream for f, 1 for h, where it is not carried over, 2 for V.
  ///
  /// - Parameter carried: what h starts from; nothing where that is drawn.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, from key: StreamKey, carried: NumberTable?) {
    func write(_ network: Perceptron<Float>, _ place: Int, _ index: UInt64) {
      var draws = Draws(key, at: index)
      network.initialise(parameters + place, hidden: initialisation, output: .uniformByInputs, from: &draws)
    }
    if hasOwn { write(logits, sharedCount, 0) }
    if let carried {
      carried.writePrior(into: parameters, count: sharedCount)
    } else {
      write(logits, 0, 1)
    }
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

  package func logPrior(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafePointer<Float>? {
    guard hasShared else { return nil }
    let outputs = logits.forward(observations, rows: rows, at: parameters, workspace: workspace)
    CategoricalPolicy(actionCount: actionCount).logProbabilities(UnsafePointer(outputs), rows: rows, into: room)
    return UnsafePointer(room)
  }
}
