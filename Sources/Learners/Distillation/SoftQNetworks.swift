// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Schema

/// The networks of an agent that learns softly and where they lie in its vector of parameters: that of the shared policy
/// first, where there is one, and then that of what actions are worth to the agent.
///
///     │ h: logits of π₀ (shared) │ f: worths of actions (own; shared where it is all there is) │
package struct SoftQNetworks: Sendable {
  /// f.
  package let worths: Perceptron<Float>
  /// h; nothing where there is no shared policy.
  package let prior: Perceptron<Float>?
  package let soft: SoftValue<Float>
  /// How agents act.
  package let behaviour: SoftBehaviour<Float>
  /// The policy that regularised rewards are about: how agents act, not sharpened.
  package let policy: SoftBehaviour<Float>
  /// Whether anybody asks the shared policy.
  package let asksPrior: Bool
  /// Whether it learns from what agents do.
  package let learnsPrior: Bool
  private let activation: ActorCriticSettings.Unit
  private let initialisation: Initialisation

  package init(_ settings: SoftQSettings, tasks: ControlTasks) {
    let choices = tasks.environment.actionChoices ?? 1
    let network = Perceptron<Float>(
      layerSizes: [tasks.observationCount] + settings.hiddenUnits + [choices],
      activation: settings.activation.activation)
    let soft = SoftValue(
      actionCount: choices, priorWeight: Float(settings.priorWeight), sharpness: Float(settings.sharpness))
    worths = network
    prior = settings.prior == nil ? nil : network
    self.soft = soft
    asksPrior = settings.prior == .learnt || settings.prior == .frozen
    learnsPrior = settings.prior == .learnt
    activation = settings.activation
    if case .oneColumn = settings.form {
      policy = .oneColumn(actionCount: choices)
      behaviour =
        settings.actingSharpness.map { .sharpOneColumn(actionCount: choices, sharpness: Float($0)) } ?? policy
    } else {
      policy = .twoColumns(soft)
      behaviour = policy
    }
    initialisation = settings.hiddenStart.initialisation
  }

  package var actionCount: Int { worths.outputCount }

  package var observationCount: Int { worths.inputCount }

  /// Where f begins.
  package var worthsStart: Int { prior?.parameterCount ?? 0 }

  /// The number M of parameters.
  package var parameterCount: Int { worthsStart + worths.parameterCount }

  /// What the shared policy is as files have it; nothing where there is none that learns or has learnt.
  package var carried: PriorNetwork? { asksPrior ? PriorNetwork(worths, activation) : nil }

  /// Who has what: agents that are alone share what actions are worth, as they have nothing else to share.
  package var layout: StepLayout {
    guard let prior else { return StepLayout([.shared("task-policy", worths.parameterCount)]) }
    return StepLayout([.shared("prior", prior.parameterCount), .own("task-policy", worths.parameterCount)])
  }

  /// Writes initial parameters.
  ///
  /// *Randomness*: index 0 of the stream for f, so that agents alone and those with a shared policy start alike; 1 for h,
  /// where it is not carried over.
  ///
  /// - Parameter carried: what h starts from; nothing where that is drawn.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, from key: StreamKey, carried: NumberTable?) {
    var draws = Draws(key, at: 0)
    worths.initialise(parameters + worthsStart, hidden: initialisation, output: .uniformByInputs, from: &draws)
    guard let prior else { return }
    if let carried { return carried.writePrior(into: parameters, count: prior.parameterCount) }
    draws = Draws(key, at: 1)
    prior.initialise(parameters, hidden: initialisation, output: .uniformByInputs, from: &draws)
  }

  /// log π₀ of each row of observations, nothing where it is uniform.
  ///
  /// - Parameters:
  ///   - room: rows × actions, for the result.
  ///   - workspace: of this network; keeps what its backward pass needs.
  package func logPrior(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafePointer<Float>? {
    guard asksPrior, let prior else { return nil }
    let logits = prior.forward(observations, rows: rows, at: parameters, workspace: workspace)
    CategoricalPolicy(actionCount: actionCount).logProbabilities(UnsafePointer(logits), rows: rows, into: room)
    return UnsafePointer(room)
  }
}

extension SoftQNetworks: ChoosingNetworks {
  package func workspaceCount(rows: Int) -> Int { worths.workspaceCount(rows: rows) }

  package func logChoices(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    var logPrior: UnsafePointer<Float>?
    if case .twoColumns = behaviour {
      logPrior = self.logPrior(observations, rows: rows, at: parameters, room: room, workspace: workspace)
    }
    let outputs = worths.forward(observations, rows: rows, at: parameters + worthsStart, workspace: workspace)
    behaviour.logProbabilities(prior: logPrior, worths: UnsafePointer(outputs), rows: rows, into: outputs)
    return outputs
  }
}
