// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// What players of one role saw, did and got, and what they saw then, a row for each.
package final class PlayerBatch<Scalar: NeuralScalar> {
  /// The most rows.
  package let capacity: Int
  /// The rows that there are.
  package var rows: Int
  /// The entities of each.
  package var entityCount: Int
  package let own: Column<Scalar>
  package let entities: Column<Scalar>
  package let visible: Column<Scalar>
  package let nextOwn: Column<Scalar>
  package let nextEntities: Column<Scalar>
  package let nextVisible: Column<Scalar>
  /// Gumbel noise of the players' skills: rows × skills.
  package let noise: Column<Scalar>
  package let actions: Column<Int32>
  package let rewards: Column<Scalar>
  /// Whether the player died.
  package let isTerminal: Column<Bool>

  /// - Parameter entities: of each row, at most.
  package init(_ sizes: PlayerSizes, rows: Int, entities count: Int) {
    capacity = rows
    self.rows = rows
    entityCount = count
    own = Column(repeating: 0, count: rows * sizes.ownCount)
    entities = Column(repeating: 0, count: rows * count * sizes.entityWidth)
    visible = Column(repeating: 0, count: rows * count)
    nextOwn = Column(repeating: 0, count: rows * sizes.ownCount)
    nextEntities = Column(repeating: 0, count: rows * count * sizes.entityWidth)
    nextVisible = Column(repeating: 0, count: rows * count)
    noise = Column(repeating: 0, count: rows * sizes.skills)
    actions = Column(repeating: 0, count: rows)
    rewards = Column(repeating: 0, count: rows)
    isTerminal = Column(repeating: false, count: rows)
  }

  /// What players saw.
  var seen: SeenRows<Scalar> {
    SeenRows(
      rows: rows, entityCount: entityCount, own: UnsafePointer(own.base), entities: UnsafePointer(entities.base),
      visible: UnsafePointer(visible.base))
  }

  /// What they saw then.
  var nextSeen: SeenRows<Scalar> {
    SeenRows(
      rows: rows, entityCount: entityCount, own: UnsafePointer(nextOwn.base),
      entities: UnsafePointer(nextEntities.base), visible: UnsafePointer(nextVisible.base))
  }
}

/// Room for what one thread computes of a step of players at a time.
package final class PlayerRoom<Scalar: NeuralScalar> {
  package let batch: PlayerBatch<Scalar>
  let relations: RelationRoom<Scalar>
  let policy: AttendingRoom<Scalar>
  let critic: AttendingRoom<Scalar>
  /// z: rows × samples × skills, and the gradient with respect to it.
  package let skills: Column<Scalar>
  let skillGradient: Column<Scalar>
  /// Gumbel noise of skills that are compared.
  package let noise: Column<Scalar>
  /// log π: rows × samples × actions.
  package let logPolicy: Column<Scalar>
  /// Q: rows × actions.
  package let worths: Column<Scalar>
  package let targets: Column<Scalar>
  /// What relations say of each action.
  package let information: Column<Scalar>
  let outputGradient: Column<Scalar>
  let weightGradient: Column<Scalar>
  /// Of one network.
  let gradient: Column<Scalar>

  /// - Parameters:
  ///   - rows: at most.
  ///   - samples: N + 1, skills of a row that are compared.
  ///   - entities: of each row, at most.
  package init(_ networks: PlayerNetworks<Scalar>, rows: Int, samples: Int, entities: Int) {
    let (all, sizes) = (rows * samples, networks.sizes)
    batch = PlayerBatch(sizes, rows: rows, entities: entities)
    relations = RelationRoom(networks.relations, rows: rows, samples: samples, entities: entities)
    policy = AttendingRoom(networks.attending, rows: rows, samples: samples, entities: entities)
    critic = AttendingRoom(networks.attending, rows: rows, entities: entities)
    skills = Column(repeating: 0, count: all * sizes.skills)
    skillGradient = Column(repeating: 0, count: all * sizes.skills)
    noise = Column(repeating: 0, count: all * sizes.skills)
    logPolicy = Column(repeating: 0, count: all * sizes.actionCount)
    worths = Column(repeating: 0, count: rows * sizes.actionCount)
    targets = Column(repeating: 0, count: rows)
    information = Column(repeating: 0, count: rows)
    outputGradient = Column(repeating: 0, count: all * sizes.actionCount)
    weightGradient = Column(repeating: 0, count: all * entities)
    gradient = Column(
      repeating: 0, count: max(networks.attending.parameterCount, networks.relations.parameterCount))
  }

  /// k of the latest rows.
  package var weights: UnsafePointer<Scalar> { UnsafePointer(relations.weights.base) }

  /// About how many bytes a room has, in Double, so that no size can overflow.
  static func bytes(_ networks: PlayerNetworks<Scalar>, rows: Int, samples: Int, entities: Int) -> Double {
    let sizes = networks.sizes
    let ofSamples = 3 * sizes.skills + 2 * sizes.actionCount + entities
    let ofRows = 2 * (sizes.ownCount + entities * (sizes.entityWidth + 1)) + sizes.skills + sizes.actionCount + 6
    let numbers =
      RelationRoom.numbers(networks.relations, rows: rows, samples: samples, entities: entities)
      + AttendingRoom.numbers(networks.attending, rows: rows, samples: samples, entities: entities)
      + AttendingRoom.numbers(networks.attending, rows: rows, samples: 1, entities: entities)
      + Double(rows) * Double(samples * ofSamples + ofRows)
    return Double(MemoryLayout<Scalar>.stride) * numbers
  }
}
