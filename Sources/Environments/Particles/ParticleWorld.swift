// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// A plane on which players push each other about, several of them in one world: what all of them have in common, and how
/// many there are.
///
/// ## Description
/// Players are discs that accelerate in one of four directions, slow down by themselves and push each other away where they
/// overlap. In `foodCollect` they have to occupy all landmarks, and not to touch each other. In `grassland` sheep eat grass
/// and wolves catch sheep. What somebody does for its side is shared with the others of the side, as far as `rewardShare`
/// says.
///
/// Source: Long et al., "Evolutionary population curriculum for scaling multi-agent reinforcement learning", ICLR 2020,
/// whose program sets every constant; its physics are those of Lowe et al., "Multi-agent actor-critic for mixed
/// cooperative-competitive environments", 2017.
///
/// ## Actions
/// One of five choices: 0 does nothing, 1 accelerates to the right, 2 to the left, 3 upwards and 4 downwards.
///
/// ## Observations
/// Of oneself five numbers, and of each other player and each landmark eight (`observe`).
///
/// ## Rewards
/// `ParticleWorld+Rewards.swift` says who gets what.
///
/// ## Start
/// Players anywhere with |x|, |y| ≤ size, landmarks with |x|, |y| ≤ 0.9 size, all of them uniform and at rest.
///
/// ## Episode end
/// Terminated for a sheep that is caught, and for nobody else. Truncated after 25 steps.
///
/// A world has no state of its own. Its state is a row of numbers that lies where the caller has room, so that worlds lie in
/// a row, are copied and kept without anybody knowing what they mean:
///
///     │ x │ y │ vx │ vy │ live │ landmarks' x │ landmarks' y │ clock │    the first five with a number for each player
///
/// Wolves come before sheep.
package struct ParticleWorld: Sendable, Hashable {
  /// What there is to do.
  package enum Game: String, Sendable, CaseIterable {
    case foodCollect = "food-collect"
    case grassland
  }

  /// What a player is; the number is that of its role.
  package enum Role: Int, Sendable, CaseIterable {
    case wolf
    case sheep
  }

  /// Of an action.
  package static var choiceCount: Int { 5 }
  /// After how many steps an episode is truncated.
  package static var timeLimit: Int { 25 }

  package let game: Game
  /// None in `foodCollect`.
  package let wolves: Int
  /// In `foodCollect` all players.
  package let sheep: Int
  /// Food, or tufts of grass.
  package let landmarks: Int
  /// How much of what a player does for its side every one of the side gets, in 0...1; the rest is the player's own.
  package let rewardShare: Double
  /// No coordinate is larger.
  package let size: Double
  /// How far players see.
  package let sight: Double

  package init(
    _ game: Game, wolves: Int = 0, sheep: Int, landmarks: Int, rewardShare: Double = 0, size: Double = 1,
    sight: Double = 100
  ) {
    precondition(wolves >= 0 && sheep > 0 && landmarks > 0, "A world has players, and something to go to.")
    precondition(game == .grassland || wolves == 0, "Wolves are on grassland only.")
    precondition(size > 0 && sight >= 0 && (0...1).contains(rewardShare), "A world has a size, and a share is one.")
    self.game = game
    self.wolves = wolves
    self.sheep = sheep
    self.landmarks = landmarks
    self.rewardShare = rewardShare
    self.size = size
    self.sight = sight
  }

  package var players: Int { wolves + sheep }

  package func role(of player: Int) -> Role { player < wolves ? .wolf : .sheep }

  /// The players of a role, side by side.
  package func players(of role: Role) -> Range<Int> { role == .wolf ? 0..<wolves : wolves..<players }

  /// How far from the middle landmarks lie.
  package var region: Double { 0.9 * size }

  /// What a player sees: other players in their order, then landmarks.
  package var entityCount: Int { players - 1 + landmarks }

  /// How many numbers a state has.
  package var stateCount: Int { 5 * players + 2 * landmarks + 1 }

  // MARK: - Where the numbers of a state lie

  var vx: Int { 2 * players }
  var vy: Int { 3 * players }
  var live: Int { 4 * players }
  var landmarkX: Int { 5 * players }
  var landmarkY: Int { 5 * players + landmarks }
  var clock: Int { 5 * players + 2 * landmarks }

  /// Whether a player is there.
  package func isLive(_ player: Int, in state: UnsafePointer<Double>) -> Bool { state[live + player] != 0 }

  /// Where a player is and how fast it moves.
  package func motion(
    of player: Int, in state: UnsafePointer<Double>
  ) -> (x: Double, y: Double, vx: Double, vy: Double) {
    (state[player], state[players + player], state[vx + player], state[vy + player])
  }

  /// Sets all numbers of a player.
  package func set(
    _ player: Int, x: Double, y: Double, vx: Double, vy: Double, isLive: Bool, in state: UnsafeMutablePointer<Double>
  ) {
    state[player] = x
    state[players + player] = y
    state[self.vx + player] = vx
    state[self.vy + player] = vy
    state[live + player] = isLive ? 1 : 0
  }

  /// Puts a player somewhere, at rest and alive.
  package func place(_ player: Int, x: Double, y: Double, in state: UnsafeMutablePointer<Double>) {
    set(player, x: x, y: y, vx: 0, vy: 0, isLive: true, in: state)
  }

  /// Puts a landmark somewhere.
  package func placeLandmark(_ landmark: Int, x: Double, y: Double, in state: UnsafeMutablePointer<Double>) {
    state[landmarkX + landmark] = x
    state[landmarkY + landmark] = y
  }

  // MARK: - Start

  /// Writes a state to start an episode from.
  ///
  /// *Randomness*: two numbers for each player, then two for each landmark.
  package func start(_ state: UnsafeMutablePointer<Double>, _ draws: inout Draws) {
    for player in 0..<players {
      place(
        player, x: draws.uniform(from: -size, to: size), y: draws.uniform(from: -size, to: size), in: state)
    }
    for landmark in 0..<landmarks { regrow(landmark, in: state, &draws) }
    state[clock] = 0
  }

  /// Puts a landmark anywhere; two numbers.
  package func regrow(_ landmark: Int, in state: UnsafeMutablePointer<Double>, _ draws: inout Draws) {
    placeLandmark(
      landmark, x: draws.uniform(from: -region, to: region), y: draws.uniform(from: -region, to: region), in: state)
  }
}
