// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Quantities
import Randomness
import Records
import Testing
import Workers

/// Small networks, which learn from the thirtieth step on.
private func small(
  _ form: SoftQSettings.Form, optimiser: ActorCriticSettings.OptimiserRule = .adam, steps: Int = 1,
  targetSteps: Int = 1, actingSharpness: Double? = nil, stepSize: Double = 0.01
) -> SoftQSettings {
  SoftQSettings(
    form: form, actingSharpness: actingSharpness, targetSteps: targetSteps, batch: 16, replay: 50, randomFirst: 30,
    stepsPerUpdate: steps, priorStepSize: stepSize, taskStepSize: stepSize, hiddenUnits: [8], optimiser: optimiser)
}

private let rooms = ["room-4", "room-5"]

private func bank(
  _ settings: SoftQSettings, rooms: [String] = rooms, agents: [EntityKey] = keys(2), nodes: Int? = nil,
  steps: StepPool = StepPool()
) -> SoftQLearning {
  SoftQLearning(
    settings, task: ControlSettings(environment: .twoRoom, tasks: .named(rooms), timeLimit: 60), agents: agents,
    learners: nodes ?? agents.count, testEpisodes: 2, seed: 3, replication: 2, steps: steps)
}

/// The agents of a bank, who take steps and nothing else, each from where its last one led.
private struct Walk: ~Copyable {
  let bank: SoftQLearning
  var parameters: [[Float]]
  private(set) var works: [StepWork] = []

  init(_ bank: consuming SoftQLearning, agents: Int = 2) {
    var starts: [[Float]] = []
    for agent in 0..<agents { starts.append(bank.start(agent)) }
    parameters = starts
    self.bank = bank
  }

  mutating func step(_ agent: Int, _ attempt: Int) {
    let (d, work) = bank.taken(agent, attempt: UInt64(attempt), at: parameters[agent])
    for index in d.indices { parameters[agent][index] += d[index] }
    works.append(work)
  }

  mutating func steps(_ attempts: Range<Int>, agents: Int = 2) {
    for attempt in attempts { for agent in 0..<agents { step(agent, attempt) } }
  }

  /// What actions are worth to an agent.
  func own(_ agent: Int) -> [Float] { Array(parameters[agent][bank.layout.sharedCount...]) }
}

/// With a prior that is uniform for ever, Distral is soft Q-learning, bit for bit: what actions are worth, and what agents do.
@Test(arguments: [1, 3]) func distralWithAUniformPriorIsSoftQLearning(steps: Int) {
  var distral = Walk(bank(small(.twoColumns(.uniform), steps: steps, targetSteps: steps)))
  var alone = Walk(bank(small(.alone, steps: steps, targetSteps: steps)))
  let prior = distral.parameters[0][..<distral.bank.layout.sharedCount]
  distral.steps(0..<150)
  alone.steps(0..<150)
  for agent in 0..<2 {
    #expect(distral.own(agent) == alone.parameters[agent])
    #expect(distral.parameters[agent][..<prior.count] == prior)
    #expect(alone.parameters[agent] != alone.bank.start(agent))
  }
  #expect(distral.works == alone.works)
}

/// Agents that nobody tells anything are single ones: with two in a run each does what it does alone.
@Test func agentsThatCombineNothingAreSingleOnes() {
  var both = Walk(bank(small(.twoColumns(.learnt))))
  both.steps(0..<120)
  for agent in 0..<2 {
    var single = Walk(bank(small(.twoColumns(.learnt)), rooms: [rooms[agent]], agents: [keys(2)[agent]]), agents: 1)
    single.steps(0..<120, agents: 1)
    #expect(single.parameters[0] == both.parameters[agent])
  }
  #expect(both.parameters[0] != both.parameters[1])
}

/// What is sent is as long as the network of the prior; an agent alone has what actions are worth to send.
@Test func whatIsSharedIsThePriorAndNothingElse() {
  let distral = bank(small(.twoColumns(.learnt)))
  let alone = bank(small(.alone))
  let own = alone.parameterCount
  #expect(distral.layout == StepLayout([.shared("prior", own), .own("task-policy", own)]))
  #expect(alone.layout == StepLayout([.shared("task-policy", own)]))
  let facts = LearningPlan(
    .control(ControlSettings(environment: .twoRoom, tasks: .named(rooms))), .softQ(small(.twoColumns(.learnt)))
  ).facts
  #expect(facts.layout == distral.layout && facts.bytesPerParameter == 4)
}

/// Gradient descent with step size one: an increment is the gradient turned round. Where another node makes the step of the
/// shared policy, the step ends with its gradient, and with the same increment of what is the agent's own.
@Test func aStepForACentreEndsWithTheGradientOfThePrior() {
  let settings = small(.twoColumns(.learnt), optimiser: .gradientDescent, stepSize: 1)
  var walk = Walk(bank(settings, agents: keys(3), nodes: 2))
  var other = Walk(bank(settings, agents: keys(3), nodes: 2))
  walk.steps(0..<40)
  other.steps(0..<40)
  let shared = walk.bank.layout.sharedCount
  let (d, _) = walk.bank.taken(0, attempt: 40, at: walk.parameters[0])
  var vector = [Float](repeating: .nan, count: d.count)
  vector.withUnsafeMutableBufferPointer { buffer in
    let base = buffer.baseAddress!
    other.bank.begin(LocalStep(NodeID(0), attempt: 40), at: other.parameters[0], increment: base)
    _ = other.bank.finishGradient(NodeID(0))
  }
  #expect(Array(vector[..<shared]) == d[..<shared].map { -$0 })
  #expect(vector[shared...] == d[shared...])
  // The centre is the third node.
  vector.withUnsafeMutableBufferPointer { other.bank.turnIntoIncrement($0.baseAddress!, of: NodeID(2)) }
  #expect(vector == d)
  #expect(d[..<shared].contains { $0 != 0 } && d[shared...].contains { $0 != 0 })
}

/// A step that a crash took has never been: neither the world nor the transitions nor the moments know of it.
@Test(arguments: [5, 35, 80]) func aStepThatIsGivenUpLeavesNoTrace(at crash: Int) throws {
  let settings = small(.twoColumns(.learnt), steps: 2)
  var walk = Walk(bank(settings))
  var other = Walk(bank(settings))
  walk.steps(0..<crash)
  other.steps(0..<crash)
  var lost = [Float](repeating: 0, count: walk.parameters[0].count)
  lost.withUnsafeMutableBufferPointer { buffer in
    for attempt in crash..<crash + 3 {
      walk.bank.begin(
        LocalStep(NodeID(0), attempt: UInt64(attempt)), at: walk.parameters[0], increment: buffer.baseAddress!)
      if attempt == crash { _ = walk.bank.work(of: NodeID(0)) }
      walk.bank.abandon(NodeID(0))
    }
  }
  for attempt in crash + 3..<crash + 60 {
    walk.step(0, attempt)
    other.step(0, attempt)
  }
  #expect(walk.parameters[0] == other.parameters[0])
  var first = RunMemory()
  var second = RunMemory()
  try walk.bank.visit(&first, of: NodeID(0))
  try other.bank.visit(&second, of: NodeID(0))
  #expect(first.content == second.content)
}

/// What was written down goes on as if nothing had been.
@Test func whatAgentsKeepCanBeWrittenDown() throws {
  let settings = small(.twoColumns(.learnt))
  var walk = Walk(bank(settings))
  walk.steps(0..<70)
  var increments = [Float](repeating: 0, count: 2 * walk.parameters[0].count)
  var written = RunMemory()
  try increments.withUnsafeMutableBufferPointer { try walk.bank.visit(&written, increments: $0.baseAddress!) }
  var other = Walk(bank(settings))
  var memory = RunMemory(reading: written.content)
  try increments.withUnsafeMutableBufferPointer { try other.bank.visit(&memory, increments: $0.baseAddress!) }
  try memory.end()
  other.parameters = walk.parameters
  walk.steps(70..<110)
  other.steps(70..<110)
  #expect(walk.parameters == other.parameters)
}

/// An agent that forgets everything begins its life anew, with uniform actions at first.
@Test func forgettingStartsAfresh() {
  let settings = small(.twoColumns(.learnt))
  var walk = Walk(bank(settings))
  walk.steps(0..<70)
  walk.bank.forget(NodeID(0))
  let before = walk.parameters[0]
  for attempt in 70..<99 { walk.step(0, attempt) }
  #expect(walk.parameters[0] == before)
  walk.step(0, 99)
  #expect(walk.parameters[0] != before)
}

/// Whoever helps, the bits are the same.
@Test func threadsThatHelpChangeNothing() {
  let settings = small(.oneColumn(.learnt), actingSharpness: 6)
  var alone = Walk(bank(settings))
  alone.steps(0..<60)
  let pool = StepPool()
  let helped = bank(settings, steps: pool)
  let done = Flag()
  let threads = (0..<3).map { _ in
    let thread = Thread { pool.help { done.isSet } }
    thread.start()
    return thread
  }
  var parameters = (0..<2).map { helped.start($0) }
  var increments = parameters
  for attempt in 0..<60 {
    for agent in 0..<2 {
      increments[agent].withUnsafeMutableBufferPointer { buffer in
        helped.begin(
          LocalStep(NodeID(agent), attempt: UInt64(attempt)), at: parameters[agent], increment: buffer.baseAddress!)
      }
    }
    for agent in 0..<2 {
      _ = helped.finish(NodeID(agent))
      for index in increments[agent].indices { parameters[agent][index] += increments[agent][index] }
    }
  }
  done.set()
  pool.wake()
  withExtendedLifetime(threads) {}
  #expect(parameters == alone.parameters)
}

/// Says threads to stop.
private final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var value = false
  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }
}

/// Gradient descent with step size one, so that an increment is the gradient turned round: what agents do while they act
/// uniformly and then by both columns, and the gradients of a batch, are those of the plain formulas. Single precision.
@Test(arguments: [0, 1]) func aStepIsThatOfThePlainFormulasOnTheSameBatch(agent: Int) {
  let bank = bank(small(.twoColumns(.learnt), optimiser: .gradientDescent, stepSize: 1))
  let plain = PlainDistral(Room.journeys[agent], keys(2)[agent], hidden: [8], timeLimit: 60)
  var player = plain
  let w = bank.start(agent)
  let split = bank.layout.sharedCount
  let (prior, worths) = (w[..<split].map { Double($0) }, w[split...].map { Double($0) })
  for attempt in 0..<90 {
    var noise = plain.draws(.actionNoise, attempt)
    player.act { seen in
      guard attempt >= 30 else { return Int(noise.integer(below: 5)) }
      let shared = plain.logSoftmax(plain.network.outputs(seen, at: prior))
      let own = plain.network.outputs(seen, at: worths)
      return plain.action(plain.logSoftmax(zip(shared, own).map { 0.8 * $0 + 5 * $1 }), noise.uniform())
    }
    let (d, work) = bank.taken(agent, attempt: UInt64(attempt), at: w)
    guard attempt >= 29 else {
      #expect(d.allSatisfy { $0 == 0 } && work.gradientSamples == 0)
      continue
    }
    var draws = plain.draws(.replay, attempt)
    let present = min(50, player.transitions.count)
    let rows = (0..<16).map { _ in
      player.transitions[player.transitions.count - 1 - Int(draws.integer(below: UInt32(present)))]
    }
    let expected = plain.softGradients(rows, prior: prior, worths: worths)
    let turned = d.map { -Double($0) }
    #expect(shareOfLargest(expected.prior, Array(turned[..<split])) < 1e-4)
    #expect(shareOfLargest(expected.worths, Array(turned[split...])) < 1e-4)
    #expect(work.gradientSamples == 16 && work.samples == 1)
  }
}
