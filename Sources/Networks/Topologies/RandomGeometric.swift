// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

extension TopologyDefinition {
  /// Agents at random points of the unit square, linked when at most a radius apart.
  package static let randomGeometric = TopologyDefinition(
    name: "random-geometric",
    meaning: "agents at random points of the unit square, linked when close",
    parameters: [
      .agents,
      Parameter(
        "radius", .number(Bounds(lower: 0, includesLower: false, upper: 1.5)),
        "agents of the unit square hear each other at this distance", .alternative),
      .meanDegree,
    ],
    examples: [
      Arguments(["agents": .count(1), "radius": .number(0.1)]),
      Arguments(["agents": .count(20), "radius": .number(0.5)]),
      Arguments(["agents": .count(30), "mean-degree": .number(5)]),
    ],
    links: { arguments in
      let agents = Double(arguments.count("agents"))
      switch reach(arguments) {
      case .meanDegree(let degree): return agents * degree
      case .radius(let radius): return agents * min(agents - 1, (agents - 1) * Double.pi * radius * radius)
      }
    },
    check: meanDegreeFault,
    remedy: { largerReach(reach($0)) },
    graph: { (arguments, draw) throws(NetworkError) -> Graph in
      try RandomGeometric(
        agents: arguments.count("agents"), reach: reach(arguments), seed: draw.seed, replication: draw.replication
      ).graph(ofDraw: draw.number)
    })
}

extension NetworkSettings {
  /// How far agents of a random geometric graph hear each other.
  package enum Reach: Sendable, Equatable {
    /// A distance in the unit square.
    case radius(Double)
    /// The radius is the smallest that gives at least this mean degree on the points drawn.
    case meanDegree(Double)
  }
}

extension NetworkSettings.Topology {
  /// Agents at random points of the unit square, linked when close.
  package static func randomGeometric(agents: Int, reach: NetworkSettings.Reach) -> Self {
    switch reach {
    case .radius(let radius): Self(.randomGeometric, Arguments(["agents": .count(agents), "radius": .number(radius)]))
    case .meanDegree(let degree):
      Self(.randomGeometric, Arguments(["agents": .count(agents), "mean-degree": .number(degree)]))
    }
  }
}

private func reach(_ arguments: Arguments) -> NetworkSettings.Reach {
  arguments.number("radius").map { .radius($0) } ?? .meanDegree(arguments.number("mean-degree") ?? 0)
}

/// What to enlarge, with its present value.
private func largerReach(_ reach: NetworkSettings.Reach) -> String {
  switch reach {
  case .radius(let radius): "radius than \(radius)"
  case .meanDegree(let degree): "mean degree than \(degree)"
  }
}

extension NetworkError {
  /// A random geometric graph that was in several pieces every time it was drawn.
  package static func neverConnected(
    agents: Int, draws: Int, pieces: Int, reach: NetworkSettings.Reach
  ) -> NetworkError {
    .neverConnected(
      title: TopologyDefinition.randomGeometric.title, agents: agents, draws: draws, pieces: pieces,
      remedy: largerReach(reach))
  }
}

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
    return Graph(names: names, edges: edges, positions: points.points)
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
