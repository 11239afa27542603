// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Records
import Statistics

/// Measures a run on its grid of virtual time and keeps the rows.
struct Recorder: ~Copyable {
  /// What a row holds, in this order.
  private let metrics: [MetricDefinition]
  /// Where each of what is measured is in a row, if it is.
  private let columns: [Int?]
  /// Where in a row is what the run does not measure by itself, and so its learner.
  private let learnerColumns: [Int]
  /// Those that the fingerprint covers: all but what records measure.
  private let foldedColumns: [Int]
  private let energy: EnergySettings?
  /// Those of them that are kept of every agent.
  private let keptColumns: [Int]
  private let every: VirtualDuration
  private let capacity: Int
  /// One row of all metrics per measurement.
  private let values: Column<Double>
  private let times: Column<VirtualTime>
  private(set) var count = 0
  /// The averages of the parameters over live and over all agents.
  private let liveMean: Column<Double>
  private let mean: Column<Double>
  /// The value of each agent, while something is measured.
  private let agentValues: Column<Double>
  /// The squared error or the return of each agent at the last measurement, and behind them what else is kept of every
  /// agent; and sums over the final window.
  private let last: Column<Double>
  private let windowSums: Column<Double>
  private let windowStart: VirtualTime
  private var windowCount = 0
  /// In how many of its measurements each agent was there.
  private let windowCounts: Column<UInt32>

  init(_ settings: MeasurementSettings, metrics: [MetricDefinition], dimension: Int, agents: Int) {
    self.metrics = metrics
    let columns = Measured.allCases.map { measured in
      metrics.firstIndex { $0.name == measured.definition.name }
    }
    self.columns = columns
    learnerColumns = metrics.indices.filter { !columns.contains($0) }
    keptColumns = learnerColumns.filter { metrics[$0].isKeptPerAgent }
    foldedColumns = metrics.indices.filter { !MetricDefinition.besideRuns.contains(metrics[$0]) }
    energy = settings.records.energy
    every = settings.every
    capacity = settings.gridCount
    values = Column(repeating: 0, count: capacity * metrics.count)
    times = Column(repeating: .zero, count: capacity)
    liveMean = Column(repeating: 0, count: dimension)
    mean = Column(repeating: 0, count: dimension)
    agentValues = Column(repeating: 0, count: agents)
    last = Column(repeating: 0, count: agents * (1 + keptColumns.count))
    windowSums = Column(repeating: 0, count: agents * (1 + keptColumns.count))
    windowCounts = Column(repeating: 0, count: agents)
    windowStart = settings.windowStart(end: VirtualTime(settings.until))
  }

  /// When the next measurement is due, or nothing after the last.
  var nextTime: VirtualTime? { count < capacity ? VirtualTime(every * count) : nil }

  /// Measures the committed parameters and adds the bits of every metric to the fingerprint.
  ///
  /// - Parameter masses: of push-sum (`Cooperation.masses`); nothing where none are measured.
  mutating func measure<Scalar>(_ run: inout RunState<Scalar>, masses: PushSumMasses? = nil) {
    if run.now >= windowStart { windowCount += 1 }
    if areReturns { measureReturns(run) } else if areErrors { measureErrors(run) }
    for column in learnerColumns { measureByLearner(column, run) }
    if windowCount > 0 { addToWindow(run) }
    measureDisagreement(run)
    store(.age, meanAge(run))
    store(.updates, Double(run.updates) / Double(run.agentCount))
    store(.episodes, Double(run.episodes) / Double(run.agentCount))
    store(.samples, Double(run.samples))
    store(.messages, Double(run.departures))
    store(.bytes, Double(run.fates.bytes))
    store(.available, Double(run.liveAgents) / Double(run.memberCount))
    if let masses {
      store(.mass, masses.mean)
      store(.massLeast, masses.least)
    }
    if let energy { store(.joules, run.joules(energy)) }
    for column in foldedColumns {
      run.scheduler.fold(values[count * metrics.count + column].bitPattern)
    }
    times[count] = run.now
    count += 1
  }

  /// Adds what was measured of the agents that are there.
  private func addToWindow<Scalar>(_ run: borrowing RunState<Scalar>) {
    let agents = agentValues.count
    for rank in 0..<agents where run.present.has(NodeID(rank)) {
      windowCounts[rank] += 1
      for place in stride(from: rank, to: last.count, by: agents) { windowSums[place] += last[place] }
    }
  }

  private func store(_ metric: Measured, _ value: Double) {
    guard let column = columns[metric.rawValue] else { return }
    values[count * metrics.count + column] = canonical(value)
  }

  private func measureErrors<Scalar>(_ run: borrowing RunState<Scalar>) {
    var live = SquaredErrors()
    var all = live
    for rank in 0..<run.agentCount where run.present.has(NodeID(rank)) {
      let node = NodeID(rank)
      let errors = run.learner.squaredErrors(node, at: run.row(node))
      last[rank] = errors.toNetworkOptimum
      all.toNetworkOptimum += errors.toNetworkOptimum
      all.toOwnMinimiser += errors.toOwnMinimiser
      if run.agents[rank].isUp {
        live.toNetworkOptimum += errors.toNetworkOptimum
        live.toOwnMinimiser += errors.toOwnMinimiser
      }
    }
    let count = Double(run.memberCount)
    store(.msd, live.toNetworkOptimum / Double(run.liveAgents))
    store(.ownMSD, live.toOwnMinimiser / Double(run.liveAgents))
    store(.msdAll, all.toNetworkOptimum / count)
    store(.ownMSDAll, all.toOwnMinimiser / count)
  }

  /// Tests the policies; crashed agents count in `return-all` only.
  private func measureReturns<Scalar>(_ run: borrowing RunState<Scalar>) {
    run.learner.testReturns(at: count, of: UnsafePointer(run.parameters.base), into: agentValues)
    let ranks = (0..<agentValues.count).filter { run.present.has(NodeID($0)) }
    for rank in ranks { last[rank] = agentValues[rank] }
    let all = ranks.map { agentValues[$0] }
    let live = ranks.filter { run.agents[$0].isUp }.map { agentValues[$0] }
    let sorted = SortedSample(live)
    store(.testReturn, sorted?.median ?? .nan)
    store(.lowerQuartileReturn, sorted?.quantile(0.25) ?? .nan)
    store(.upperQuartileReturn, sorted?.quantile(0.75) ?? .nan)
    store(.interquartileMeanReturn, sorted?.interquartileMean ?? .nan)
    store(.meanReturn, live.reduce(0, +) / Double(live.count))
    store(.testReturnAll, SortedSample(all)?.median ?? .nan)
    guard columns[Measured.everyTaskReturn.rawValue] != nil,
      let returns = run.learner.taskReturns(at: count, of: UnsafePointer(run.parameters.base))?.returns
    else { return }
    let means = returns.indices.filter { run.agents[$0].isUp }.map { rank in
      returns[rank].reduce(0, +) / Double(returns[rank].count)
    }
    store(.everyTaskReturn, means.reduce(0, +) / Double(means.count))
  }

  /// Has the learner measure what the run does not measure by itself.
  private func measureByLearner<Scalar>(_ column: Int, _ run: borrowing RunState<Scalar>) {
    let metric = metrics[column]
    run.learner.measure(metric, at: count, of: UnsafePointer(run.parameters.base), into: agentValues)
    let ranks = (0..<run.agentCount).filter {
      run.present.has(NodeID($0)) && (metric.scope == .allAgents || run.agents[$0].isUp)
    }
    let value = (metric.overAgents ?? .mean).value(of: ranks.map { agentValues[$0] })
    values[count * metrics.count + column] = canonical(value)
    guard let place = keptColumns.firstIndex(of: column) else { return }
    for rank in 0..<run.agentCount where run.present.has(NodeID(rank)) {
      last[(1 + place) * run.agentCount + rank] = agentValues[rank]
    }
  }

  private func measureDisagreement<Scalar>(_ run: borrowing RunState<Scalar>) {
    let dimension = run.layout.sharedCount
    liveMean.base.update(repeating: 0, count: dimension)
    mean.base.update(repeating: 0, count: dimension)
    // Averages of distances to the first agent: a constant network has disagreement zero exactly.
    let first = run.row(NodeID((0..<run.agentCount).first { run.present.has(NodeID($0)) } ?? 0))
    for rank in 0..<run.agentCount where run.present.has(NodeID(rank)) {
      let parameters = run.row(NodeID(rank))
      let isUp = run.agents[rank].isUp
      for entry in 0..<dimension {
        let distance = Double(parameters[entry]) - Double(first[entry])
        mean[entry] += distance
        if isUp { liveMean[entry] += distance }
      }
    }
    let count = Double(run.memberCount)
    var live = 0.0
    var all = 0.0
    for rank in 0..<run.agentCount where run.present.has(NodeID(rank)) {
      let parameters = run.row(NodeID(rank))
      for entry in 0..<dimension {
        let distance = Double(parameters[entry]) - Double(first[entry])
        let toMean = distance - mean[entry] / count
        all += toMean * toMean
        if run.agents[rank].isUp {
          let toLiveMean = distance - liveMean[entry] / Double(run.liveAgents)
          live += toLiveMean * toLiveMean
        }
      }
    }
    store(.disagreement, live / Double(run.liveAgents))
    store(.disagreementAll, all / count)
  }

  /// The mean age of the newest estimate of each link that has brought one to a live agent; what a fusion centre has of
  /// its agents is none.
  private func meanAge<Scalar>(_ run: borrowing RunState<Scalar>) -> Double {
    var sum = 0.0
    var count = 0
    for link in 0..<run.topology.linkCount {
      let receiver = run.topology.receivers[link].index
      guard receiver < run.agentCount, run.agents[receiver].isUp, let birth = run.mailboxes.newestBirth(link) else {
        continue
      }
      sum += Double((run.now - birth).nanoseconds)
      count += 1
    }
    return sum / Double(count) / 1e9
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.value("measurements", &count)
    guard 0...capacity ~= count else { throw RunMemoryFault("it has more measurements than the run") }
    try memory.values("measured", values.base, count: count * metrics.count)
    try memory.values("times of measurements", times.base, count: count)
    try memory.column("last measured", last)
    try memory.column("sums over the final window", windowSums)
    try memory.value("measurements in the final window", &windowCount)
    try memory.column("measurements of each agent in it", windowCounts)
  }

  /// Whether masses of push-sum are measured.
  var areMasses: Bool {
    columns[Measured.mass.rawValue] != nil || columns[Measured.massLeast.rawValue] != nil
  }

  /// Bytes of all rows and of means over agents.
  var bytesHeld: Int {
    (values.count + times.count + mean.count + liveMean.count) * MemoryLayout<Double>.stride
  }

  /// Whether the returns of agents' policies are measured.
  var areReturns: Bool { columns[Measured.testReturn.rawValue] != nil }

  /// Whether squared errors of agents are measured.
  private var areErrors: Bool { columns[Measured.msd.rawValue] != nil }

  /// What is kept of each agent: means over the final window, or what was measured last before it.
  func agentFinals() -> [AgentFinals] {
    let agents = agentValues.count
    func final(_ position: Int) -> Double {
      let count = windowCounts[position % agents]
      return count > 0 ? windowSums[position] / Double(count) : last[position]
    }
    return (0..<agents).map { rank in
      let further = keptColumns.enumerated().map { place, column in
        (metrics[column].name, final((1 + place) * agents + rank))
      }
      return AgentFinals(
        squaredError: areErrors ? final(rank) : nil, testReturn: areReturns ? final(rank) : nil,
        further: further.isEmpty ? nil : Dictionary(uniqueKeysWithValues: further))
    }
  }

  /// The grid and the series as they are kept.
  func series() -> (grid: [Double], series: [RunRecord.Series]) {
    let series = metrics.indices.map { column in
      RunRecord.Series(
        metric: metrics[column].name, values: (0..<count).map { values[$0 * metrics.count + column] })
    }
    return ((0..<count).map { times[$0].seconds }, series)
  }
}

/// What results keep of one agent.
struct AgentFinals {
  var squaredError: Double?
  var testReturn: Double?
  /// By the names of the metrics.
  var further: [String: Double]?
}

extension MetricDefinition.OverAgents {
  /// What becomes of the values of agents; not a number where there are none.
  func value(of values: [Double]) -> Double {
    switch self {
    case .mean: values.reduce(0, +) / Double(values.count)
    case .median: SortedSample(values)?.median ?? .nan
    case .maximum: SortedSample(values)?.values.last ?? .nan
    case .quantile(let level): SortedSample(values)?.quantile(level) ?? .nan
    }
  }
}

/// One bit pattern for every NaN, so that fingerprints agree.
func canonical(_ value: Double) -> Double { value.isNaN ? .nan : value }

extension MeasurementSettings {
  /// The number of points of the grid: 0, `every`, 2 `every`, … up to `until`.
  package var gridCount: Int { Int(until.count(of: every)) + 1 }

  /// From when on a run that ends at `end` counts for the final metrics.
  package func windowStart(end: VirtualTime) -> VirtualTime { VirtualTime(end.sinceStart.scaled(by: 1 - finalWindow)) }
}

/// What a run measures by itself, as numbers, by which a column is found without a search at every measurement.
private enum Measured: Int, CaseIterable {
  case age, updates, episodes, samples, messages, bytes, available, msd, ownMSD, msdAll, ownMSDAll
  case testReturn, lowerQuartileReturn, upperQuartileReturn, interquartileMeanReturn, meanReturn
  case testReturnAll, everyTaskReturn, disagreement, disagreementAll, joules, mass, massLeast

  var definition: MetricDefinition {
    switch self {
    case .age: .age
    case .updates: .updates
    case .episodes: .episodes
    case .samples: .samples
    case .messages: .messages
    case .bytes: .bytes
    case .available: .available
    case .msd: .msd
    case .ownMSD: .ownMSD
    case .msdAll: .msdAll
    case .ownMSDAll: .ownMSDAll
    case .testReturn: .testReturn
    case .lowerQuartileReturn: .lowerQuartileReturn
    case .upperQuartileReturn: .upperQuartileReturn
    case .interquartileMeanReturn: .interquartileMeanReturn
    case .meanReturn: .meanReturn
    case .testReturnAll: .testReturnAll
    case .everyTaskReturn: .everyTaskReturn
    case .disagreement: .disagreement
    case .disagreementAll: .disagreementAll
    case .joules: .joules
    case .mass: .mass
    case .massLeast: .massLeast
    }
  }
}
