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
    // Who hears nobody, or speaks to nobody, does not wait for what travels.
    let isSilent = (0..<world.network.nodeCount).contains { agent in
      world.network.outgoing(NodeID(agent)).isEmpty || world.network.incoming(NodeID(agent)).isEmpty
    }
    if settings.strategy.timing.hasRounds, isSilent, world.latencies.law.mean > 0 {
      throw .noClosedForm(reason: "Some agents have nobody to wait for, so that their rounds are shorter.")
    }
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

  /// Which agents each measurement counts: those that are up.
  ///
  /// - Throws: `noClosedForm` where nobody is.
  func liveAgents() throws(TheoryError) -> [[Int]] {
    let everybody = Array(0..<world.agentCount)
    var (live, next) = (everybody, 0)
    var lists: [[Int]] = []
    for point in 0..<settings.measurement.gridCount {
      while next < course.instants.count, course.instants[next].time <= time(point) {
        live = everybody.filter { !course.instants[next].isDown[$0] }
        next += 1
      }
      guard !live.isEmpty else { throw .noClosedForm(reason: "At times nobody is up whose error could be measured.") }
      lists.append(live)
    }
    return lists
  }

  // MARK: - What happens

  /// What happens before which round.
  ///
  /// - Throws: `noClosedForm` where weights of the present graph cannot be made.
  ///
  /// - Parameter activeProbabilities: of agents that are up; nothing where agents take no steps.
  func events(dimension: Int, activeProbabilities: [Double]?) throws(TheoryError) -> [ScriptedRecursion.Event] {
    var events: [ScriptedRecursion.Event] = []
    if let start = start(dimension) { events.append(.init(slot: 0, moves: [start])) }
    for (position, instant) in course.instants.enumerated() {
      let changes = position > 0 ? !instant.hasConditions(of: course.instants[position - 1]) : instant.hasConditions
      events.append(
        .init(
          slot: Int(instant.time.sinceStart.count(of: length)),
          conditions: changes ? try conditions(instant, activeProbabilities) : nil,
          moves: instant.changes.compactMap { $0.move(dimension) }))
    }
    return events
  }

  /// Agents that all start at one point are as far from the truth as agents at zero are from one that has moved.
  private func start(_ dimension: Int) -> ScriptedRecursion.Move? {
    switch settings.learner.initial {
    case .constant(let number) where number != 0: .by(Array(repeating: -number, count: dimension))
    case .entries(let numbers): .by(numbers.map { -$0 })
    case .constant, .values, .normal: nil
    }
  }

  private func conditions(
    _ instant: ScriptedCourse.Instant, _ activeProbabilities: [Double]?
  ) throws(TheoryError) -> ScriptedRecursion.Conditions {
    let network = world.network
    let count = network.nodeCount
    var arriving = [Double](repeating: 1 - loss, count: count * count)
    for link in 0..<network.linkCount {
      let (sender, receiver) = (network.senders[link].index, network.receivers[link].index)
      // Who is down neither sends nor combines.
      if instant.isCut[link] || instant.isDown[sender] || instant.isDown[receiver] {
        arriving[sender * count + receiver] = 0
      }
    }
    return .init(
      combination: try combination(without: instant.isAway), deliveryProbabilities: arriving,
      activeProbabilities: activeProbabilities.map { all in all.indices.map { instant.isDown[$0] ? 0 : all[$0] } })
  }

  private func combination(without isAway: [Bool]) throws(TheoryError) -> CombinationMatrix {
    let network = world.network
    guard isAway.contains(true), settings.strategy.facts.combinesNeighbourhood else {
      return CombinationMatrix(network)
    }
    do {
      let weights = try world.presentWeights(settings, isAway: isAway)
      let count = network.nodeCount
      var values = [Double](repeating: 0, count: count * count)
      for agent in 0..<count { values[agent * count + agent] = weights.own[agent] }
      for link in 0..<network.linkCount {
        values[network.senders[link].index * count + network.receivers[link].index] = weights.links[link]
      }
      return CombinationMatrix(count: count, values: values)
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

  private func marks(_ points: [PredictedCurve.Point]) -> [PredictedCurve.Mark] {
    var marks: [PredictedCurve.Mark] = []
    var isDown = [Bool](repeating: false, count: world.agentCount)
    for instant in course.instants {
      let (moment, every) = (instant.time.sinceStart, settings.measurement.every)
      // A jump, of the truth or of who counts, shows from its time on; anything else from then on only.
      let jumps = !instant.changes.isEmpty || instant.isDown != isDown
      isDown = instant.isDown
      let upTo = Int(moment.count(of: every))
      let point = jumps && every * upTo != moment ? upTo + 1 : upTo
      guard points.indices.contains(point) else { continue }
      let mark = PredictedCurve.Mark(
        time: points[point].time, deviation: points[point].deviation,
        before: jumps && point > 0 ? points[point - 1].deviation : nil)
      // Of several instants between two measurements one is enough.
      if marks.last?.time == mark.time {
        if jumps { marks[marks.count - 1] = mark }
      } else {
        marks.append(mark)
      }
    }
    return marks
  }
}

extension ScriptedCourse.Instant {
  /// Whether anything is not as it was at the start.
  fileprivate var hasConditions: Bool { (isCut + isAway + isDown).contains(true) }

  /// Whether links and agents are as at another instant.
  fileprivate func hasConditions(of other: ScriptedCourse.Instant) -> Bool {
    isCut == other.isCut && isAway == other.isAway && isDown == other.isDown
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
