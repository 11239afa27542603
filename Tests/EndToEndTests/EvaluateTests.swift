// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Randomness
import Records
import Results
import Studies
import Testing

/// Three agents that act, two arms, each agent with a task of its own; runs in a moment.
private let actingScenario = """
  name: swing
  task:     {kind: control, environment: cart-pole-swing-up, tasks: grid, time-limit: 20}
  network:  {topology: ring, agents: 3}
  learner:  {algorithm: actor-critic, hidden-units: [8], episodes-per-step: 2}
  conditions:
    compute: {between-agents: 100 ms}
  measure:
    until: 2 s
    every: 500 ms
    final-window: 0.01
    test-episodes: 4
    all-tasks: true
    keep-parameters: {every: 1 s}
  arms:     {barrier: {strategy.timing: synchronous-global}, free: {strategy.timing: asynchronous}}
  replications: 2
  seed: 7

  """

@Suite(.serialized) struct EvaluateTests {
  private let program: Program

  init() throws { program = try Program() }

  /// The study of the scenario, in `r.sqlite` of a folder.
  private func withStudy(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try write(actingScenario, as: "swing.yaml", in: folder)
      let run = try program.call("compare", "swing.yaml", "--quiet", "--output", "r.sqlite", in: folder)
      #expect(run.status == 0, "\(run.error)")
      try body(folder)
    }
  }

  private func evaluate(_ arguments: String..., in folder: URL) throws -> Program.Outcome {
    try program.finish(program.start(["evaluate", "r.sqlite"] + arguments, in: folder), in: folder)
  }

  private struct Document: Decodable {
    struct Evaluation: Decodable {
      let agent: String?
      let task: String
      let mean: Double
      let returns: [Double]
    }

    let time: Double?
    let evaluations: [Evaluation]
  }

  private func document(_ arguments: String..., in folder: URL) throws -> Document {
    let all = ["evaluate", "r.sqlite", "--arm", "free", "--json"] + arguments
    let outcome = try program.finish(program.start(all, in: folder), in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
  }

  /// What a run has tested at its end comes out again, bit for bit, from the policies that it has kept and the streams of
  /// its tests.
  @Test func storedPoliciesGiveTheReturnsThatTheirRunHasMeasured() throws {
    try withStudy { folder in
      let path = folder.appendingPathComponent("r.sqlite").path
      let file = try ResultsFile(path)
      for replication in 0..<2 {
        let policies = try StoredPolicies(file, path: path, arm: "free", replication: replication)
        guard case .finished(let run) = try file.entry(arm: "free", replication: replication) else {
          Issue.record("The run has not ended well.")
          return
        }
        let measured = try #require(run.record.taskReturns)
        let tasks = try #require(policies.tasks.control)
        #expect(measured.tasks == policies.tasks.names && policies.agents.map(\.task) == [0, 1, 2])
        func mean(_ task: Int, _ values: [Float], point: Int) -> Double {
          let stream = StreamKey(
            seed: 7, replication: UInt32(replication), purpose: .testEpisode, entity: policies.tasks.names[task])
          return values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return .nan }
            let returns = tasks.evaluate(
              policies.form.test(base), in: task, starts: stream.attempt(UInt32(point)), episodes: 4
            ).returns
            return returns.reduce(0, +) / 4
          }
        }
        let points = run.record.grid.count
        for (position, agent) in policies.agents.enumerated() {
          let values = try policies.parameters(of: agent, at: nil).values
          for task in 0..<policies.tasks.count {
            #expect(mean(task, values, point: points) == measured.returns[position][task])
          }
          #expect(mean(agent.task, values, point: points - 1) == run.record.agents[position].finalReturn)
        }
      }
    }
  }

  @Test func theTableHasARowForEachAgent() throws {
    try withStudy { folder in
      let outcome = try evaluate("--arm", "free", in: folder)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(outcome.status == 0 && lines.count == 6, "\(outcome.error)")
      #expect(lines[0] == "swing · free · replication 0 · after 2.00 s")
      #expect(lines[1] == "  cart-pole-swing-up, 20 steps · mean actions · 100 episodes · seed 1")
      #expect(lines[2].split(separator: " ") == ["task", "mean", "return", "median", "min", "max"])
      #expect(lines[3...].map { $0.split(separator: " ")[0] } == ["agent-0", "agent-1", "agent-2"])
      #expect(lines[3...].map { $0.split(separator: " ")[1] } == ["m0.1-l0.2", "m0.1-l0.4", "m0.1-l0.6"])
    }
  }

  /// A pole that every policy balances for one step.
  @Test func returnsHaveTheirDigitsAndAStepIsOne() throws {
    try withFolder { folder in
      let scenario = actingScenario.replacing("cart-pole-swing-up", with: "cart-pole-balance")
      try write(scenario.replacing("time-limit: 20", with: "time-limit: 1"), as: "pole.yaml", in: folder)
      let run = try program.call("compare", "pole.yaml", "--quiet", "--output", "r.sqlite", in: folder)
      #expect(run.status == 0, "\(run.error)")
      let lines = try evaluate("--arm", "free", in: folder).output.split(separator: "\n").map(String.init)
      #expect(lines.count == 6 && lines[1].hasPrefix("  cart-pole-balance, 1 step · "))
      let cells = lines.last?.split(separator: " ").dropFirst(2).map(String.init)
      #expect(cells == ["1.00", "[1.00,", "1.00]", "1.00", "1.00", "1.00"])
    }
  }

  @Test func allTasksAreARowEachAndFitTheWidth() throws {
    try withStudy { folder in
      let few = try evaluate("--arm", "free", "--task", "all", "--episodes", "3", in: folder).output
      let lines = few.split(separator: "\n")
      #expect(lines.count == 2 + 1 + 25 + 1 && lines.allSatisfy { $0.count <= 80 })
      #expect(lines[2].split(separator: " ") == ["mean", "return", "agent-0", "agent-1", "agent-2"])
      #expect(lines[28].hasPrefix("  all tasks "))
      let one = try evaluate("--arm", "free", "--task", "all", "--agent", "agent-1", "--episodes", "3", in: folder)
      #expect(one.output.split(separator: "\n").count == 2 + 1 + 25)
    }
  }

  @Test func agentsTasksAndPoliciesArePaired() throws {
    try withStudy { folder in
      let own = try document("--episodes", "5", in: folder)
      let all = try document("--task", "all", "--episodes", "5", in: folder)
      #expect(own.time == 2 && all.evaluations.count == 75)
      for evaluation in own.evaluations {
        let same = try #require(all.evaluations.first { $0.agent == evaluation.agent && $0.task == evaluation.task })
        #expect(same.returns == evaluation.returns)
      }
      let named = try document("--task", "m0.1-l0.4", "--agent", "agent-1", "--episodes", "5", in: folder)
      let numbered = try document("--task", "1", "--agent", "agent-1", "--episodes", "5", in: folder)
      #expect(named.evaluations.map(\.returns) == [own.evaluations[1].returns])
      #expect(numbered.evaluations.map(\.returns) == [own.evaluations[1].returns])
      let drawn = try document("--random", "--episodes", "5", in: folder)
      #expect(drawn.evaluations[0].returns != own.evaluations[0].returns)
      let again = try document("--random", "--episodes", "5", in: folder)
      #expect(again.evaluations.map(\.returns) == drawn.evaluations.map(\.returns))
      let other = try document("--seed", "2", "--episodes", "5", in: folder)
      #expect(other.evaluations[0].returns != own.evaluations[0].returns)
    }
  }

  @Test func yardsticksNeedNoAgent() throws {
    try withStudy { folder in
      let zero = try document("--zero", "--task", "all", "--episodes", "5", in: folder)
      #expect(zero.time == nil && zero.evaluations.count == 25 && zero.evaluations.allSatisfy { $0.agent == nil })
      let own = try document("--uniform", "--episodes", "5", in: folder)
      #expect(own.evaluations.map(\.task) == ["m0.1-l0.2", "m0.1-l0.4", "m0.1-l0.6"])
      #expect(try evaluate("--arm", "free", "--zero", "--random", in: folder).status == 64)
    }
  }

  @Test func earlierParametersAreOtherPolicies() throws {
    try withStudy { folder in
      let early = try document("--time", "1500 ms", "--episodes", "5", in: folder)
      let late = try document("--episodes", "5", in: folder)
      #expect(early.time == 1 && late.time == 2)
      #expect(early.evaluations[0].returns != late.evaluations[0].returns)
    }
  }

  @Test func theStepsOfAnEpisodeAddUpToItsReturn() throws {
    try withStudy { folder in
      let document = try document("--trajectory", "steps.csv", "--episodes", "5", in: folder)
      let text = String(decoding: try Data(contentsOf: folder.appendingPathComponent("steps.csv")), as: UTF8.self)
      let rows = text.split(separator: "\n").map { $0.split(separator: ",") }
      let columns = "agent,task,step,time,position,velocity,cos_angle,sin_angle,angular_velocity,action,reward"
      #expect(text.hasPrefix(columns + "\n") && rows.count == 1 + 3 * 20)
      for evaluation in document.evaluations {
        let rewards = rows.filter { $0[0] == evaluation.agent ?? "" }.compactMap { Double($0[10]) }
        #expect(rewards.count == 20 && abs(rewards.reduce(0, +) - evaluation.returns[0]) < 1e-9)
      }
      #expect(rows[2][2] == "1" && rows[2][3] == "0.02")
    }
  }

  @Test(arguments: [
    ([], "there are several arms; choose one with --arm\n  there are: 'barrier', 'free'"),
    (["--arm", "fre"], "there is no arm 'fre'; did you mean 'free'?"),
    (["--arm", "free", "--agent", "agent-33"], "did you mean 'agent-"),
    (["--arm", "free", "--task", "m0.1-l0.3"], "there is no task 'm0.1-l0.3'"),
    (["--arm", "free", "--task", "25"], "there is no task '25'"),
    (["--arm", "free", "--replication", "2"], "has no replication 2; it has 0, 1"),
    (["--arm", "free", "--time", "3"], "--time"),
    (["--arm", "free", "--episodes", "0"], "--episodes must be from 1"),
  ])
  func aWrongQuestionIs64AndSaysWhatThereIs(_ arguments: [String], _ hint: String) throws {
    try withStudy { folder in
      let outcome = try program.finish(program.start(["evaluate", "r.sqlite"] + arguments, in: folder), in: folder)
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.error)")
      #expect(outcome.error.contains(hint), "\(outcome.error)")
    }
  }

  @Test func aStudyWhoseAgentsDoNotActIs65AndAMissingFile66() throws {
    try withFolder { folder in
      try write(smallScenario, in: folder)
      #expect(try program.call("compare", "small.yaml", "--quiet", "--output", "r.sqlite", in: folder).status == 0)
      let outcome = try evaluate("--arm", "free", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.error.contains("have no policies that can be run: the learner of arm 'barrier' is lms"))
      #expect(try program.call("evaluate", "none.sqlite", in: folder).status == 66)
    }
  }
}
