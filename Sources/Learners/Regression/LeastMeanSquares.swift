// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// Least mean squares on linear regression: w ← w + μ_k u (d − uᵀw), without a factor two. Data are fresh in every
/// step, or so many samples per agent, drawn before the start and used in turn, over and over.
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, section 2.
///
/// *Randomness*: `data` of the agent at the index of the attempt: M standard normals for the regressor, one for the
/// noise. Of n samples, number i is what attempt i would draw.
package struct LeastMeanSquares: ~Copyable, PlainDescentBank {
  package typealias Scalar = Double

  /// What the data of one agent are drawn from.
  struct DataSource: BitwiseCopyable {
    let key: StreamKey
    let noiseDeviation: Double
    let regressorDeviation: Double
    let correlation: Double
  }

  private let inPlace = InPlace()
  package var workPerStep: StepWork { StepWork(samples: 1) }
  private let agents: RegressionAgents
  private let sources: Column<DataSource>
  /// M + 1 normals of the step under way; a run steps its agents one after the other.
  private let normals: Column<Double>
  /// The number of samples that each agent uses over and over; zero where every step has a fresh one.
  private let sampleCount: UInt64
  /// Those samples of all agents, each M numbers of the regressor and the observation d (N × n × (M + 1)).
  private let sampleRows: Column<Double>

  /// The learners of one replication.
  package init(
    _ task: LinearRegressionTask, initial: InitialParameters.Choice, agents: [EntityKey], seed: UInt64,
    replication: UInt32
  ) {
    self.agents = RegressionAgents(task, initial: initial, agents: agents, seed: seed, replication: replication)
    let data = StreamFamily(seed: seed, replication: replication, purpose: .data)
    sources = Column(
      // A fusion centre behind the agents has no data.
      zip(agents, task.noiseVariances.indices).map { agent, rank in
        DataSource(
          key: data.key(agent), noiseDeviation: task.noiseVariances[rank].squareRoot(),
          regressorDeviation: task.regressorVariances[rank].squareRoot(), correlation: task.regressorCorrelations[rank])
      })
    normals = Column(repeating: 0, count: task.dimension + 1)
    sampleCount = UInt64(task.samples ?? 0)
    sampleRows = Column(repeating: 0, count: agents.count * (task.samples ?? 0) * (task.dimension + 1))
    for rank in task.noiseVariances.indices { drawSamples(NodeID(rank)) }
  }

  package var parameterCount: Int { agents.dimension }

  package var bytesHeld: Int { agents.bytesHeld + sampleRows.count * MemoryLayout<Double>.stride }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    agents.initialise(node, into: parameters)
  }

  package func prefetch(_ node: NodeID) {
    prefetchLine(of: sources.base + node.index)
    agents.prefetch(node)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>,
    increment: UnsafeMutablePointer<Double>
  ) {
    let dimension = parameterCount
    if sampleCount > 0 {
      let (sample, gain) = sampleAndGain(step, at: parameters)
      for index in 0..<dimension { increment[index] = gain * sample[index] }
      return
    }
    let regressor = normals.base
    let node = step.node
    drawSample(node, attempt: step.attempt)
    let truth = agents.truth(node)
    var error = sources[node.index].noiseDeviation * regressor[dimension]
    for index in 0..<dimension { error += regressor[index] * (truth[index] - parameters[index]) }
    let gain = agents.stepSize[node.index] * error
    for index in 0..<dimension { increment[index] = gain * regressor[index] }
  }

  package func stepInPlace(
    _ step: LocalStep, at parameters: UnsafeMutablePointer<Double>,
    increment: UnsafeMutablePointer<Double>
  ) -> StepWork {
    if sampleCount > 0 {
      let (sample, gain) = sampleAndGain(step, at: UnsafePointer(parameters))
      for index in 0..<parameterCount { parameters[index] += gain * sample[index] }
      return workPerStep
    }
    begin(step, at: UnsafePointer(parameters), increment: increment)
    for index in 0..<parameterCount { parameters[index] += increment[index] }
    return workPerStep
  }

  /// The sample of an attempt, and the factor with which its regressor is the increment.
  @inline(__always)
  private func sampleAndGain(
    _ step: LocalStep, at parameters: UnsafePointer<Double>
  ) -> (sample: UnsafePointer<Double>, gain: Double) {
    let dimension = parameterCount
    let node = step.node
    let number = step.attempt % sampleCount
    let sample = UnsafePointer(row(of: node, sample: number))
    // All samples together are larger than the cache, and the agent's next one is known.
    let next = number &+ 1 == sampleCount ? row(of: node, sample: 0) : row(of: node, sample: number &+ 1)
    prefetchLines(of: next, bytes: (dimension + 1) * MemoryLayout<Double>.stride)
    let error = sample[dimension] - dotProduct(sample, parameters, count: dimension)
    return (sample, agents.stepSize[node.index] * error)
  }

  /// Draws the samples of an agent that it will use over and over.
  private func drawSamples(_ node: NodeID) {
    for sample in 0..<sampleCount {
      drawSample(node, attempt: sample)
      writeObservation(of: node, to: row(of: node, sample: sample))
    }
  }

  @inline(__always)
  private func row(of node: NodeID, sample: UInt64) -> UnsafeMutablePointer<Double> {
    let number = node.index &* Int(truncatingIfNeeded: sampleCount) &+ Int(truncatingIfNeeded: sample)
    return sampleRows.base + number &* (parameterCount &+ 1)
  }

  /// Draws u with covariance s² ρ^|a−b| (a first-order autoregression along the entries) and a standard normal
  /// behind it for the noise.
  private func drawSample(_ node: NodeID, attempt: UInt64) {
    let dimension = parameterCount
    let source = sources[node.index]
    var draws = Draws(source.key, at: attempt)
    fillStandardNormal(UnsafeMutableBufferPointer(start: normals.base, count: dimension + 1), from: &draws)
    let deviation = source.regressorDeviation
    let rho = source.correlation
    let innovation = deviation * (1 - rho * rho).squareRoot()
    normals[0] *= deviation
    if rho == 0 {
      for index in 1..<max(1, dimension) { normals[index] *= deviation }
    } else {
      for index in 1..<max(1, dimension) { normals[index] = rho * normals[index - 1] + innovation * normals[index] }
    }
  }

  /// The sample of a step: M numbers of the regressor, and the observation d.
  func write(_ step: LocalStep, to sample: UnsafeMutablePointer<Double>) {
    let dimension = parameterCount
    if sampleCount > 0 {
      return sample.update(from: row(of: step.node, sample: step.attempt % sampleCount), count: dimension + 1)
    }
    drawSample(step.node, attempt: step.attempt)
    writeObservation(of: step.node, to: sample)
  }

  /// Writes the regressor that has been drawn, and what is observed of it.
  private func writeObservation(of node: NodeID, to row: UnsafeMutablePointer<Double>) {
    let dimension = parameterCount
    row.update(from: normals.base, count: dimension)
    row[dimension] =
      sources[node.index].noiseDeviation * normals[dimension]
      + dotProduct(UnsafePointer(row), agents.truth(node), count: dimension)
  }

  package func count(_ nodes: [NodeID]) { agents.count(nodes) }

  package func change(_ change: TaskChange, of nodes: [NodeID]) {
    guard case .move(let vector) = change else { preconditionFailure("Minimisers move, and nothing else.") }
    agents.move(nodes, by: vector)
    // What was observed of samples that are used over and over is observed anew.
    let dimension = parameterCount
    for node in nodes {
      for sample in 0..<sampleCount {
        let row = row(of: node, sample: sample)
        for entry in 0..<dimension { row[dimension] += row[entry] * vector[entry] }
      }
    }
  }

  package func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>
  ) throws(RunMemoryFault) { try visitTask(&memory) }

  /// What of the task changes while a run goes on, which is all.
  func visitTask(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try agents.visit(&memory)
    if agents.haveMoved { try memory.column("samples", sampleRows) }
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    agents.squaredErrors(node, at: parameters)
  }
}

/// Σ a b in four interleaved sums, which is several times as fast as one and as good; the order is the same everywhere.
@inline(__always)
private func dotProduct(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
  var sums = SIMD4<Double>.zero
  let whole = count & ~3
  var entry = 0
  while entry < whole {
    let x = UnsafeRawPointer(a + entry).loadUnaligned(as: SIMD4<Double>.self)
    let y = UnsafeRawPointer(b + entry).loadUnaligned(as: SIMD4<Double>.self)
    sums += x * y
    entry += 4
  }
  var sum = (sums.x + sums.z) + (sums.y + sums.w)
  while entry < count {
    sum += a[entry] * b[entry]
    entry += 1
  }
  return sum
}

extension LearnerDefinition {
  /// Least mean squares on one sample a step.
  package static let leastMeanSquares = LearnerDefinition(
    name: "lms", meaning: "least mean squares on one sample a step: w <- w + mu u (d - u'w), without a factor two",
    source: "Sayed, Adaptation, learning, and optimization over networks, 2014, chapter 2",
    parameters: [.stepSize, .initial], tasks: ["linear-regression"], givesGradients: true,
    check: { $0.initialFault },
    facts: { plan in
      var facts = LearnerFacts(regression: plan, isRandom: true)
      facts.samplesPerUpdate = 1
      if let samples = plan.task.linearRegression?.samples {
        facts.memory.samplesPerLearner = 8 * Double(facts.parameterCount + 1) * Double(samples)
      }
      return facts
    },
    make: { context in
      guard let task = context.task as? LinearRegressionTask else { return nil }
      return .double(
        StepBank(
          LeastMeanSquares(
            task, initial: context.settings.initial, agents: context.nodes, seed: context.seed,
            replication: context.replication)))
    })
}
