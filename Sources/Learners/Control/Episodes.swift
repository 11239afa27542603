// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import NeuralNets
import Quantities
import Randomness

/// Room for the episodes that one thread plays at a time.
struct EpisodeRoom: ~Copyable {
  let observations: Column<Float>
  let actions: Column<Float>
  let noise: Column<Double>
  let network: Column<Float>

  init(episodes: Int, networks: ActorCriticNetworks) {
    observations = Column(repeating: 0, count: episodes * networks.actor.inputCount)
    actions = Column(repeating: 0, count: episodes)
    noise = Column(repeating: 0, count: episodes)
    network = Column(repeating: 0, count: networks.actor.workspaceCount(rows: episodes))
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }
}

extension ControlTasks {
  /// Plays episodes of a task with actions drawn from the policy.
  ///
  /// *Randomness*: first states from `starts`, one normal number for each action from `noise`.
  ///
  /// - Parameter actor: the parameters of the policy.
  func play(
    _ task: Int, with networks: ActorCriticNetworks, at actor: UnsafePointer<Float>, starts: StreamKey,
    noise: consuming Draws, in room: borrowing EpisodeRoom, into buffer: inout EpisodeBuffer
  ) {
    switch list {
    case .cartPoleBalance(let tasks):
      playEpisodes(tasks[task], networks, actor, starts: starts, noise: noise, in: room, into: &buffer)
    case .cartPoleSwingUp(let tasks):
      playEpisodes(tasks[task], networks, actor, starts: starts, noise: noise, in: room, into: &buffer)
    case .invertedPendulum(let tasks):
      playEpisodes(tasks[task], networks, actor, starts: starts, noise: noise, in: room, into: &buffer)
    }
  }
}

@_specialize(where Task == CartPoleBalance)
@_specialize(where Task == CartPoleSwingUp)
@_specialize(where Task == InvertedPendulum)
private func playEpisodes<Task: ControlTask>(
  _ task: Task, _ networks: ActorCriticNetworks, _ actor: UnsafePointer<Float>, starts: StreamKey,
  noise: Draws, in room: borrowing EpisodeRoom, into buffer: inout EpisodeBuffer
) {
  var noise = noise
  let count = buffer.episodeCount
  var batch = EpisodeBatch(task, count: count, timeLimit: buffer.timeLimit, starts: starts)
  withUnsafeTemporaryAllocation(of: EpisodeBatch<Task>.Outcome.self, capacity: count) { outcomes in
    guard let outcomes = outcomes.baseAddress else { return }
    batch.begin()
    var step = 0
    while batch.runningCount > 0 {
      let rows = batch.runningCount
      batch.writeObservations(into: room.observations.base)
      let outputs = networks.actor.forward(
        UnsafePointer(room.observations.base), rows: rows, at: actor, workspace: room.networkRoom)
      fillStandardNormal(UnsafeMutableBufferPointer(start: room.noise.base, count: rows), from: &noise)
      for row in 0..<rows {
        let law = networks.policy.law(outputs + 2 * row)
        let action = law.value(ofStandardNormal: Float(room.noise[row]))
        room.actions[row] = action
        buffer.note(
          episode: batch.episode(inRow: row), step: step,
          observation: UnsafePointer(room.observations.base + row * Task.observationCount), action: action)
      }
      batch.step(actions: UnsafePointer(room.actions.base), outcomes: outcomes)
      for row in 0..<rows {
        let outcome = outcomes[row]
        buffer.note(episode: Int(outcome.episode), step: step, reward: outcome.reward, isOver: outcome.isOver)
      }
      step += 1
    }
  }
  buffer.close()
}
