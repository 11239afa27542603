// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Reports
import Results
import Scenarios
import Studies
import Summaries
import Testing

private let text = """
  name: replayed
  task: {kind: linear-regression, dimension: 3, noise-variance: 0.01}
  network: {topology: ring, agents: 6}
  learner: {step-size: 0.05}
  strategy: {timing: asynchronous, missing-neighbour: self}
  conditions:
    compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}
    links: {latency: {exponential: 50 ms}, loss: 10 %}
  timeline:
    - {at: 4 s, for: 3 s, crash: [agent-2]}
    - {at: 8 s, for: 2 s, cut: {share: 50 %}}
  measure: {until: 20 s, every: 250 ms}
  arms: {apart: {}, together: {strategy.timing: synchronous-local, strategy.peer-timeout: 300 ms}}
  replications: 2
  """

private func study() throws -> Study { try Study(Scenario.parse(text: text, file: "replayed.yaml")) }

private func identity(_ arm: String, _ replication: Int = 0) -> RunRecord.Identity {
  RunRecord.Identity(arm: arm, replication: replication, seed: 1)
}

@Suite struct ReplayTests {
  @Test(arguments: ["apart", "together"], [0, 1])
  func theRunIsTheOneOfTheStudy(_ arm: String, _ replication: Int) throws {
    let study = try study()
    let run = try #require(study.plan.first { $0.arm == arm && $0.replication == replication })
    let record = try #require(try study.records(of: [run], jobs: 1).first)
    let outcome = try study.replay(of: run)
    #expect(outcome.record.fingerprint == record.fingerprint)
    #expect(outcome.replay.messageCount == Int(record.messages.started))
    #expect(outcome.replay.messages.count == outcome.replay.messageCount)
    #expect(outcome.replay.messages.count { $0.fate == .lost } == Int(record.messages.lost))
    #expect(outcome.replay.messages.allSatisfy { $0.start <= $0.end && $0.end <= record.endTime })
    #expect(zip(outcome.replay.messages, outcome.replay.messages.dropFirst()).allSatisfy { $0.start <= $1.start })
  }

  @Test func theWorldChangesAsItIsWritten() throws {
    let study = try study()
    let replay = try study.replay(of: study.plan[0]).replay
    func times(_ kind: Replay.Kind) -> [Double] { replay.changes.filter { $0.kind == kind }.map(\.time) }
    #expect(times(.crash) == [4] && times(.recover) == [7])
    #expect(Set(times(.cut)) == [8] && Set(times(.restore)) == [10])
    #expect(times(.cut).count == times(.restore).count)
    #expect(replay.changes.first?.agent.map { replay.names[$0] } == "agent-2")
    #expect(replay.changes.first?.cause.map { replay.causes[$0] } == "crash@4s")
  }

  /// The squared distances that colour agents are those whose mean runs measure.
  @Test func coloursAreTheDisagreementOfTheRun() throws {
    let study = try study()
    let outcome = try study.replay(of: study.plan[0])
    let known = try #require(outcome.replay.disagreement)
    let series = try #require(outcome.record.series.first { $0.metric == "disagreement-all" })
    let measured = Dictionary(uniqueKeysWithValues: zip(outcome.record.grid, series.values))
    #expect(known.times.count > 40)
    var compared = 0
    for (time, row) in zip(known.times, known.values) {
      guard let value = measured[time] else { continue }
      let mean = row.reduce(0, +) / Double(row.count)
      #expect(abs(mean - value) <= 1e-9 * max(value, 1e-9))
      compared += 1
    }
    #expect(compared > 40)
  }

  @Test func sharesOfTimeAddUpToTheAccount() throws {
    let study = try study()
    let outcome = try study.replay(of: study.plan[1])
    let width = 20.0 / Double(outcome.replay.computing.count)
    for (rank, account) in outcome.record.agents.enumerated() {
      let seconds = outcome.replay.computing.reduce(0) { $0 + Double($1[rank]) / 100 * width }
      // Each bin is rounded to a per cent.
      #expect(abs(seconds - (account.useful + account.wasted + account.unfinished)) <= 0.005 * 20 + 1e-9)
    }
  }

  @Test func aReplayKeepsToItsLimitsAndSaysSo() throws {
    let study = try study()
    let whole = try study.replay(of: study.plan[0]).replay
    let few = try study.replay(of: study.plan[0], limits: Replay.Limits(agents: 4, messages: 100, changes: 3, bins: 10))
      .replay
    #expect(few.messages.count <= 100 && few.messages.count > 25)
    #expect(few.names.count == 4 && few.links.allSatisfy { $0.x < 4 && $0.y < 4 })
    #expect(few.changes.count <= 3 && few.computing.count == 10)
    #expect(few.oneInSoMany > 1 && few.leftOut.count >= 2 && whole.leftOut.isEmpty)
    let kept = Set(whole.messages.map { [$0.start, $0.end] })
    #expect(few.messages.allSatisfy { $0.fate == .inFlight || kept.contains([$0.start, $0.end]) })
  }

  @Test func aPartHasWhatIsInIt() throws {
    let study = try study()
    let whole = try study.replay(of: study.plan[0]).replay
    let part = try study.replay(of: study.plan[0], span: 5...9).replay
    #expect(part.span == 5...9)
    #expect(part.messageCount == whole.messages.count { (5...9).contains($0.start) })
    // What had happened before stands at its beginning.
    #expect(part.changes.first?.kind == .crash && part.changes.first?.time == 5)
  }

  @Test func thePageHoldsItsNumbers() throws {
    let study = try study()
    let runs = try study.records(of: study.plan, jobs: 1).map { StoredRun(record: $0, wallSeconds: 0) }
    let header = StudyHeader(study, overrides: [])
    let replay = try study.replay(of: study.plan[0]).replay
    let page = try ReportPage(
      StoredStudy(header: header, runs: runs), replays: [replay], file: "r.sqlite", version: "1")
    let html = page.html
    #expect(html == page.html && html.utf8.count < 1_000_000)
    let match = try #require(html.firstMatch(of: /(?s)<script type="application\/json">(.*?)<\/script>/))
    let object = try JSONSerialization.jsonObject(with: Data(match.output.1.utf8))
    let data = try #require(object as? [String: Any])
    #expect((data["messages"] as? [Int])?.count == 4 * replay.messages.count)
    #expect((data["changes"] as? [Int])?.count == 6 * replay.changes.count)
    #expect((data["links"] as? [Int])?.count == 2 * replay.links.count)
    #expect((data["names"] as? [String]) == replay.names)
    let starts = try #require(data["messages"] as? [Int])
    let last = stride(from: 0, to: starts.count, by: 4).reduce(0) { $0 + starts[$1] }
    #expect(abs(Double(last) / 500_000 * 20 - (replay.messages.last?.start ?? 0)) < 1e-4)
  }

  @Test func theLargestReplayLeavesThePageSmall() throws {
    let study = try study()
    var replay = try study.replay(of: study.plan[0]).replay
    let limits = Replay.Limits()
    replay.names = (0..<limits.agents).map { "agent-of-some-name-\($0)" }
    replay.agentCount = limits.agents
    replay.positions = nil
    replay.links = (0..<limits.links).map { SIMD2($0 % limits.agents, ($0 * 7 + 1) % limits.agents) }
    let (message, change) = (try #require(replay.messages.first), try #require(replay.changes.first))
    replay.messages = (0..<limits.messages).map { number in
      var message = message
      (message.link, message.fate) = (limits.links - 1, .inFlight)
      (message.start, message.end) = (20 * Double(number) / Double(limits.messages), 20)
      return message
    }
    replay.changes = (0..<limits.changes).map { number in
      var change = change
      (change.time, change.kind) = (20 * Double(number) / Double(limits.changes), .changeBack)
      (change.agent, change.link) = (nil, limits.links - 1)
      return change
    }
    replay.computing = Array(repeating: Array(repeating: 100, count: limits.agents), count: limits.bins)
    replay.disagreement = nil
    let header = StudyHeader(study, overrides: [])
    let page = try ReportPage(StoredStudy(header: header, runs: []), replays: [replay], file: "r.sqlite", version: "1")
    #expect(page.html.utf8.count < 2_000_000)
  }
}
