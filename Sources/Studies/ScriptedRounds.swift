// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Simulation
import Theory

/// The rounds or slots of an arm with what its timeline does before which of them.
///
/// What happens at the start of a round holds for all of it, and a measurement at that time sees it. In rounds everything
/// changes at their ends; in slots that is not so, therefore measurements are at starts of slots.
struct ScriptedRounds {
  /// How long each lasts.
  let length: VirtualDuration
  private let settings: SimulationSettings
  private let world: World
  private let loss: Double
  private let course: ScriptedCourse

  /// - Throws: `noClosedForm` where rounds do not last equally long, or something happens within one.
  init(_ settings: SimulationSettings, _ world: World, _ rounds: Rounds) throws(TheoryError) {
    self.settings = settings
    self.world = world
    loss = rounds.loss
    guard let length = settings.constantRound else {
      throw .noClosedForm(
        reason: "How many \(rounds.unit)s come before what the timeline does is not known, as they do not all last "
          + "the same time.")
    }
    self.length = length
    do {
      course = try ScriptedCourse(settings, in: world)
    } catch {
      throw .noClosedForm(reason: "\(error)")
    }
    func isAtStart(_ duration: VirtualDuration) -> Bool { length * Int(duration.count(of: length)) == duration }
    if let instant = course.instants.first(where: { !isAtStart($0.time.sinceStart) }) {
      throw .noClosedForm(
        reason: "The recursion knows starts of \(rounds.unit)s only, and \(instant.names[0]) comes or ends within one.")
    }
    guard settings.strategy.timing != .slotted || isAtStart(settings.measurement.every) else {
      throw .noClosedForm(reason: "The recursion knows starts of slots only, and measurements come within them.")
    }
  }

  private func time(_ point: Int) -> VirtualTime { VirtualTime(settings.measurement.every * point) }

  /// The round that begins with each measurement, or is under way.
  var slots: [Int] {
    (0..<settings.measurement.gridCount).map { Int(time($0).sinceStart.count(of: length)) }
  }

  // MARK: - What happens

  /// What happens before which round.
  ///
  /// - Throws: `noClosedForm` where weights of the present graph cannot be made.
  func events(dimension: Int) throws(TheoryError) -> [ScriptedRecursion.Event] {
    var events: [ScriptedRecursion.Event] = []
    if let start = start(dimension) { events.append(.init(slot: 0, moves: [start])) }
    var present: ScriptedCourse.Instant?
    for instant in course.instants {
      let isSame = present?.isCut ?? none == instant.isCut && present?.isAway ?? none == instant.isAway
      events.append(
        .init(
          slot: Int(instant.time.sinceStart.count(of: length)), links: isSame ? nil : try links(instant),
          moves: instant.changes.compactMap { $0.move(dimension) }))
      present = instant
    }
    return events
  }

  private var none: [Bool] { Array(repeating: false, count: world.network.linkCount) }

  /// Agents that all start at one point are as far from the truth as agents at zero are from one that has moved.
  private func start(_ dimension: Int) -> ScriptedRecursion.Move? {
    switch settings.learner.initial {
    case .constant(let number) where number != 0: .by(Array(repeating: -number, count: dimension))
    case .entries(let numbers): .by(numbers.map { -$0 })
    case .constant, .values, .normal: nil
    }
  }

  private func links(_ instant: ScriptedCourse.Instant) throws(TheoryError) -> ScriptedRecursion.Links {
    let network = world.network
    let count = network.nodeCount
    var arriving = [Double](repeating: 1 - loss, count: count * count)
    for link in instant.isCut.indices where instant.isCut[link] {
      arriving[network.senders[link].index * count + network.receivers[link].index] = 0
    }
    guard instant.isAway.contains(true) else {
      return .init(combination: CombinationMatrix(network), deliveryProbabilities: arriving)
    }
    do {
      let weights = try world.presentWeights(settings, isAway: instant.isAway)
      var values = [Double](repeating: 0, count: count * count)
      for agent in 0..<count { values[agent * count + agent] = weights.own[agent] }
      for link in 0..<network.linkCount {
        values[network.senders[link].index * count + network.receivers[link].index] = weights.links[link]
      }
      return .init(
        combination: CombinationMatrix(count: count, values: values), deliveryProbabilities: arriving)
    } catch {
      throw .noClosedForm(reason: "\(error)")
    }
  }

  // MARK: - What is measured

  /// The curve of the deviations at `slots`.
  func curve(_ deviations: [Double]) -> PredictedCurve {
    let measurement = settings.measurement
    let points = deviations.enumerated().map { point, deviation in
      PredictedCurve.Point(time: time(point).seconds, deviation: deviation)
    }
    let start = measurement.windowStart(end: VirtualTime(measurement.until))
    let window = points.indices.filter { time($0) >= start }
    let mean = window.reduce(0) { $0 + points[$1].deviation / Double(window.count) }
    return PredictedCurve(points: points, marks: marks(points), finalWindow: mean)
  }

  private func marks(_ points: [PredictedCurve.Point]) -> [PredictedCurve.Point] {
    var marked = Set<Int>()
    for instant in course.instants {
      let (moment, every) = (instant.time.sinceStart, settings.measurement.every)
      let point = Int(moment.count(of: every))
      if instant.changes.isEmpty {
        marked.insert(point)
      } else {
        let isOnGrid = every * point == moment
        marked.formUnion([isOnGrid ? point - 1 : point, isOnGrid ? point : point + 1])
      }
    }
    return marked.sorted().filter(points.indices.contains).map { points[$0] }
  }
}

extension ScriptedTaskChange {
  /// What it does to a common truth of so many numbers, if it does anything.
  fileprivate func move(_ dimension: Int) -> ScriptedRecursion.Move? {
    switch self {
    case .distance(let distance): .drawn(meanSquare: distance * distance)
    case .walk(let deviation): .drawn(meanSquare: deviation * deviation * Double(dimension))
    case .by(let vector): .by(vector)
    case .shift: nil
    }
  }
}
