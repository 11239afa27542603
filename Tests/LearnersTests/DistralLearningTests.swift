// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Quantities
import Randomness
import Testing
import Workers

private let timeLimit = 25

private func settings(
  _ variant: DistralVariant, optimiser: ActorCriticSettings.OptimiserRule = .gradientDescent, stepSize: Double = 1
) -> DistralSettings {
  DistralSettings(
    variant: variant, priorStepSize: stepSize, taskStepSize: stepSize, criticStepSize: stepSize, hiddenUnits: [8],
    optimiser: optimiser)
}

private func bank(_ settings: DistralSettings, nodes: Int = 2) -> DistralLearning {
  DistralLearning(
    settings, task: ControlSettings(environment: .twoRoom, tasks: .named(["room-4", "room-5"]), timeLimit: timeLimit),
    agents: keys(nodes), learners: 2, testEpisodes: 2, seed: 3, replication: 2, steps: StepPool())
}

/// What the formulas say of one episode, in double precision: gradients of h, f and V.
private func plainGradients(
  _ variant: DistralVariant, agent: Int, attempt: Int, at w: [Double]
) -> (h: [Double], f: [Double], v: [Double]) {
  let plain = PlainDistral(Room.journeys[agent], keys(2)[agent], hidden: [8], timeLimit: timeLimit)
  let critic = Perceptron<Double>(layerSizes: [Room.observationCount, 8, 1], activation: .leakyRectifier)
  let count = plain.network.parameterCount
  let ownCount = variant == .sharedActor ? 0 : count
  let (h, f, v) = (Array(w[..<count]), Array(w[count..<count + ownCount]), Array(w[(count + ownCount)...]))
  let alpha: Double =
    switch variant {
    case .sharedActor, .ownActor, .twoColumns: 0
    case .divergenceOneColumn, .divergenceTwoColumns: 1
    default: 0.8
    }
  let factors: (h: Double, f: Double) =
    switch variant {
    case .sharedActor: (1, 0)
    case .twoColumns: (1, 1)
    case .divergenceTwoColumns, .divergenceEntropyTwoColumns: (alpha, 5)
    default: (0, 1)
    }
  func policy(_ seen: [Double]) -> [Double] {
    let shared = plain.network.outputs(seen, at: h)
    let own = ownCount == 0 ? shared : plain.network.outputs(seen, at: f)
    return plain.logSoftmax(zip(shared, own).map { factors.h * $0 + factors.f * $1 })
  }
  var noise = plain.draws(.actionNoise, attempt)
  var player = plain
  while !player.act({ seen in plain.action(policy(seen), noise.uniform()) }) {}
  let rows = player.transitions
  let inputs = rows.flatMap(\.seen)
  let chosen = rows.map { policy($0.seen) }
  let prior = rows.map { plain.logSoftmax(plain.network.outputs($0.seen, at: h)) }
  let errors = rows.indices.map { index in
    let row = rows[index]
    let paid = row.reward + alpha / 5 * prior[index][row.action] - chosen[index][row.action] / 5
    let next = row.isTerminal ? 0 : 0.95 * critic.outputs(row.next, at: v)[0]
    return paid + next - critic.outputs(row.seen, at: v)[0]
  }
  func gradient(_ network: Perceptron<Double>, _ at: [Double], _ entry: (_ row: Int, _ output: Int) -> Double)
    -> [Double]
  {
    guard !at.isEmpty else { return [] }
    return network.lossAndGradient(inputs, at: at) { _, gradient in
      for row in rows.indices {
        for output in 0..<network.outputCount { gradient[row * network.outputCount + output] = entry(row, output) }
      }
      return 0
    }.gradient
  }
  func pull(_ row: Int, _ action: Int) -> Double {
    errors[row] * (exp(chosen[row][action]) - (rows[row].action == action ? 1 : 0))
  }
  return (
    gradient(plain.network, h) { row, action in
      let distilled = exp(chosen[row][action]) - exp(prior[row][action])
      let shared = variant == .ownActor ? 0 : factors.h * pull(row, action)
      return shared - alpha / 5 * pow(0.95, Double(row)) * distilled
    }, gradient(plain.network, f) { factors.f * pull($0, $1) }, gradient(critic, v) { row, _ in -errors[row] }
  )
}

/// Gradient descent with step size one, so that an increment is the gradient turned round. Single precision: rounding in
/// each of a few hundred operations, and factors of five.
@Test(arguments: DistralVariant.allCases) func aStepIsThatOfThePlainFormulas(variant: DistralVariant) {
  let bank = bank(settings(variant))
  for (agent, attempt) in [(0, 0), (1, 5)] {
    let w = bank.start(agent)
    let (d, work) = bank.taken(agent, attempt: UInt64(attempt), at: w)
    let turned = d.map { -Double($0) }
    let plain = plainGradients(variant, agent: agent, attempt: attempt, at: w.map { Double($0) })
    let (first, second) = (plain.h.count, plain.h.count + plain.f.count)
    if variant == .ownActor {
      #expect(turned[..<first].allSatisfy { $0 == 0 })
    } else {
      #expect(shareOfLargest(plain.h, Array(turned[..<first])) < 1e-4)
    }
    if variant != .sharedActor { #expect(shareOfLargest(plain.f, Array(turned[first..<second])) < 1e-4) }
    #expect(shareOfLargest(plain.v, Array(turned[second...])) < 1e-4)
    #expect(work.episodes == 1 && work.samples == work.environmentSteps && work.samples <= UInt64(timeLimit))
  }
}

/// h is all that is sent; what agents have of their own follows.
@Test(arguments: DistralVariant.allCases) func onlyThePriorIsShared(variant: DistralVariant) {
  let names = bank(settings(variant)).layout.blocks.map { ($0.name, $0.isShared) }
  let own = variant == .sharedActor ? [("critic", false)] : [("task-policy", false), ("critic", false)]
  #expect(names.map(\.0) == ["prior"] + own.map(\.0) && names.map(\.1) == [true] + own.map(\.1))
}

/// Where another node makes the step of the shared policy, the step ends with its gradient, and with the increments of what
/// is the agent's own; and a step that is given up has never been.
@Test func stepsEndForCentresAndCrashes() {
  let made = settings(.divergenceEntropyTwoColumns, optimiser: .adam, stepSize: 0.01)
  let whole = bank(made, nodes: 3)
  let parts = bank(made, nodes: 3)
  let w = whole.start(0)
  var lost = w
  lost.withUnsafeMutableBufferPointer {
    parts.begin(LocalStep(NodeID(0), attempt: 7), at: w, increment: $0.baseAddress!)
  }
  parts.abandon(NodeID(0))
  for attempt in 0..<4 as Range<UInt64> {
    let d = whole.taken(0, attempt: attempt, at: w).d
    var vector = d
    vector.withUnsafeMutableBufferPointer { buffer in
      parts.begin(LocalStep(NodeID(0), attempt: attempt), at: w, increment: buffer.baseAddress!)
      _ = parts.finishGradient(NodeID(0))
    }
    let shared = whole.layout.sharedCount
    #expect(vector[..<shared] != d[..<shared] && vector[shared...] == d[shared...])
    vector.withUnsafeMutableBufferPointer { parts.turnIntoIncrement($0.baseAddress!, of: NodeID(2)) }
    #expect(vector == d)
  }
}

/// What was written down goes on as if nothing had been.
@Test func whatActorsKeepCanBeWrittenDown() throws {
  let made = settings(.divergenceEntropyTwoColumns, optimiser: .adam, stepSize: 0.01)
  let first = bank(made)
  let second = bank(made)
  let w = first.start(0)
  for attempt in 0..<5 as Range<UInt64> { _ = first.taken(0, attempt: attempt, at: w) }
  var increments = [Float](repeating: 0, count: 2 * w.count)
  var written = RunMemory()
  try increments.withUnsafeMutableBufferPointer { try first.visit(&written, increments: $0.baseAddress!) }
  var memory = RunMemory(reading: written.content)
  try increments.withUnsafeMutableBufferPointer { try second.visit(&memory, increments: $0.baseAddress!) }
  try memory.end()
  #expect(first.taken(0, attempt: 5, at: w).d == second.taken(0, attempt: 5, at: w).d)
  first.forget(NodeID(0))
  #expect(first.taken(0, attempt: 6, at: w).d != second.taken(0, attempt: 6, at: w).d)
}
