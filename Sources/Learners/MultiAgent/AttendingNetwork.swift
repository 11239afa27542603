// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// A network that looks at what is around a player as much as the player's relations say, for any number of entities:
///
///     v = Σ_m k_m relu(V e_m + c),   outputs = perceptron(o, v)
///
/// Policies and critics have this form, with an output for each action. Parameters are those of the map V, c, then those of
/// the perceptron, which has a hidden layer of rectifiers. Shapes are those of `RelationNetwork`.
package struct AttendingNetwork<Scalar: NeuralScalar>: Sendable {
  package let values: Perceptron<Scalar>
  package let head: Perceptron<Scalar>
  package let ownCount: Int

  package init(ownCount: Int, entityWidth: Int, valueUnits: Int, hiddenUnits: Int, actionCount: Int) {
    self.ownCount = ownCount
    values = Perceptron(layerSizes: [entityWidth, valueUnits], activation: .rectifier)
    head = Perceptron(layerSizes: [ownCount + valueUnits, hiddenUnits, actionCount], activation: .rectifier)
  }

  package var parameterCount: Int { values.parameterCount + head.parameterCount }

  /// The outputs of each row and sample, inside the room.
  ///
  /// - Parameter weights: k.
  @discardableResult
  package func forward(
    _ seen: SeenRows<Scalar>, weights: UnsafePointer<Scalar>, samples: Int, at parameters: UnsafePointer<Scalar>,
    in room: AttendingRoom<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    let (rows, count, units) = (seen.rows * samples, seen.entityCount, values.outputCount)
    precondition(rows <= room.rows, "A room has space for all rows.")
    let features = values.forward(
      seen.entities, rows: seen.rows * count, at: parameters, workspace: room.valueWorkspace)
    for index in 0..<seen.rows * count * units { features[index] = max(0, features[index]) }
    room.features = UnsafePointer(features)
    let width = ownCount + units
    for row in 0..<rows {
      let place = room.inputs.base + row * width
      place.update(from: seen.own + row / samples * ownCount, count: ownCount)
      let sum = place + ownCount
      sum.update(repeating: 0, count: units)
      let (features, weights) = (features + row / samples * count * units, weights + row * count)
      for entity in 0..<count where weights[entity] != 0 {
        let weight = weights[entity]
        for unit in 0..<units { sum[unit] += weight * features[entity * units + unit] }
      }
    }
    return head.forward(
      UnsafePointer(room.inputs.base), rows: rows, at: parameters + values.parameterCount,
      workspace: room.headWorkspace)
  }

  /// The gradient with respect to the parameters, and to k, from that with respect to the outputs; after `forward` of the
  /// same.
  ///
  /// - Parameters:
  ///   - gradient: of the parameters, overwritten.
  ///   - weightGradient: as k; that with respect to k is added to it, where it is given.
  package func backward(
    _ outputGradient: UnsafePointer<Scalar>, _ seen: SeenRows<Scalar>, weights: UnsafePointer<Scalar>, samples: Int,
    at parameters: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>,
    weightGradient: UnsafeMutablePointer<Scalar>?, in room: AttendingRoom<Scalar>
  ) {
    guard let features = room.features else { return }
    let (rows, count, units) = (seen.rows * samples, seen.entityCount, values.outputCount)
    head.backward(
      outputGradient, inputs: UnsafePointer(room.inputs.base), rows: rows, at: parameters + values.parameterCount,
      into: gradient + values.parameterCount, inputGradient: room.inputGradient.base, workspace: room.headWorkspace)
    let featureGradient = room.featureGradient.base
    featureGradient.update(repeating: 0, count: seen.rows * count * units)
    let width = ownCount + units
    for row in 0..<rows {
      let slopes = room.inputGradient.base + row * width + ownCount
      let first = row / samples * count
      for entity in 0..<count {
        let (place, weight) = ((first + entity) * units, weights[row * count + entity])
        // What is not visible has no weight, whatever the parameters are, and none that could change.
        guard seen.visible[first + entity] != 0 else { continue }
        var slope: Scalar = 0
        for unit in 0..<units where features[place + unit] > 0 {
          slope += slopes[unit] * features[place + unit]
          featureGradient[place + unit] += weight * slopes[unit]
        }
        if let weightGradient { weightGradient[row * count + entity] += slope }
      }
    }
    values.backward(
      UnsafePointer(featureGradient), inputs: seen.entities, rows: seen.rows * count, at: parameters, into: gradient,
      workspace: room.valueWorkspace)
  }
}

/// Room for such a network: what `forward` leaves for `backward`.
package final class AttendingRoom<Scalar: NeuralScalar> {
  /// Rows with their samples, at most.
  let rows: Int
  fileprivate let inputs: Column<Scalar>
  fileprivate let inputGradient: Column<Scalar>
  fileprivate let featureGradient: Column<Scalar>
  fileprivate var features: UnsafePointer<Scalar>?
  private let valueSpace: Column<Scalar>
  private let headSpace: Column<Scalar>

  /// As `RelationRoom` has it.
  package init(_ network: AttendingNetwork<Scalar>, rows: Int, samples: Int = 1, entities: Int) {
    let all = rows * samples
    self.rows = all
    inputs = Column(repeating: 0, count: all * network.head.inputCount)
    inputGradient = Column(repeating: 0, count: all * network.head.inputCount)
    featureGradient = Column(repeating: 0, count: rows * entities * network.values.outputCount)
    valueSpace = Column(repeating: 0, count: network.values.workspaceCount(rows: rows * entities))
    headSpace = Column(repeating: 0, count: network.head.workspaceCount(rows: all))
  }

  fileprivate var valueWorkspace: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: valueSpace.base, count: valueSpace.count)
  }

  fileprivate var headWorkspace: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: headSpace.base, count: headSpace.count)
  }

  /// Numbers of a room, in Double, so that no size can overflow.
  static func numbers(_ network: AttendingNetwork<Scalar>, rows: Int, samples: Int, entities: Int) -> Double {
    let ofSamples = 2 * network.head.inputCount + network.head.workspaceCount(rows: 1)
    return Double(rows) * (Double(samples * ofSamples) + Double(entities * 2 * network.values.outputCount))
  }
}
