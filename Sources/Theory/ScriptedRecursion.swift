// SPDX-License-Identifier: GPL-3.0-or-later

/// The exact mean-square deviation of slotted diffusion while links are cut, agents rest and the common truth moves, all at
/// known slots.
///
/// Between two events the recursion is that of `SlottedRecursion`. A cut link delivers with probability zero, so that its
/// weight returns to the receiver; where both ends know that it is cut, the weights themselves are others. A move of the
/// truth by δ adds δ to every w̃_k = w° - w_k, so that with m = E w̃
///
///     K_kl ← K_kl + m_k δ' + δ m_l' + δ δ',     m_k ← m_k + δ
///
/// and a move that is drawn, with mean zero and covariance (s²/M) I, adds (s²/M) I to every block and leaves m.
package struct ScriptedRecursion: Sendable {
  /// How the common truth moves.
  package enum Move: Sendable, Equatable {
    /// By one known vector of M numbers.
    case by([Double])
    /// By a vector of mean zero, independent of all else, all directions alike; s² is its mean squared length.
    case drawn(meanSquare: Double)
  }

  /// What there is of links and agents.
  package struct Conditions: Sendable, Equatable {
    /// Who gives whom what weight.
    package let combination: CombinationMatrix
    /// η_lk, row by row; zero where a link is cut.
    package let deliveryProbabilities: [Double]
    /// q_k; zero for an agent that is down. Nothing where they stay those of the model.
    package let activeProbabilities: [Double]?

    package init(
      combination: CombinationMatrix, deliveryProbabilities: [Double], activeProbabilities: [Double]? = nil
    ) {
      self.combination = combination
      self.deliveryProbabilities = deliveryProbabilities
      self.activeProbabilities = activeProbabilities
    }
  }

  /// What happens before the steps of a slot begin.
  package struct Event: Sendable, Equatable {
    package let slot: Int
    /// What there is from then on; nothing where it stays as it is.
    package let conditions: Conditions?
    package let moves: [Move]

    package init(slot: Int, conditions: Conditions? = nil, moves: [Move] = []) {
      self.slot = slot
      self.conditions = conditions
      self.moves = moves
    }
  }

  private let model: SlottedRecursion
  private let events: [Event]

  /// - Parameters:
  ///   - model: what holds at the start, when all parameters are zero.
  ///   - events: in rising order of slots.
  /// - Throws: `noClosedForm` for late messages, of which the state remembers more than the present.
  package init(_ model: SlottedRecursion, events: [Event]) throws(TheoryError) {
    guard model.delay == 0 else {
      throw .noClosedForm(reason: "Through a timeline the exact recursion covers messages that are not late only.")
    }
    precondition(zip(events, events.dropFirst()).allSatisfy { $0.slot <= $1.slot }, "Events are in rising order.")
    self.model = model
    self.events = events
  }

  /// The deviations from the present truth at the start of some slots, after what happens then and before the steps.
  ///
  /// - Parameters:
  ///   - slots: in rising order.
  ///   - operationLimit: the most multiplications to wait for.
  /// - Throws: `tooExpensive` beyond the limit.
  package func curve(at slots: [Int], operationLimit: Double = 1e10) throws(TheoryError) -> [MeanSquareDeviation] {
    try curve(at: slots, operationLimit: operationLimit) { $1 }
  }

  /// What is taken from the deviations at the start of some slots.
  ///
  /// - Parameter value: of a position among the slots, and the deviations there.
  package func curve<Value>(
    at slots: [Int], operationLimit: Double, taking value: (Int, MeanSquareDeviation) -> Value
  ) throws(TheoryError) -> [Value] {
    precondition(zip(slots, slots.dropFirst()).allSatisfy { $0 <= $1 }, "Slots are in rising order.")
    guard let last = slots.last else { return [] }
    var course = try Course(model, followsMean: events.contains { $0.movesByKnownVector }, operationLimit)
    var curve: [Value] = []
    var (next, wanted) = (0, 0)
    for slot in 0...last {
      while next < events.count, events[next].slot <= slot {
        try course.happens(events[next])
        next += 1
      }
      while wanted < slots.count, slots[wanted] == slot {
        curve.append(value(wanted, course.state.deviations))
        wanted += 1
      }
      if slot < last { try course.step() }
    }
    return curve
  }
}

extension ScriptedRecursion.Event {
  fileprivate var movesByKnownVector: Bool {
    moves.contains { if case .by = $0 { true } else { false } }
  }
}

extension ScriptedRecursion {
  /// The recursion on its way through events.
  private struct Course {
    /// So many steps about as long as it takes to find coefficients.
    private static let stepsOfSetup = 20.0
    /// Conditions that may come back; the others are made anew.
    private static let mostRemembered = 8

    private let model: SlottedRecursion
    private let followsMean: Bool
    private let operationLimit: Double
    private var operations = 0.0
    private var remembered: [(conditions: Conditions, recursion: any MomentRecursion, mean: [Double])] = []
    private var present: any MomentRecursion
    private var mean: [Double]
    private(set) var state: State

    init(_ model: SlottedRecursion, followsMean: Bool, _ operationLimit: Double) throws(TheoryError) {
      self.model = model
      self.followsMean = followsMean
      self.operationLimit = operationLimit
      present = try model.recursion(usesTraces: model.isWhite, operationLimit: operationLimit)
      mean = followsMean ? present.meanMatrix : []
      state = State(model, size: present.size, moments: present.initialMoments)
      let start = Conditions(
        combination: model.combination, deliveryProbabilities: model.deliveryProbabilities,
        activeProbabilities: model.activeProbabilities)
      remembered.append((start, present, mean))
    }

    mutating func happens(_ event: Event) throws(TheoryError) {
      for move in event.moves { state.move(move) }
      guard let conditions = event.conditions else { return }
      if let known = remembered.first(where: { $0.conditions == conditions }) {
        (present, mean) = (known.recursion, known.mean)
        return
      }
      try spend(Self.stepsOfSetup * present.operationsPerStep + (followsMean ? productOperations(present.size) : 0))
      present = try model.under(conditions).recursion(usesTraces: model.isWhite, operationLimit: operationLimit)
      mean = followsMean ? present.meanMatrix : []
      if remembered.count == Self.mostRemembered { remembered.removeFirst() }
      remembered.append((conditions, present, mean))
    }

    mutating func step() throws(TheoryError) {
      try spend(present.operationsPerStep)
      present.advance(&state.moments)
      if followsMean { state.advanceMean(by: mean) }
    }

    private mutating func spend(_ count: Double) throws(TheoryError) {
      operations += count
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    }
  }

  /// First and second moments of all deviations.
  private struct State {
    let agents: Int
    let dimension: Int
    /// The numbers along one side of a block: M, or one for traces.
    let side: Int
    let size: Int
    /// K, or the traces of its blocks.
    var moments: [Double]
    /// m_k, agent after agent; N × M numbers.
    var mean: [Double]

    init(_ model: SlottedRecursion, size: Int, moments: [Double]) {
      agents = model.costs.agentCount
      dimension = model.costs.dimension
      side = size / agents
      self.size = size
      self.moments = moments
      mean = model.costs.truths
    }

    var deviations: MeanSquareDeviation {
      MeanSquareDeviation(
        agents: (0..<agents).map { agent in
          (agent * side..<(agent + 1) * side).reduce(0) { $0 + moments[$1 * size + $1] }
        })
    }

    /// m ← B m; of traces, where B is alike for all entries of a vector, entry by entry.
    mutating func advanceMean(by matrix: [Double]) {
      let before = mean
      multiply(matrix, before, rows: size, inner: size, columns: dimension / side, into: &mean)
    }

    mutating func move(_ move: Move) {
      switch move {
      case .drawn(let meanSquare):
        for row in 0..<size {
          // Traces of blocks grow by s², entries of their diagonals by s²/M.
          for agent in 0..<agents {
            moments[row * size + agent * side + row % side] += meanSquare / Double(side)
          }
        }
      case .by(let vector):
        for row in 0..<size {
          for column in 0..<size { moments[row * size + column] += added(row, column, vector) }
        }
        for entry in mean.indices { mean[entry] += vector[entry % dimension] }
      }
    }

    /// An entry of m δ' + δ m' + δ δ', or the trace of a block of it.
    private func added(_ row: Int, _ column: Int, _ vector: [Double]) -> Double {
      guard side == 1, dimension > 1 else {
        let (left, right) = (vector[row % dimension], vector[column % dimension])
        return mean[row] * right + left * mean[column] + left * right
      }
      return (0..<dimension).reduce(0) { sum, entry in
        sum + vector[entry] * (mean[row * dimension + entry] + mean[column * dimension + entry] + vector[entry])
      }
    }
  }
}

extension SlottedRecursion {
  /// The same under other conditions.
  fileprivate func under(_ conditions: ScriptedRecursion.Conditions) throws(TheoryError) -> SlottedRecursion {
    try SlottedRecursion(
      costs: costs, stepSizes: stepSizes, noiseVariances: noiseVariances, combination: conditions.combination,
      strategy: strategy, activity: activity,
      activeProbabilities: conditions.activeProbabilities ?? activeProbabilities,
      deliveryProbabilities: conditions.deliveryProbabilities, delay: delay)
  }
}
