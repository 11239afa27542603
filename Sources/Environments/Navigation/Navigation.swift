// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// Flies through corridors without touching a wall, by what a row of distance sensors reads.
///
/// ## Description
/// A vehicle moves on by 0.4 m with every step and can only turn. Tasks differ in their maps (`NavigationMap`) and in what
/// sensors make of a distance there, as lighting and the colour of walls do; far is brighter than near in all. The least
/// circle that it can fly, of radius 1.09 m, does not fit into a corridor.
///
/// It stands in for the simulated buildings of the paper, which need a renderer: a plane, rays instead of pictures, and five
/// headings. The step and the angles of turns are those of the platform; the maps are not.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021, section 5.2;
/// Anwar and Raychowdhury, "Autonomous navigation via deep reinforcement learning for resource constraint edge nodes using
/// transfer learning", 2020 (PEDRA).
///
/// ## Actions
/// One of five choices a: the heading turns by (a − 2) 10.6° + u 1.77°, u uniform in (−1, 1); then the vehicle moves on.
///
/// ## Observations
/// | number | observation | range |
/// |---|---|---|
/// | 0 to 15 | reading of the ray at −45° + (i + ½) 5.625° from the heading: gain · (d / 10 m)^power + bias, with normal noise of deviation 0.01, cut off | 0 to 1 |
///
/// ## Rewards
/// −1 for a crash; else the mean of the two least distances along the eight rays in the middle, as a share of 10 m: true ones,
/// not readings.
///
/// ## Start
/// At one of eight poses of the map, each as probable as the others, with the heading up to 15° to either side.
///
/// ## Episode end
/// Terminated by a crash: a wall less than 0.25 m from where the vehicle is. Truncated after 500 steps.
///
/// *Randomness*: the start draws the pose, the heading, and the key of a stream from which step t takes at index t the number
/// of its turn and a normal number for each ray; the first readings take theirs at index 0. So what a step draws depends on
/// the start and on how many came before it, and on nothing that the vehicle did.
package struct Navigation: DiscreteControlTask, Equatable {
  /// What the future of an episode depends on.
  package struct State: BitwiseCopyable, Sendable, Equatable {
    package var pose: NavigationMap.Pose
    /// Of the stream of turns and readings.
    fileprivate var noise: StreamKey
    fileprivate var steps: UInt64
    /// As the agent sees them.
    package var readings: SIMD16<Float>
  }

  package static var choiceCount: Int { 5 }
  package static var observationCount: Int { NavigationWalls.rayCount }
  package static var timeLimit: Int { 500 }

  /// The deviation of a reading.
  package static let readingNoise = 0.01

  /// The position of the map.
  package let map: Int
  private let walls: NavigationWalls
  private let rules: NavigationRules
  private let appearance: NavigationMap.Appearance

  /// The task of a map.
  package init(map number: Int) {
    map = number
    rules = .usual
    walls = NavigationWalls(
      NavigationMap.all[number].segments, offsets: NavigationRules.usualOffsets, range: rules.range)
    appearance = NavigationMap.all[number].appearance
  }

  package static func == (left: Navigation, right: Navigation) -> Bool { left.map == right.map }

  package func start(_ draws: inout Draws) -> State {
    let poses = NavigationMap.all[map].poses
    var pose = poses[Int(draws.integer(below: UInt32(poses.count)))]
    pose.heading += draws.uniform(from: -rules.startJitter, to: rules.startJitter)
    let key = StreamKey(drawnFrom: &draws)
    var state = State(pose: pose, noise: key, steps: 0, readings: .zero)
    var noise = Draws(key, at: 0)
    state.readings = readings(of: walls.depths(from: pose), &noise)
    return state
  }

  package func step(_ state: inout State, choice: Int) -> Transition {
    state.steps &+= 1
    var draws = Draws(state.noise, at: state.steps)
    rules.move(&state.pose, choice: choice, noise: 2 * draws.uniform() - 1)
    let depths = walls.depths(from: state.pose)
    state.readings = readings(of: depths, &draws)
    guard walls.clearance(at: state.pose) >= rules.crashRadius else {
      return Transition(reward: -1, isTerminated: true)
    }
    return Transition(reward: reward(of: depths), isTerminated: false)
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: State, into observation: UnsafeMutablePointer<Scalar>
  ) {
    for ray in 0..<NavigationWalls.rayCount { observation[ray] = Scalar(state.readings[ray]) }
  }

  // MARK: - Parts of a step

  /// The reward of a step that leads to where these are the distances, unless it crashes.
  @inline(__always)
  private func reward(of depths: NavigationWalls.Depths) -> Double {
    var (least, second) = (Double.infinity, Double.infinity)
    for ray in NavigationWalls.rayCount / 4..<NavigationWalls.rayCount * 3 / 4 {
      let depth = depths[ray]
      second = min(second, max(least, depth))
      least = min(least, depth)
    }
    return rules.reward(least: least, second: second)
  }

  /// What the agent sees.
  private func readings(of depths: NavigationWalls.Depths, _ draws: inout Draws) -> SIMD16<Float> {
    var readings = SIMD16<Float>.zero
    withUnsafeTemporaryAllocation(of: Double.self, capacity: NavigationWalls.rayCount) { noise in
      fillStandardNormal(noise, from: &draws)
      for ray in 0..<NavigationWalls.rayCount {
        let level = appearance.level(ofShare: depths[ray] / rules.range)
        readings[ray] = Float(min(max(level + Self.readingNoise * noise[ray], 0), 1))
      }
    }
    return readings
  }
}

extension EnvironmentDefinition {
  /// A vehicle in corridors.
  package static let navigation: EnvironmentDefinition = {
    let tasks = NavigationMap.all.indices.map { Navigation(map: $0) }
    var definition = EnvironmentDefinition(
      name: "navigation",
      meaning: "a vehicle flies through corridors by its distance sensors and must not touch a wall",
      source: "after Zeng et al., A decentralized policy gradient approach to multi-task reinforcement learning, 2021, "
        + "section 5.2",
      single: tasks[0], grid: tasks, observationNames: (0..<NavigationWalls.rayCount).map { "ray_\($0)" },
      taskName: { NavigationMap.all[$0.map].name }, timeStep: { _ in 0.4 },
      returnBound: { .init(Double($0), "less than 1 for each of at most \(counted($0, "step"))") })
    definition.stepLength = NavigationRules.usual.step
    return definition
  }()
}
