// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// The networks of an agent that follows the gradient of its policy, and where they lie in its vector of parameters.
///
///     │ critic: v, values of states (where there is one) │ actor: logits of π │        all shared
package struct PolicyNetworks: Sendable {
  /// v; nothing where returns are compared with nothing.
  package let critic: Perceptron<Float>?
  /// Logits of π = softmax.
  package let actor: Perceptron<Float>
  private let initialisation: Initialisation
  private let outputInitialisation: Initialisation

  package init(_ settings: PolicySettings, tasks: ControlTasks) {
    let layers = [tasks.observationCount] + settings.hiddenUnits
    let activation = settings.activation.activation
    critic = settings.baseline == .none ? nil : Perceptron(layerSizes: layers + [1], activation: activation)
    actor = Perceptron(layerSizes: layers + [tasks.environment.actionChoices ?? 1], activation: activation)
    initialisation = settings.hiddenStart.initialisation
    outputInitialisation = settings.outputStart.initialisation
  }

  package var actionCount: Int { actor.outputCount }

  package var observationCount: Int { actor.inputCount }

  /// Where the actor begins.
  package var actorStart: Int { critic?.parameterCount ?? 0 }

  /// The number M of parameters.
  package var parameterCount: Int { actorStart + actor.parameterCount }

  package var layout: StepLayout {
    StepLayout(
      (critic.map { [.shared("critic", $0.parameterCount)] } ?? []) + [.shared("actor", actor.parameterCount)])
  }

  /// How a step changes them, in the order in which they lie.
  func blocks(_ settings: PolicySettings) -> [BlockOptimisers.Block] {
    let movesPerStep = settings.proximal.map { $0.epochs * $0.minibatches } ?? 1
    func block(_ stepSize: Double, _ network: Perceptron<Float>) -> BlockOptimisers.Block {
      BlockOptimisers.Block(
        optimiser: settings.optimiser.optimiser(stepSize: stepSize), count: network.parameterCount,
        lastMove: settings.decaySteps.map { UInt64($0 * movesPerStep) })
    }
    return (critic.map { [block(settings.criticStepSize, $0)] } ?? []) + [block(settings.actorStepSize, actor)]
  }

  /// Writes initial parameters.
  ///
  /// *Randomness*: index 0 of the stream for the critic, 1 for the actor.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, from key: StreamKey) {
    func write(_ network: Perceptron<Float>, _ place: Int, _ index: UInt64) {
      var draws = Draws(key, at: index)
      network.initialise(parameters + place, hidden: initialisation, output: outputInitialisation, from: &draws)
    }
    if let critic { write(critic, 0, 0) }
    write(actor, actorStart, 1)
  }
}

extension PolicyNetworks: ChoosingNetworks {
  package func workspaceCount(rows: Int) -> Int {
    max(critic?.workspaceCount(rows: rows) ?? 0, actor.workspaceCount(rows: rows))
  }

  package func logChoices(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    logChoices(observations, rows: rows, at: parameters, workspace: workspace)
  }

  /// log π of each row, rows × choices; the workspace keeps what the actor's backward pass needs.
  func logChoices(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let outputs = actor.forward(observations, rows: rows, at: parameters + actorStart, workspace: workspace)
    CategoricalPolicy(actionCount: actionCount).logProbabilities(UnsafePointer(outputs), rows: rows, into: outputs)
    return outputs
  }
}
