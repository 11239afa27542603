// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// Relations of a player to everything that it sees: weights that sum to one,
///
///     k = softmax over what is visible of  q(o, z)·key(e_m) / √D
///
/// | symbol | shape | meaning |
/// |---|---|---|
/// | o | rows × own | what a player sees of itself |
/// | z | rows × samples × skills | its skill, perhaps several to compare |
/// | e | rows × entities × width | what it sees of each entity |
/// | q, key | D | a perceptron with a hidden layer of rectifiers; a linear map |
/// | k | rows × samples × entities | 0 for what is not visible; all zeros where nothing is |
///
/// Parameters are those of q, then those of the map.
///
/// Source: "Multi-task multi-agent reinforcement learning with task-specific relations", section 2.3, which leaves the form
/// of relations open.
package struct RelationNetwork<Scalar: NeuralScalar>: Sendable {
  package let query: Perceptron<Scalar>
  package let key: Perceptron<Scalar>
  package let ownCount: Int
  package let skillCount: Int

  package init(ownCount: Int, skillCount: Int, entityWidth: Int, hiddenUnits: Int, keyUnits: Int) {
    self.ownCount = ownCount
    self.skillCount = skillCount
    query = Perceptron(layerSizes: [ownCount + skillCount, hiddenUnits, keyUnits], activation: .rectifier)
    key = Perceptron(layerSizes: [entityWidth, keyUnits], activation: .rectifier)
  }

  package var parameterCount: Int { query.parameterCount + key.parameterCount }

  private var keyUnits: Int { key.outputCount }

  /// Writes k into the room.
  ///
  /// - Parameters:
  ///   - seen: what players see, a row for each.
  ///   - skills: z.
  ///   - samples: how many skills each row has.
  package func forward(
    _ seen: SeenRows<Scalar>, skills: UnsafePointer<Scalar>, samples: Int, at parameters: UnsafePointer<Scalar>,
    in room: RelationRoom<Scalar>
  ) {
    let (rows, width, units) = (seen.rows * samples, ownCount + skillCount, keyUnits)
    precondition(rows <= room.rows, "A room has space for all rows.")
    for row in 0..<rows {
      let place = room.inputs.base + row * width
      place.update(from: seen.own + row / samples * ownCount, count: ownCount)
      (place + ownCount).update(from: skills + row * skillCount, count: skillCount)
    }
    let queries = query.forward(
      UnsafePointer(room.inputs.base), rows: rows, at: parameters, workspace: room.queryWorkspace)
    let keys = key.forward(
      seen.entities, rows: seen.rows * seen.entityCount, at: parameters + query.parameterCount,
      workspace: room.keyWorkspace)
    room.queries = UnsafePointer(queries)
    room.keys = UnsafePointer(keys)
    let scale = 1 / Scalar(units).squareRoot()
    let count = seen.entityCount
    for row in 0..<rows {
      let visible = seen.visible + row / samples * count
      let keys = keys + row / samples * count * units
      writeWeights(
        of: queries + row * units, keys, visible: visible, count: count, scale: scale,
        into: room.weights.base + row * count)
    }
  }

  @inline(__always)
  private func writeWeights(
    of query: UnsafePointer<Scalar>, _ keys: UnsafePointer<Scalar>, visible: UnsafePointer<Scalar>, count: Int,
    scale: Scalar, into weights: UnsafeMutablePointer<Scalar>
  ) {
    var greatest = -Scalar.infinity
    for entity in 0..<count where visible[entity] != 0 {
      var score: Scalar = 0
      for unit in 0..<keyUnits { score += query[unit] * keys[entity * keyUnits + unit] }
      weights[entity] = score * scale
      greatest = max(greatest, weights[entity])
    }
    var sum: Scalar = 0
    for entity in 0..<count {
      weights[entity] = visible[entity] != 0 ? Scalar.exponential(weights[entity] - greatest) : 0
      sum += weights[entity]
    }
    if sum > 0 { for entity in 0..<count { weights[entity] /= sum } }
  }

  /// The gradients with respect to the parameters and to the skills, from that with respect to k; after `forward` of the
  /// same.
  ///
  /// - Parameters:
  ///   - weightGradient: as k.
  ///   - gradient: of the parameters, overwritten.
  ///   - skillGradient: as z, overwritten.
  package func backward(
    _ weightGradient: UnsafePointer<Scalar>, _ seen: SeenRows<Scalar>, samples: Int,
    at parameters: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>,
    skillGradient: UnsafeMutablePointer<Scalar>, in room: RelationRoom<Scalar>
  ) {
    guard let queries = room.queries, let keys = room.keys else { return }
    let (rows, units, count) = (seen.rows * samples, keyUnits, seen.entityCount)
    let scale = 1 / Scalar(units).squareRoot()
    let (queryGradient, keyGradient) = (room.queryGradient.base, room.keyGradient.base)
    queryGradient.update(repeating: 0, count: rows * units)
    keyGradient.update(repeating: 0, count: seen.rows * count * units)
    for row in 0..<rows {
      let weights = room.weights.base + row * count
      let slopes = weightGradient + row * count
      var mean: Scalar = 0
      for entity in 0..<count { mean += weights[entity] * slopes[entity] }
      let query = queries + row * units
      for entity in 0..<count where weights[entity] != 0 {
        let slope = weights[entity] * (slopes[entity] - mean) * scale
        let place = (row / samples * count + entity) * units
        for unit in 0..<units {
          queryGradient[row * units + unit] += slope * keys[place + unit]
          keyGradient[place + unit] += slope * query[unit]
        }
      }
    }
    query.backward(
      UnsafePointer(queryGradient), inputs: UnsafePointer(room.inputs.base), rows: rows, at: parameters,
      into: gradient, inputGradient: room.inputGradient.base, workspace: room.queryWorkspace)
    key.backward(
      UnsafePointer(keyGradient), inputs: seen.entities, rows: seen.rows * count,
      at: parameters + query.parameterCount, into: gradient + query.parameterCount, workspace: room.keyWorkspace)
    let width = ownCount + skillCount
    for row in 0..<rows {
      (skillGradient + row * skillCount).update(
        from: room.inputGradient.base + row * width + ownCount, count: skillCount)
    }
  }
}

/// What players see, a row for each.
package struct SeenRows<Scalar: NeuralScalar> {
  package let rows: Int
  /// How many entities each row has.
  package let entityCount: Int
  /// Rows × own.
  package let own: UnsafePointer<Scalar>
  /// Rows × entities × width.
  package let entities: UnsafePointer<Scalar>
  /// Rows × entities, each 0 or 1.
  package let visible: UnsafePointer<Scalar>

  package init(
    rows: Int, entityCount: Int, own: UnsafePointer<Scalar>, entities: UnsafePointer<Scalar>,
    visible: UnsafePointer<Scalar>
  ) {
    self.rows = rows
    self.entityCount = entityCount
    self.own = own
    self.entities = entities
    self.visible = visible
  }
}

/// Room for relations: what `forward` leaves for `backward`.
package final class RelationRoom<Scalar: NeuralScalar> {
  /// Rows with their samples, at most.
  let rows: Int
  /// k.
  package let weights: Column<Scalar>
  fileprivate let inputs: Column<Scalar>
  fileprivate let inputGradient: Column<Scalar>
  fileprivate let queryGradient: Column<Scalar>
  fileprivate let keyGradient: Column<Scalar>
  fileprivate var queries: UnsafePointer<Scalar>?
  fileprivate var keys: UnsafePointer<Scalar>?
  private let querySpace: Column<Scalar>
  private let keySpace: Column<Scalar>

  /// - Parameters:
  ///   - rows: what players see, at most.
  ///   - samples: skills of each, at most.
  ///   - entities: of each, at most.
  package init(_ network: RelationNetwork<Scalar>, rows: Int, samples: Int = 1, entities: Int) {
    let all = rows * samples
    self.rows = all
    let units = network.key.outputCount
    weights = Column(repeating: 0, count: all * entities)
    inputs = Column(repeating: 0, count: all * network.query.inputCount)
    inputGradient = Column(repeating: 0, count: all * network.query.inputCount)
    queryGradient = Column(repeating: 0, count: all * units)
    keyGradient = Column(repeating: 0, count: rows * entities * units)
    querySpace = Column(repeating: 0, count: network.query.workspaceCount(rows: all))
    keySpace = Column(repeating: 0, count: network.key.workspaceCount(rows: rows * entities))
  }

  fileprivate var queryWorkspace: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: querySpace.base, count: querySpace.count)
  }

  fileprivate var keyWorkspace: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: keySpace.base, count: keySpace.count)
  }

  /// Numbers of a room, in Double, so that no size can overflow.
  static func numbers(_ network: RelationNetwork<Scalar>, rows: Int, samples: Int, entities: Int) -> Double {
    let units = network.key.outputCount
    let ofSamples = entities + 2 * network.query.inputCount + units + network.query.workspaceCount(rows: 1)
    return Double(rows) * (Double(samples * ofSamples) + Double(entities * 3 * units))
  }
}
