// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// The random geometric graphs of some agents: independent uniform points of the unit square, linked when at most a
/// radius apart.
///
/// Source: Gilbert, "Random plane networks", 1961; Penrose, "Random geometric graphs", 2003.
struct RandomGeometric {
  private let names: [String]
  private let keys: [StreamKey]
  private let reach: NetworkSettings.Reach

  /// - Throws: for no agents, and a radius or a mean degree that no graph has.
  init(
    agents: Int, reach: NetworkSettings.Reach, seed: UInt64, replication: UInt32
  ) throws(NetworkError) {
    names = try numberedNames(agents)
    switch reach {
    case .radius(let radius):
      guard radius >= 0, radius.isFinite else { throw .radius(radius) }
    case .meanDegree(let degree):
      guard degree >= 0, degree <= Double(agents - 1) else { throw .meanDegree(degree, agents: agents) }
      guard degree * Double(agents) <= Double(Graph.linkLimit) else { throw .tooManyLinks }
    }
    self.reach = reach
    let family = StreamFamily(seed: seed, replication: replication, purpose: .networkPositions)
    keys = names.map { family.key(EntityKey($0)) }
  }

  /// The points of a draw: a pure function of the seed, the replication, each agent's name and the number of the draw.
  func points(ofDraw draw: Int) -> UnitSquarePoints {
    UnitSquarePoints(
      points: keys.map { key in
        var draws = Draws(key, at: UInt64(draw))
        let x = draws.uniform()
        return SIMD2(x, draws.uniform())
      })
  }

  /// The graph of a draw, connected or not.
  func graph(ofDraw draw: Int) throws(NetworkError) -> Graph {
    let points = points(ofDraw: draw)
    var edges: [Graph.Edge] = []
    var fits = true
    if let squaredRadius = squaredRadius(points) {
      points.forEachPair(within: squaredRadius) { first, second, _ in
        edges.append(Graph.Edge(UInt32(first), UInt32(second)))
        fits = 2 * edges.count <= Graph.linkLimit
        return fits
      }
    }
    guard fits else { throw .tooManyLinks }
    return Graph(names: names, edges: edges)
  }

  /// The first connected graph, and how often it was drawn again.
  ///
  /// - Parameter redraws: how often it may be drawn again; a negative number counts as none.
  /// - Throws: when no draw was connected.
  func connectedGraph(redraws: Int) throws(NetworkError) -> (graph: Graph, redraws: Int) {
    var draw = 0
    while true {
      let candidate = try graph(ofDraw: draw)
      let pieces = candidate.pieces().count
      if pieces == 1 { return (candidate, draw) }
      guard draw < redraws else {
        throw .neverConnected(agents: names.count, draws: draw + 1, pieces: pieces, reach: reach)
      }
      draw += 1
    }
  }

  /// The square of the radius that links these points, or nothing when no edge is asked for.
  private func squaredRadius(_ points: UnitSquarePoints) -> Double? {
    switch reach {
    case .radius(let radius):
      return min(radius * radius, 2)
    case .meanDegree(let degree):
      let edges = (degree * Double(names.count) / 2).rounded(.up)
      return points.squaredDistance(ofClosestPair: min(Int(edges), names.count * (names.count - 1) / 2))
    }
  }
}
