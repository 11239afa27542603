// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import NeuralNets
import Quantities
import Randomness
import Schema
import Testing
import Workers

/// What a file carries: the numbers as they stand in it, in double precision.
private func table(_ values: [Double], _ name: String = "prior 96-8-5 leaky-relu") -> NumberTable {
  NumberTable(file: "prior.csv", names: [name], columnCount: 1, values: values)
}

/// A shared policy of the small networks here that nobody has drawn.
private let carried: [Float] = (0..<821).map { (index: Int) -> Float in
  let remainder = Float(index % 37)
  return remainder / 100 - 0.15
}

private func soft(_ form: SoftQSettings.Form, from table: NumberTable?) -> SoftQSettings {
  SoftQSettings(
    form: form, priorFrom: table, batch: 16, replay: 50, randomFirst: 30, priorStepSize: 0.01, taskStepSize: 0.01,
    hiddenUnits: [8])
}

private func task(_ environment: EnvironmentDefinition = .twoRoom) -> ControlSettings {
  ControlSettings(environment: environment, tasks: .named(["room-4", "room-5"]), timeLimit: 40)
}

private func bank(_ settings: SoftQSettings) -> SoftQLearning {
  SoftQLearning(
    settings, task: task(), agents: keys(2), learners: 2, testEpisodes: 2, seed: 3, replication: 2, steps: StepPool())
}

private func bank(_ settings: DistralSettings) -> DistralLearning {
  DistralLearning(
    settings, task: task(), agents: keys(2), learners: 2, testEpisodes: 2, seed: 3, replication: 2, steps: StepPool())
}

private func withCritics(
  _ variant: DistralVariant, _ prior: DistralSettings.Prior = .learnt, from table: NumberTable?
) -> DistralSettings {
  DistralSettings(
    variant: variant, prior: prior, priorFrom: table, priorStepSize: 0.01, taskStepSize: 0.01, criticStepSize: 0.01,
    hiddenUnits: [8])
}

/// Takes steps of the first agent, from where it starts, and gives its parameters.
private func steps<Bank: LearnerBank & ~Copyable>(_ count: Int, of bank: borrowing Bank) -> [Float]
where Bank.Scalar == Float {
  var parameters = bank.start(0)
  for attempt in 0..<count {
    let (d, _) = bank.taken(0, attempt: UInt64(attempt), at: parameters)
    for index in d.indices { parameters[index] += d[index] }
  }
  return parameters
}

/// The shared policy of every agent starts as it is carried over, bit for bit; what is an agent's own starts as always.
@Test func theSharedPolicyStartsAsItIsCarriedOver() {
  let from = table(carried.map(Double.init))
  for form in [SoftQSettings.Form.twoColumns(.learnt), .twoColumns(.frozen), .oneColumn(.learnt)] {
    let drawn = bank(soft(.twoColumns(.learnt), from: nil))
    let taken = bank(soft(form, from: from))
    let shared = taken.layout.sharedCount
    for agent in 0..<2 {
      #expect(Array(taken.start(agent).prefix(shared)) == carried)
      #expect(Array(taken.start(agent).dropFirst(shared)) == Array(drawn.start(agent).dropFirst(shared)))
      #expect(Array(drawn.start(agent).prefix(shared)) != carried)
    }
  }
  let drawn = bank(withCritics(.twoColumns, from: nil))
  let taken = bank(withCritics(.twoColumns, from: from))
  #expect(Array(taken.start(1).prefix(carried.count)) == carried)
  #expect(Array(taken.start(1).dropFirst(carried.count)) == Array(drawn.start(1).dropFirst(carried.count)))
}

/// Whoever is given what would have been drawn learns on as if nothing had been given.
@Test func carryingOverWhatIsDrawnChangesNothing() {
  let drawn = bank(soft(.twoColumns(.learnt), from: nil))
  let own = drawn.start(0).prefix(drawn.layout.sharedCount).map { Double($0) }
  #expect(steps(90, of: bank(soft(.twoColumns(.learnt), from: table(own)))) == steps(90, of: drawn))
  let critics = bank(withCritics(.divergenceEntropyTwoColumns, from: nil))
  let theirs = critics.start(0).prefix(critics.layout.sharedCount).map { Double($0) }
  #expect(
    steps(5, of: bank(withCritics(.divergenceEntropyTwoColumns, from: table(theirs)))) == steps(5, of: critics))
}

/// A frozen policy stays as it is, bit for bit, while what is an agent's own learns; one that learns moves.
@Test func aFrozenPolicyStaysAsItIs() {
  let from = table(carried.map(Double.init))
  for form in [SoftQSettings.Form.twoColumns(.frozen), .oneColumn(.frozen), .twoColumns(.learnt)] {
    let bank = bank(soft(form, from: from))
    let (first, last) = (bank.start(0), steps(90, of: bank))
    let isKept = Array(last.prefix(carried.count)) == carried
    #expect(isKept == (form != .twoColumns(.learnt)))
    #expect(Array(last.dropFirst(carried.count)) != Array(first.dropFirst(carried.count)))
  }
  for variant in [DistralVariant.twoColumns, .divergenceOneColumn, .divergenceEntropyTwoColumns] {
    let frozen = steps(5, of: bank(withCritics(variant, .frozen, from: from)))
    let learnt = steps(5, of: bank(withCritics(variant, from: from)))
    #expect(Array(frozen.prefix(carried.count)) == carried)
    #expect(Array(learnt.prefix(carried.count)) != carried)
  }
}

/// A frozen policy is asked: one that goes right with certainty makes agents of two columns go right from the first step on.
@Test func aFrozenPolicyIsAsked() {
  var right = [Double](repeating: 0, count: carried.count)
  right[right.count - 1] = 1000
  let bank = bank(soft(.twoColumns(.frozen), from: table(right)))
  let networks = SoftQNetworks(soft(.twoColumns(.frozen), from: table(right)), tasks: ControlTasks(task()))
  let start = bank.start(0)
  let seen = [Float](repeating: 0, count: 96)
  #expect(networks.probabilities(seen, at: start, ofPrior: true) == [0, 0, 0, 0, 1])
  #expect(networks.probabilities(seen, at: start, ofPrior: false) == [0, 0, 0, 0, 1])
  let uniform = SoftQNetworks(soft(.twoColumns(.uniform), from: nil), tasks: ControlTasks(task()))
  #expect(uniform.probabilities(seen, at: start, ofPrior: true) == nil)
}

/// What is written is read as the same bits, whatever they are.
@Test func filesKeepEveryBit() throws {
  var draws = Draws(StreamKey(seed: 5, replication: 0, purpose: .testEpisode, entity: "bits"), at: 0)
  var values: [Float] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 0.1]
  while values.count < carried.count {
    let value = Float(bitPattern: draws.word())
    if value.isFinite { values.append(value) }
  }
  let facts = LearningPlan(.control(task()), .softQ(soft(.twoColumns(.learnt), from: nil))).facts
  let network = try #require(facts.carriedPrior)
  let lines = network.text(values).split(separator: "\n").map(String.init)
  #expect(lines.count == 1 + values.count && lines[0] == "prior 96-8-5 leaky-relu")
  let read = lines.dropFirst().compactMap { Double($0).map { Float($0) } }
  #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
}

private func fault(_ learner: LearnerSettings, _ environment: EnvironmentDefinition = .twoRoom) -> Fault? {
  LearningPlan(.control(task(environment)), learner).fault
}

@Test func whatIsNotCarriedOverIsRefused() {
  let from = table(carried.map(Double.init))
  #expect(fault(.softQ(soft(.twoColumns(.frozen), from: from))) == nil)
  #expect(fault(.distral(withCritics(.twoColumns, .frozen, from: from))) == nil)
  // Its numbers are not at hand where only results are.
  #expect(fault(.softQ(soft(.twoColumns(.frozen), from: NumberTable(remembering: "p.csv", checksum: "0")))) == nil)
  let wrong: [(LearnerSettings, EnvironmentDefinition, String, String)] = [
    (.softQ(soft(.twoColumns(.frozen), from: nil)), .twoRoom, "prior", "comes from nowhere"),
    (.softQ(soft(.twoColumns(.uniform), from: from)), .twoRoom, "prior-from", "uniform for ever"),
    (
      .softQ(soft(.twoColumns(.learnt), from: from)), .twoRoomCompact, "prior-from",
      "is of a network 96-8-5 leaky-relu, but here it is 3-8-5 leaky-relu"
    ),
    (
      .softQ(soft(.twoColumns(.learnt), from: table([1, 2]))), .twoRoom, "prior-from",
      "has 2 numbers, but a network 96-8-5 leaky-relu has 821"
    ),
    (.softQ(soft(.twoColumns(.learnt), from: table([1], "x"))), .twoRoom, "prior-from", "carries no shared policy"),
    (
      .softQ(soft(.twoColumns(.learnt), from: table(carried.map { Double($0) + 1e300 }))), .twoRoom, "prior-from",
      "too large for single precision"
    ),
    (
      .softQ(soft(.twoColumns(.learnt), from: table(carried.map(Double.init), "prior 96-8-5 tanh"))), .twoRoom,
      "prior-from", "is of a network 96-8-5 tanh"
    ),
    (.distral(withCritics(.ownActor, from: from)), .twoRoom, "prior-from", "has none"),
    (.distral(withCritics(.ownActor, .frozen, from: from)), .twoRoom, "prior", "has none"),
    (.distral(withCritics(.sharedActor, .frozen, from: from)), .twoRoom, "prior", "no other policy to learn"),
  ]
  for (learner, environment, parameter, trouble) in wrong {
    let found = fault(learner, environment)
    #expect(found?.parameter == parameter && found?.trouble.contains(trouble) == true, "\(String(describing: found))")
  }
}
