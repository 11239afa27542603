// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Quantities
import Records
import Results
import Scenarios
import Simulation

/// The policies that a run has left in its results, and the tasks that they act in, as the scenario in the file has
/// them.
package struct StoredPolicies {
  /// An agent that acts.
  package struct Agent: Sendable, Equatable {
    package let name: String
    /// The position of its task among `tasks`.
    package let task: Int
  }

  /// Which tasks policies are evaluated in.
  package enum TaskChoice: Sendable, Equatable {
    /// Each agent's own.
    case own
    /// Every task of the environment.
    case all
    /// The one with this name, or this position counted from zero.
    case named(String)
  }

  package let study: String
  package let arm: String
  package let replication: Int
  package let tasks: PlayedTasks
  /// All agents that act, in the order of their names.
  package let agents: [Agent]

  /// What makes policies of the agents' parameters.
  package let form: PolicyForm
  /// What is known of the learner.
  let learning: LearnerFacts
  /// The name of the learner.
  let learner: String
  private let file: ResultsFile

  /// What the tasks are of.
  package var environment: String { tasks.environment }

  /// What agents see in the corridor of the environment; nothing where it has none.
  package var corridor: Corridor? { tasks.corridor }

  /// Finds the agents of a run.
  ///
  /// - Parameter arm: may be left out where there is one.
  /// - Throws: `PolicyError`; `ScenarioError` where the scenario of the file cannot be read; `ResultsError`.
  package init(_ file: ResultsFile, path: String, arm: String?, replication: Int) throws {
    let scenario = try Scenario(of: file.header)
    let acting = scenario.arms.filter { PlayedTasks.of($0.settings) != nil }
    guard !acting.isEmpty else { throw PolicyError.noPolicies(scenario.arms.first.map(Self.learning) ?? "nothing") }
    let names = scenario.arms.map(\.name)
    let wanted = arm ?? (names.count == 1 ? names[0] : nil)
    guard let wanted else { throw PolicyError.severalArms(names) }
    guard let found = scenario.arms.first(where: { $0.name == wanted }) else {
      throw PolicyError.unknown("arm", wanted, known: names)
    }
    guard let (tasks, form) = PlayedTasks.of(found.settings) else {
      throw PolicyError.noPolicies(Self.learning(found))
    }
    self.file = file
    self.tasks = tasks
    study = file.header.name
    self.arm = wanted
    self.replication = replication
    learning = found.settings.learning
    learner = found.settings.learner.algorithm.name
    self.form = form
    let entry = try file.entry(arm: wanted, replication: replication)
    guard case .finished(let run)? = entry else {
      throw ResultsError.noParameters(path: path, Self.absence(of: replication, in: wanted, file, entry))
    }
    agents = run.record.agents.compactMap { account in
      account.task.flatMap { tasks.names.firstIndex(of: $0) }.map { Agent(name: account.name, task: $0) }
    }
  }

  /// What the agents of an arm do, in words.
  private static func learning(_ arm: Scenario.Arm) -> String {
    "the learner of arm '\(arm.name)' is \(arm.settings.learner.algorithm.name)"
  }

  private static func absence(
    of replication: Int, in arm: String, _ file: ResultsFile, _ entry: ResultsFile.Entry?
  ) -> MissingParameters {
    if case .failed(let run)? = entry { return .failed(arm: arm, replication: replication, error: run.error) }
    return .replication(replication, arm: arm, known: file.runs.filter { $0.arm == arm }.map(\.replication))
  }

  /// The agents of these names, in the order of the names; all of them where no name is given.
  ///
  /// - Throws: where an agent is not there, or does not act.
  package func agents(named names: [String]) throws(PolicyError) -> [Agent] {
    for name in names where !agents.contains(where: { $0.name == name }) {
      throw .unknown("agent", name, known: agents.map(\.name))
    }
    return names.isEmpty ? agents : agents.filter { names.contains($0.name) }
  }

  /// The positions of the tasks that an agent is evaluated in.
  ///
  /// - Throws: where there is no such task.
  package func tasks(_ choice: TaskChoice, of agent: Agent) throws(PolicyError) -> [Int] {
    switch choice {
    case .own: return [agent.task]
    case .all: return Array(0..<tasks.count)
    case .named(let name):
      if let position = tasks.names.firstIndex(of: name) { return [position] }
      if let position = Int(name), position >= 0, position < tasks.count { return [position] }
      throw .unknown("task", name, known: tasks.names)
    }
  }

  /// The newest parameters of an agent, or the newest at or before a time.
  ///
  /// - Throws: `ResultsError`; `PolicyError` where they are not those of the scenario's networks.
  package func parameters(of agent: Agent, at time: Double?) throws -> (time: Double, values: [Float]) {
    let kept = try file.parameters(arm: arm, replication: replication, agent: agent.name, at: time)
    let values =
      switch kept.values {
      case .single(let values): values
      case .double(let values): values.map { Float($0) }
      }
    guard values.count == form.parameterCount else {
      throw PolicyError.otherNetworks(agent: agent.name, parameters: form.parameterCount)
    }
    return (kept.time, values)
  }
}

/// Why a policy cannot be evaluated.
package enum PolicyError: Error, Equatable, CustomStringConvertible {
  /// No arm was named, and there are these.
  case severalArms([String])
  /// There is no arm, agent or task of a name.
  case unknown(String, String, known: [String])
  /// The agents have no networks that choose actions; with what they do, in words.
  case noPolicies(String)
  /// The parameters of an agent are not as many as the scenario's networks have.
  case otherNetworks(agent: String, parameters: Int)
  /// The environment has no corridor.
  case noCorridor(environment: String)
  /// The agents of an arm do not choose by probabilities.
  case noProbabilities(arm: String, learner: String)
  /// The agents of an arm share no policy that is learnt.
  case noPrior(arm: String, learner: String)
  /// The shared policy of an agent is no numbers any more.
  case diverged(agent: String)

  /// Whether another command line would do.
  package var isUsage: Bool {
    switch self {
    case .severalArms, .unknown: true
    case .noPolicies, .otherNetworks, .noCorridor, .noProbabilities, .noPrior, .diverged: false
    }
  }

  package var description: String {
    switch self {
    case .severalArms(let arms): "there are several arms; choose one with --arm\n  there are: \(row(arms))"
    case .unknown(let kind, let name, let known):
      "there is no \(kind) '\(name)'\(nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? "")\n"
        + "  there are: \(row(known))"
    case .noPolicies(let learning):
      "the agents of this study have no policies that can be run: \(learning)\n"
        + "  -> networks that act are learnt by `learner.algorithm: actor-critic`, and by dqn where actions are choices"
    case .otherNetworks(let agent, let count):
      "the parameters of agent '\(agent)' are not \(count) numbers of single precision, as the networks of the scenario have"
    case .noCorridor(let environment): "environment \(environment) has no corridor"
    case .noProbabilities(let arm, let learner):
      "agents of arm '\(arm)' give their actions no probabilities: their learner is \(learner)"
    case .noPrior(let arm, let learner):
      "agents of arm '\(arm)' share no policy that a network gives: their learner is \(learner)\n"
        + "  -> `learner.algorithm: distral` and distral-actor-critic have one, apart from `learner.prior: uniform`"
    case .diverged(let agent): "the shared policy of agent '\(agent)' has diverged"
    }
  }

  private func row(_ names: [String]) -> String {
    let shown = names.prefix(30).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 30 ? "\(shown) and \(names.count - 30) more" : shown
  }
}
