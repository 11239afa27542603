// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness
import Statistics
import Workers

/// How well policies do in episodes that nobody has learnt from.
///
/// *Randomness*: first states from `evaluationStart` of the task, random actions from `evaluationAction` of the task; so
/// all agents, arms, replications and policies start from the same states, and their returns are paired.
package struct PolicyEvaluation: Sendable {
  /// What chooses actions.
  package enum Acting: String, Sendable, CaseIterable {
    /// The mean of an agent's policy, or its best choice.
    case mean = "mean-actions"
    /// A draw from an agent's policy, as it acts while it learns.
    case drawn = "drawn-actions"
    /// No agent: always zero.
    case zero = "zero-actions"
    /// No agent: uniform between the bounds on mean actions.
    case uniform = "uniform-actions"

    /// Whether it takes an agent's policy.
    package var isLearnt: Bool { self == .mean || self == .drawn }
  }

  /// A policy in a task.
  package struct Outcome: Sendable {
    /// The name of the agent; nothing where actions are nobody's.
    package let agent: String?
    /// The name of the task.
    package let task: String
    package let episodes: PolicyEpisodes
    /// What each episode is judged by: its return, or how many metres it has led.
    package let scores: [Double]

    /// The mean score with its 95 % interval.
    package var mean: TInterval? { TInterval(of: scores) }
    /// The scores in ascending order; nothing where a policy has diverged.
    package var sorted: SortedSample? { SortedSample(scores) }
  }

  package var acting: Acting
  package var episodes: Int
  package var seed: UInt64
  /// Whether the steps of the first episode of each outcome are kept.
  package var isFollowed: Bool
  /// Whether episodes are judged by how many metres they lead.
  package var byFlight: Bool

  package init(acting: Acting, episodes: Int, seed: UInt64, isFollowed: Bool = false, byFlight: Bool = false) {
    self.byFlight = byFlight
    self.acting = acting
    self.episodes = episodes
    self.seed = seed
    self.isFollowed = isFollowed
  }

  /// What is to be played: the parameters of an agent, by its position, in a task.
  private struct Piece: Sendable {
    let agent: Int
    let task: Int
  }

  /// Plays the episodes.
  ///
  /// - Parameters:
  ///   - time: parameters are the newest at or before this virtual time, in seconds; nothing means the newest.
  ///   - jobs: how many threads.
  /// - Returns: the virtual time of the parameters, nothing where there are none; an outcome for each agent and each of
  ///   its tasks, in their orders. Actions that are nobody's have an outcome for each task.
  /// - Throws: `PolicyError`, `ResultsError`.
  package func outcomes(
    of policies: StoredPolicies, agents: [StoredPolicies.Agent], in choice: StoredPolicies.TaskChoice, at time: Double?,
    jobs: Int
  ) throws -> (time: Double?, outcomes: [Outcome]) {
    var pieces: [Piece] = []
    for (position, agent) in agents.enumerated() {
      pieces += try policies.tasks(choice, of: agent).map { Piece(agent: position, task: $0) }
    }
    guard acting.isLearnt else {
      let tasks = Set(pieces.map(\.task)).sorted()
      return (nil, play(tasks.map { Piece(agent: 0, task: $0) }, policies, actors: [[0]], names: [nil], jobs: jobs))
    }
    let kept = try agents.map { try policies.parameters(of: $0, at: time) }
    return (kept.first?.time, play(pieces, policies, actors: kept.map(\.values), names: agents.map(\.name), jobs: jobs))
  }

  private func play(
    _ pieces: [Piece], _ policies: StoredPolicies, actors: [[Float]], names: [String?], jobs: Int
  ) -> [Outcome] {
    let (tasks, form, evaluation) = (policies.tasks, policies.form, self)
    return inParallel(count: pieces.count, jobs: jobs) { number in
      let piece = pieces[number]
      let task = tasks.names[piece.task]
      func stream(_ purpose: Purpose) -> StreamKey {
        StreamKey(seed: evaluation.seed, replication: 0, purpose: purpose, entity: task)
      }
      let (starts, noise) = (stream(.evaluationStart), stream(.evaluationAction))
      let episodes = actors[piece.agent].withUnsafeBufferPointer { actor in
        if let players = form.players {
          let policy = evaluation.playersPolicy(at: actor)
          return PolicyEpisodes(
            returns: players.returns(
              of: policy, in: piece.task, starts: starts, noise: noise, episodes: evaluation.episodes))
        }
        return tasks.play(evaluation.policy(form, at: actor, noise: noise), in: piece.task, evaluation, starts: starts)
      }
      return Outcome(
        agent: names[piece.agent], task: task, episodes: episodes,
        scores: evaluation.byFlight ? episodes.flights(stepLength: tasks.stepLength) : episodes.returns)
    }
  }

  private func policy(
    _ form: PolicyForm, at actor: UnsafeBufferPointer<Float>, noise: StreamKey
  ) -> ControlPolicy {
    guard let actor = actor.baseAddress else { return .zero }
    switch acting {
    case .mean: return form.test(actor)
    case .drawn: return form.drawn(actor, noise)
    case .zero: return .zero
    case .uniform: return .uniform(noise: noise)
    }
  }
}

extension PolicyEvaluation {
  /// The same for all players of a world; the mean of skills is no skill, so these are drawn either way.
  fileprivate func playersPolicy(at actor: UnsafeBufferPointer<Float>) -> PlayersPolicy {
    guard let actor = actor.baseAddress else { return .zero }
    return switch acting {
    case .mean: .best(actor)
    case .drawn: .drawn(actor)
    case .zero: .zero
    case .uniform: .uniform
    }
  }
}

/// The mean returns of several agents in the same several tasks.
package struct ReturnMatrix: Sendable, Equatable {
  package let agents: [String]
  package let tasks: [String]
  /// A row for each task, a number for each agent.
  package let means: [[Double]]
  /// The mean over all tasks, for each agent.
  package let overall: [Double]

  /// Nothing where not every agent has every task, or there are not several of both.
  package init?(_ outcomes: [PolicyEvaluation.Outcome]) {
    var (agents, tasks): ([String], [String]) = ([], [])
    for outcome in outcomes {
      if let agent = outcome.agent, !agents.contains(agent) { agents.append(agent) }
      if !tasks.contains(outcome.task) { tasks.append(outcome.task) }
    }
    guard agents.count > 1, tasks.count > 1, outcomes.count == agents.count * tasks.count else { return nil }
    self.agents = agents
    self.tasks = tasks
    let means = tasks.map { task in outcomes.filter { $0.task == task }.map { $0.mean?.mean ?? .nan } }
    self.means = means
    let count = Double(tasks.count)
    overall = agents.indices.map { agent in means.reduce(0) { $0 + $1[agent] } / count }
  }
}
