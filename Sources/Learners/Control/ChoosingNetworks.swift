// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets
import Quantities
import Randomness

/// Networks of an agent that together give every choice a probability.
package protocol ChoosingNetworks: Sendable {
  /// How many choices there are.
  var actionCount: Int { get }
  /// The number M of parameters.
  var parameterCount: Int { get }
  /// How many numbers passes over so many rows compute in.
  func workspaceCount(rows: Int) -> Int
  /// log of the probabilities of all choices for each row of observations: rows × choices, inside the workspace.
  ///
  /// - Parameter room: rows × choices, for what is made of other networks on the way.
  func logChoices(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutablePointer<Float>
  /// log of the probabilities that the policy which agents share gives all choices, in `room`: rows × choices; nothing where
  /// there is none, or it is uniform.
  func logPrior(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafePointer<Float>?
}

extension ChoosingNetworks {
  /// They share none.
  package func logPrior(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    room: UnsafeMutablePointer<Float>, workspace: UnsafeMutableBufferPointer<Float>
  ) -> UnsafePointer<Float>? { nil }

  /// The policies of such parameters: the most probable choice, and draws as agents act while they learn.
  var policies: PolicyForm {
    PolicyForm(parameterCount: parameterCount, choosing: self) {
      .choosing(self, at: $0, noise: nil)
    } drawn: {
      .choosing(self, at: $0, noise: $1)
    }
  }

  /// The probabilities of all choices for an observation, as the agent acts or as the policy that it shares has them; nothing
  /// where it shares none.
  package func probabilities(
    _ observation: [Float], at parameters: [Float], ofPrior: Bool
  ) -> [Double]? {
    precondition(parameters.count == parameterCount, "An agent has all of its parameters.")
    var (room, workspace) = (
      [Float](repeating: 0, count: actionCount), [Float](repeating: 0, count: workspaceCount(rows: 1))
    )
    return room.withUnsafeMutableBufferPointer { room in
      workspace.withUnsafeMutableBufferPointer { workspace in
        guard let base = room.baseAddress else { return nil }
        let logarithms =
          ofPrior
          ? logPrior(observation, rows: 1, at: parameters, room: base, workspace: workspace)
          : UnsafePointer(logChoices(observation, rows: 1, at: parameters, room: base, workspace: workspace))
        return logarithms.map { base in (0..<actionCount).map { exp(Double(base[$0])) } }
      }
    }
  }

  /// How many numbers `choose` computes in.
  func choiceWorkspaceCount(rows: Int) -> Int { workspaceCount(rows: rows) + rows * actionCount }

  /// Writes a choice for each row; no number where a probability is none.
  ///
  /// - Parameter numbers: of [0, 1), one for each row; nothing for the most probable choices.
  func choose(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    numbers: UnsafePointer<Double>?, workspace: UnsafeMutableBufferPointer<Float>, into actions: borrowing Column<Float>
  ) {
    let count = workspaceCount(rows: rows)
    guard let base = workspace.baseAddress, workspace.count >= count + rows * actionCount else {
      preconditionFailure("A workspace holds choiceWorkspaceCount(rows:) numbers.")
    }
    let logarithms = logChoices(
      observations, rows: rows, at: parameters, room: base + count,
      workspace: UnsafeMutableBufferPointer(start: base, count: count))
    let categorical = CategoricalPolicy<Float>(actionCount: actionCount)
    for row in 0..<rows {
      let own = UnsafePointer(logarithms + row * actionCount)
      guard (0..<actionCount).allSatisfy({ !own[$0].isNaN }) else {
        actions[row] = .nan
        continue
      }
      let choice = numbers.map { categorical.action(own, atUniform: $0[row]) } ?? greatest(own, count: actionCount)
      actions[row] = Float(choice)
    }
  }
}
