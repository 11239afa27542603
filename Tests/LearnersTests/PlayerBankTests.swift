// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import NeuralNets
import Quantities
import Randomness
import Records
import Testing
import Workers

/// Little of everything, so that much happens soon.
private func small(
  relations: PlayerSettings.Relations = .endToEnd, share: PlayerSettings.Share = .all
) -> PlayerSettings {
  var settings = PlayerSettings()
  settings.relations = relations
  settings.share = share
  settings.sizes = PlayerSizes(skills: 3, keyUnits: 3, valueUnits: 4, hiddenUnits: 5, encoderUnits: 4)
  (settings.samples, settings.batch, settings.replay) = (2, 16, 100)
  (settings.environments, settings.updates) = (2, 2)
  return settings
}

private let grassland = TaskSettings.particles(
  .grassland, players: [2, 3], wolves: [1, 2], unseen: [4], sight: 0.8, timeLimit: 10)
private let collecting = TaskSettings.particles(.foodCollect, players: [2, 3], unseen: [6], timeLimit: 10)

private func made(_ settings: PlayerSettings, _ task: TaskSettings = grassland) throws -> PlayerBank {
  PlayerBank(
    settings, task: try #require(task.particles), agents: keys(2), learners: 2, testEpisodes: 3, seed: 3,
    replication: 1, steps: StepPool())
}

private func started(_ bank: borrowing PlayerBank, _ node: Int) -> [Float] {
  var parameters = [Float](repeating: .nan, count: bank.parameterCount)
  bank.initialise(NodeID(node), into: &parameters)
  return parameters
}

/// Takes whole steps of an agent.
private func take(
  _ attempts: [Int], of agent: Int = 0, in bank: borrowing PlayerBank, at w: inout [Float],
  abandoning lost: Set<Int> = []
) -> [StepWork] {
  var increment = [Float](repeating: .nan, count: w.count)
  var works: [StepWork] = []
  for attempt in attempts {
    increment.withUnsafeMutableBufferPointer { buffer in
      bank.begin(LocalStep(NodeID(agent), attempt: UInt64(attempt)), at: w, increment: buffer.baseAddress!)
      if lost.contains(attempt) {
        // As a crash after everything has been computed.
        _ = bank.work(of: NodeID(agent))
        bank.abandon(NodeID(agent))
      } else {
        works.append(bank.finish(NodeID(agent)))
      }
    }
    if !lost.contains(attempt) { for entry in w.indices { w[entry] += increment[entry] } }
  }
  return works
}

/// Neither steps that are replayed nor moments are left of a step that a crash took.
@Test(arguments: [PlayerSettings.Relations.fixed, .endToEnd])
func aStepOfPlayersThatIsGivenUpLeavesNoTrace(relations: PlayerSettings.Relations) throws {
  let first = try made(small(relations: relations))
  let second = try made(small(relations: relations))
  var (w, v) = (started(first, 0), started(second, 0))
  let works = take(Array(0..<9), in: first, at: &w, abandoning: [3, 4, 7])
  let others = take([0, 1, 2, 5, 6, 8], in: second, at: &v)
  #expect(w == v && works == others && w != started(first, 0) && w.allSatisfy { $0.isFinite })
  #expect(works.allSatisfy { $0.episodes == 2 && $0.samples == 20 && $0.gradientSamples == 64 })
}

/// With `fixed` what players gain moves no relations: of rewards that are ten times as large these, and the task encoder, learn
/// nothing else. With `end-to-end` they do.
@Test func fixedRelationsKnowNoRewards() throws {
  func learnt(_ relations: PlayerSettings.Relations, scale: Double) throws -> (relations: [Float], policies: [Float]) {
    var settings = small(relations: relations)
    settings.rewardScale = scale
    // With moves so small, the actions that relations are judged by are the same.
    if relations == .fixed { settings.stepSize = 1e-6 }
    let bank = try made(settings, collecting)
    var w = started(bank, 0)
    _ = take([0], in: bank, at: &w)
    let heads = 2 * settings.networks(of: try #require(collecting.particles)).attending.parameterCount
    return (Array(w[heads...]), Array(w[..<heads]))
  }
  let (one, ten) = (try learnt(.fixed, scale: 0.1), try learnt(.fixed, scale: 1))
  #expect(one.relations == ten.relations && one.policies != ten.policies)
  let (less, more) = (try learnt(.endToEnd, scale: 0.1), try learnt(.endToEnd, scale: 1))
  #expect(less.relations != more.relations)
}

/// A role that a task does not have gets no gradient: there is none on a meadow without wolves.
@Test func aRoleThatIsNotThereLearnsNothing() throws {
  let task = TaskSettings.particles(.grassland, players: [2, 2], wolves: [0, 1], timeLimit: 10)
  let bank = try made(small(), task)
  let start = started(bank, 0)
  let count = small().networks(of: try #require(task.particles)).attending.parameterCount
  var (w, v) = (start, start)
  _ = take([0, 1], of: 0, in: bank, at: &w)
  _ = take([0, 1], of: 1, in: bank, at: &v)
  // Policies of wolf and sheep, then their critics.
  for role in [0, 2] {
    let block = role * count..<(role + 1) * count
    #expect(w[block] == start[block] && v[block] != start[block])
  }
  #expect(w[count..<2 * count] != start[count..<2 * count])
}

/// Agents that keep their critics send them to nobody; they are the same networks at first, wherever these lie.
@Test func criticsCanBeKept() throws {
  let all = try made(small(), collecting)
  let kept = try made(small(share: .policyAndEncoders), collecting)
  let count = small().networks(of: try #require(collecting.particles)).attending.parameterCount
  #expect(kept.layout.sharedCount == all.layout.sharedCount - count)
  let (a, k) = (started(all, 0), started(kept, 0))
  #expect(Array(k.suffix(count)) == Array(a[count..<2 * count]))
  var (w, v) = (a, k)
  _ = take([0, 1], in: all, at: &w)
  _ = take([0, 1], in: kept, at: &v)
  #expect(Array(v.suffix(count)) == Array(w[count..<2 * count]) && v[..<count] == w[..<count])
}

/// Everybody is tested in every task, also in one that nobody learns in.
@Test func policiesOfPlayersAreTestedInEveryTask() throws {
  let bank = try made(small(), collecting)
  let all = started(bank, 0) + started(bank, 1)
  let ofAll = bank.taskReturns(at: 2, of: all)
  let found = try #require(ofAll)
  #expect(found.tasks == ["2-players", "3-players", "6-players"])
  #expect(found.returns.count == 2 && found.returns.allSatisfy { $0.count == 3 })
  #expect(found.returns[0] == found.returns[1], "agents that start alike play alike")
  let returns = Column(repeating: Double.nan, count: 2)
  bank.testReturns(at: 2, of: all, into: returns)
  #expect(returns[0] == found.returns[0][0] && returns[1] == found.returns[1][1])
  #expect(bank.taskName(of: NodeID(1)) == "3-players")
}

/// How many episodes are played side by side changes none of them.
@Test func episodesOfPlayersAreTheirOwn() throws {
  let task = try #require(collecting.particles)
  let form = PlayersForm(small().networks(of: task), in: task)
  let bank = try made(small(), collecting)
  let w = started(bank, 0)
  func key(_ purpose: Purpose) -> StreamKey { StreamKey(seed: 1, replication: 0, purpose: purpose, entity: "task") }
  func returns(_ policy: PlayersPolicy, _ episodes: Int) -> [Double] {
    form.returns(
      of: policy, in: 1, starts: key(.evaluationStart), noise: key(.evaluationAction), episodes: episodes)
  }
  w.withUnsafeBufferPointer { numbers in
    guard let base = numbers.baseAddress else { return }
    for policy in [PlayersPolicy.drawn(base), .best(base), .zero, .uniform] {
      let all = returns(policy, 60)
      #expect(all.count == 60 && Array(all.prefix(7)) == returns(policy, 7))
    }
  }
  var diverged = w
  diverged[3] = .nan
  diverged.withUnsafeBufferPointer { numbers in
    guard let base = numbers.baseAddress else { return }
    let none = returns(.best(base), 3)
    #expect(none.count == 3 && none.allSatisfy { $0.isNaN })
  }
}

@Test func tasksOfPlayersThatCannotBeAreSaid() {
  #expect(collecting.particles != nil && grassland.particles != nil)
  #expect(TaskSettings.particles(.foodCollect, players: []).fault(agents: 4) != nil)
  #expect(TaskSettings.particles(.foodCollect, players: [2, 2]).fault(agents: 4) != nil)
  #expect(TaskSettings.particles(.foodCollect, players: [2], unseen: [2]).fault(agents: 4) != nil)
  #expect(TaskSettings.particles(.foodCollect, players: [2], wolves: [1]).fault(agents: 4) != nil)
  #expect(TaskSettings.particles(.grassland, players: [2, 3], wolves: [1]).fault(agents: 4) != nil)
}
