// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness

/// A stretch of an agent's way: straight on, and a rest at its end.
package struct Stretch: BitwiseCopyable {
  var from = SIMD2<Double>()
  /// Sides a second.
  var velocity = SIMD2<Double>()
  var begin = VirtualTime.zero
  /// When it is over, and when the next begins.
  var end = VirtualTime.zero
  var next = VirtualTime.zero
  var number: UInt64 = 0
}

/// Where agents are that move on the unit square, as time goes on.
///
/// An agent goes straight on for a stretch, and rests at its end. Nothing of this depends on what agents do.
///
/// *Randomness*: per replication, by agent: `position` at 0 where it starts, at n where the n-th stretch of random waypoints
/// leads; `heading` and `turn` at the number of the stretch its direction and how long it lasts (of random waypoints `turn` is
/// the speed); `pause` likewise. A start that is drawn again has an attempt of its own.
package struct MovingAgents: ~Copyable {
  private let inPlace = InPlace()
  package let settings: MovementSettings
  private let stretches: Column<Stretch>
  private let points: Column<SIMD2<Double>>
  private let positions: Column<StreamKey>
  private let headings: Column<StreamKey>
  private let turns: Column<StreamKey>
  private let pauses: Column<StreamKey>
  package let count: Int

  /// The agents of one replication, at time zero.
  ///
  /// - Parameter redraw: how often the start was drawn before.
  package init(_ settings: MovementSettings, agents: [EntityKey], seed: UInt64, replication: UInt32, redraw: UInt32 = 0)
  {
    func keys(_ purpose: Purpose) -> Column<StreamKey> {
      let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
      return Column(agents.map { family.key($0).attempt(redraw) })
    }
    self.settings = settings
    count = agents.count
    positions = keys(.position)
    headings = keys(.heading)
    turns = keys(.turn)
    pauses = keys(.pause)
    stretches = Column(repeating: Stretch(), count: count)
    points = Column(repeating: SIMD2(), count: count)
    for agent in 0..<count {
      points[agent] = point(agent, 0)
      stretches[agent] = stretch(0, of: agent, from: points[agent], at: .zero)
    }
  }

  // MARK: - Movement

  /// Moves everybody to a time, which never goes back.
  package func move(to time: VirtualTime) {
    for agent in 0..<count {
      while time >= stretches[agent].next {
        let last = stretches[agent]
        stretches[agent] = stretch(last.number + 1, of: agent, from: place(of: last, at: last.end), at: last.next)
      }
      points[agent] = place(of: stretches[agent], at: time)
    }
  }

  /// Where an agent is.
  package func position(_ agent: Int) -> SIMD2<Double> { points[agent] }

  private func place(of stretch: Stretch, at time: VirtualTime) -> SIMD2<Double> {
    let seconds = Double((min(time, stretch.end) - stretch.begin).nanoseconds) / 1e9
    let place = stretch.from + stretch.velocity * seconds
    return settings.movement == .randomDirection ? place - place.rounded(.down) : place
  }

  private func point(_ agent: Int, _ number: UInt64) -> SIMD2<Double> {
    var draws = Draws(positions[agent], at: number)
    let x = draws.uniform()
    return SIMD2(x, draws.uniform())
  }

  private func stretch(_ number: UInt64, of agent: Int, from: SIMD2<Double>, at begin: VirtualTime) -> Stretch {
    var stretch = Stretch(from: from, begin: begin, number: number)
    switch settings.movement {
    case .randomDirection:
      let angle = 2 * Double.pi * headings[agent].uniform(at: number)
      let crossing = settings.crossing.isConstant ? settings.crossing.mean : crossing(agent, number)
      stretch.velocity = SIMD2(cos(angle), sin(angle)) / crossing
      stretch.end = settings.turn.map { later(begin, by: $0.sample(turns[agent], at: number)) } ?? .never
      stretch.next = stretch.end
    case .randomWaypoint:
      let way = point(agent, number + 1) - from
      let seconds = (way * way).sum().squareRoot() * crossing(agent, number)
      stretch.velocity = seconds > 0 ? way / seconds : SIMD2()
      stretch.end = later(begin, by: seconds)
      stretch.next = settings.pause.map { later(stretch.end, by: $0.sample(pauses[agent], at: number)) } ?? stretch.end
    }
    return stretch
  }

  private func crossing(_ agent: Int, _ number: UInt64) -> Double {
    // Of random directions `turn` says how long they last, so the speed is drawn beside the heading.
    let key = settings.movement == .randomDirection ? headings[agent].attempt(.max) : turns[agent]
    return settings.crossing.sample(key, at: number)
  }

  /// A time after another one, by a nanosecond at least: agents that stand still do so for a while.
  private func later(_ time: VirtualTime, by seconds: Double) -> VirtualTime {
    guard time < .never else { return .never }
    return time + max(.nanosecond, VirtualDuration(seconds: seconds))
  }

  // MARK: - Who is near whom

  /// The squared distance of two agents; the shorter way round where opposite sides are joined.
  private func squaredDistance(_ first: Int, _ second: Int) -> Double {
    var gap = points[first] - points[second]
    gap.x = abs(gap.x)
    gap.y = abs(gap.y)
    if settings.movement == .randomDirection { gap = pointwiseMin(gap, 1 - gap) }
    return gap.x * gap.x + gap.y * gap.y
  }

  /// Whether each two agents are linked: row by row, N × N.
  package func links() -> [Bool] {
    let squaredRadius: Double
    switch settings.reach {
    case .radius(let radius): squaredRadius = radius * radius
    case .meanDegree(let degree): squaredRadius = squaredRadiusOf(degree)
    }
    var near = [Bool](repeating: false, count: count * count)
    for first in 0..<count {
      for second in first + 1..<max(first + 1, count) where squaredDistance(first, second) <= squaredRadius {
        near[first * count + second] = true
        near[second * count + first] = true
      }
    }
    return near
  }

  /// The square of the smallest radius that gives at least a mean degree.
  private func squaredRadiusOf(_ degree: Double) -> Double {
    let edges = min(Int((degree * Double(count) / 2).rounded(.up)), count * (count - 1) / 2)
    guard edges > 0 else { return -1 }
    var distances: [Double] = []
    distances.reserveCapacity(count * (count - 1) / 2)
    for first in 0..<count {
      for second in first + 1..<max(first + 1, count) { distances.append(squaredDistance(first, second)) }
    }
    return distances.sorted()[edges - 1]
  }

  /// The graph of those who are linked now.
  package func graph(names: [String]) -> Graph {
    let near = links()
    let edges = allPairs(0..<UInt32(count)).filter { near[Int($0.first) * count + Int($0.second)] }
    return Graph(names: names, edges: edges, positions: (0..<count).map { points[$0] })
  }

  package func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("ways of agents", stretches)
    try memory.column("places of agents", points)
  }
}

extension MovingAgents {
  /// The agents of a replication of settings; nothing where nobody moves. Where the graph has to be connected at the start,
  /// it is drawn again until it is.
  ///
  /// - Throws: if it never is.
  package static func start(
    _ settings: NetworkSettings, names: [String], keys: [EntityKey], seed: UInt64, replication: UInt32
  ) throws(NetworkError) -> MovingAgents? {
    guard let movement = MovementSettings(settings.topology) else { return nil }
    for redraw in 0...UInt32(max(0, settings.redraws)) {
      let agents = MovingAgents(movement, agents: keys, seed: seed, replication: replication, redraw: redraw)
      guard settings.requiresConnection else { return agents }
      let pieces = agents.graph(names: names).pieces().count
      if pieces == 1 { return agents }
      if redraw == UInt32(max(0, settings.redraws)) {
        throw .neverConnected(
          title: "mobile", agents: names.count, draws: Int(redraw) + 1, pieces: pieces,
          remedy: "radius or mean degree")
      }
    }
    return nil
  }
}
