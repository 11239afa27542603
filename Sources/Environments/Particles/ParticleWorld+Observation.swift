// SPDX-License-Identifier: GPL-3.0-or-later

extension ParticleWorld {
  /// Numbers of what a player sees of itself.
  package static var ownCount: Int { 5 }
  /// Numbers of what it sees of anything else.
  package static var entityWidth: Int { 8 }

  /// Writes what a player sees.
  ///
  /// | of | numbers |
  /// |---|---|
  /// | itself | vx, vy, x, y, whether it lives |
  /// | another player | dx, dy, vx, vy, 1, and a one for a wolf or a sheep among three |
  /// | a landmark | dx, dy, 0, 0, 1, and a one in the last of the three |
  ///
  /// Places are relative to the player, velocities are not. What is out of sight, or dead, is zeros and not visible.
  ///
  /// - Parameters:
  ///   - own: `ownCount` numbers.
  ///   - entities: `entityCount` × `entityWidth` numbers: other players in their order, then landmarks.
  ///   - visible: 1 for each entity that is seen, else 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: UnsafePointer<Double>, _ player: Int, own: UnsafeMutablePointer<Scalar>,
    entities: UnsafeMutablePointer<Scalar>, visible: UnsafeMutablePointer<Scalar>
  ) {
    let (x, y) = (state[player], state[players + player])
    own[0] = Scalar(state[vx + player])
    own[1] = Scalar(state[vy + player])
    own[2] = Scalar(x)
    own[3] = Scalar(y)
    own[4] = Scalar(state[live + player])
    entities.update(repeating: 0, count: entityCount * Self.entityWidth)
    visible.update(repeating: 0, count: entityCount)
    func look(_ entity: Int, _ dx: Double, _ dy: Double, _ vx: Double, _ vy: Double, kind: Int) {
      guard (dx * dx + dy * dy).squareRoot() <= sight else { return }
      let place = entities + entity * Self.entityWidth
      place[0] = Scalar(dx)
      place[1] = Scalar(dy)
      place[2] = Scalar(vx)
      place[3] = Scalar(vy)
      place[4] = 1
      place[5 + kind] = 1
      visible[entity] = 1
    }
    var entity = 0
    for other in 0..<players where other != player {
      if state[live + other] != 0 {
        look(
          entity, state[other] - x, state[players + other] - y, state[vx + other], state[vy + other],
          kind: role(of: other).rawValue)
      }
      entity += 1
    }
    for landmark in 0..<landmarks {
      look(entity + landmark, state[landmarkX + landmark] - x, state[landmarkY + landmark] - y, 0, 0, kind: 2)
    }
  }

  /// How many numbers describe a task.
  package static var descriptionCount: Int { 7 }

  /// What tells tasks apart: players/8, wolves/4, sheep/4, landmarks/4, min(sight, 4)/4, size/2 and half the region of
  /// landmarks. All players of `foodCollect` are sheep.
  package var description: [Double] {
    [
      Double(players) / 8, Double(wolves) / 4, Double(sheep) / 4, Double(landmarks) / 4, min(sight, 4) / 4, size / 2,
      region / 2,
    ]
  }
}
