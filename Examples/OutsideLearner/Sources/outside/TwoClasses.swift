// SPDX-License-Identifier: GPL-3.0-or-later
import StarlingKit

/// Points of two classes, both equally probable: x = y m u + n, where y is 1 or −1, m the distance of the means from the
/// origin, u a unit vector that is drawn once per study, and n normal noise of variance one in every coordinate.
///
/// *Randomness*: `truth` of "direction" at index 0 for u; a point takes a uniform number and M normal ones.
struct TwoClasses: DrawnTask {
  /// M.
  let dimension: Int
  /// m u (M).
  private let mean: [Double]
  /// The points that agents are tested with, the same in all replications: of each agent so many, each M numbers and
  /// its class (N × T × (M + 1)).
  private(set) var tests: [Double] = []

  /// T.
  static let testCount = 500

  init(_ arguments: Arguments, _ draw: TaskDraw) {
    let dimension = arguments.count("dimension")
    let truth = StreamFamily(seed: draw.seed, replication: draw.replication, purpose: .truth)
    var draws = Draws(truth.key(EntityKey("direction")), at: 0)
    var direction = [Double](repeating: 0, count: dimension)
    direction.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let distance = arguments.number("distance") ?? 1
    self.dimension = dimension
    mean = direction.map { distance * $0 / length }
    let keys = StreamFamily(seed: draw.seed, replication: draw.replication, purpose: .taskParameters)
    let point = Column(repeating: 0.0, count: dimension)
    for agent in draw.agents {
      for number in 0..<Self.testCount {
        let label = self.point(keys.key(agent), at: UInt64(number), into: point)
        tests += UnsafeBufferPointer(start: point.base, count: dimension)
        tests.append(label)
      }
    }
  }

  /// Draws a point (M numbers).
  ///
  /// - Returns: its class, 1 or −1.
  func point(_ key: StreamKey, at index: UInt64, into point: borrowing Column<Double>) -> Double {
    var draws = Draws(key, at: index)
    let label = draws.uniform() < 0.5 ? -1.0 : 1.0
    fillStandardNormal(UnsafeMutableBufferPointer(start: point.base, count: dimension), from: &draws)
    for entry in 0..<dimension { point[entry] += label * mean[entry] }
    return label
  }
}

extension TaskDefinition {
  /// Two classes.
  static let twoClasses = TaskDefinition(
    name: "two-classes", meaning: "points of two normal classes, to be told apart by a plane through the origin",
    parameters: [
      Parameter("dimension", .count(1...1_000_000), "number of parameters M", example: "10"),
      Parameter(
        "distance", .number(.positive), "of the means of the classes from the origin, in standard deviations",
        .otherwise(.number(1))),
    ], usualLearner: "logistic",
    facts: { arguments in
      var facts = TaskFacts(
        parameterCount: arguments.count("dimension"), minimisers: .shared,
        closedForm: .none("Logistic regression has no closed form."))
      facts.bytesPerAgent = 8 * Double(TwoClasses.testCount * (arguments.count("dimension") + 1))
      return facts
    },
    draw: { arguments, draw in TwoClasses(arguments, draw) })
}
