// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

extension ParticleWorld {
  /// Seconds that a step lasts.
  package static var timeStep: Double { 0.1 }
  /// The share of its velocity that a player loses in a step.
  private static var damping: Double { 0.25 }
  private static var contactForce: Double { 100 }
  /// How soft discs are.
  private static var contactMargin: Double { 1e-3 }

  /// The radius of a player.
  func radius(of player: Int) -> Double { player < wolves ? 0.075 : 0.05 }

  private func acceleration(of player: Int) -> Double { player < wolves ? 2 : 4 }

  private func greatestSpeed(of player: Int) -> Double { player < wolves ? 2 : game == .grassland ? 3 : 4 }

  /// Which way a choice accelerates, as of the published one-hot actions: a₁ − a₂ and a₃ − a₄.
  @inline(__always)
  package static func direction(ofChoice choice: Int) -> (x: Double, y: Double) {
    switch choice {
    case 1: (1, 0)
    case 2: (-1, 0)
    case 3: (0, 1)
    case 4: (0, -1)
    default: (0, 0)
    }
  }

  /// Moves all players.
  ///
  ///     f = 100 δ/|δ| · 0.001 log(1 + exp((r + r' − |δ|) / 0.001))    between two players
  ///     v ← 0.75 v + 0.1 (a + Σ f), not above the greatest speed;  x ← x + 0.1 v, not beyond the edge
  ///
  /// A player that has died stays where it is; as published it goes on pushing, and has a velocity.
  ///
  /// - Parameters:
  ///   - directions: x and y of each player, one after the other.
  package func move(_ state: UnsafeMutablePointer<Double>, directions: UnsafePointer<Double>) {
    let count = players
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { forces in
      guard let forceX = forces.baseAddress else { return }
      let forceY = forceX + count
      for player in 0..<count {
        let acceleration = acceleration(of: player)
        forceX[player] = directions[2 * player] * acceleration
        forceY[player] = directions[2 * player + 1] * acceleration
      }
      push(UnsafePointer(state), forceX, forceY)
      for player in 0..<count { integrate(state, player, forceX[player], forceY[player]) }
    }
  }

  /// Adds what players push each other.
  @inline(__always)
  private func push(
    _ state: UnsafePointer<Double>, _ forceX: UnsafeMutablePointer<Double>, _ forceY: UnsafeMutablePointer<Double>
  ) {
    let (x, y) = (state, state + players)
    for one in 0..<players {
      for other in one + 1..<max(one + 1, players) {
        let (dx, dy) = (x[one] - x[other], y[one] - y[other])
        let found = (dx * dx + dy * dy).squareRoot()
        let distance = found == 0 ? 1e-5 : found
        let overlap = -(distance - (radius(of: one) + radius(of: other))) / Self.contactMargin
        // Beyond this the exponential is zero, and so is the force.
        if overlap < -746 { continue }
        let depth = Self.softplus(overlap) * Self.contactMargin
        let (fx, fy) = (
          Self.contactForce * dx / distance * depth, Self.contactForce * dy / distance * depth
        )
        forceX[one] += fx
        forceY[one] += fy
        forceX[other] -= fx
        forceY[other] -= fy
      }
    }
  }

  /// log(1 + eˣ).
  @inline(__always)
  private static func softplus(_ x: Double) -> Double {
    x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
  }

  @inline(__always)
  private func integrate(_ state: UnsafeMutablePointer<Double>, _ player: Int, _ forceX: Double, _ forceY: Double) {
    var (u, v) = (
      state[vx + player] * (1 - Self.damping) + forceX * Self.timeStep,
      state[vy + player] * (1 - Self.damping) + forceY * Self.timeStep
    )
    let (speed, greatest) = ((u * u + v * v).squareRoot(), greatestSpeed(of: player))
    if speed > greatest {
      u = u / speed * greatest
      v = v / speed * greatest
    }
    state[vx + player] = u
    state[vy + player] = v
    guard isLive(player, in: UnsafePointer(state)) else { return }
    state[player] = min(max(state[player] + u * Self.timeStep, -size), size)
    state[players + player] = min(max(state[players + player] + v * Self.timeStep, -size), size)
  }
}
