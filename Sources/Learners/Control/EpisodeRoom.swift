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
    let count = buffer.episodeCount
    let episodes = list[task].episodes(count, buffer.timeLimit, starts)
    withUnsafeTemporaryAllocation(of: Episodes.Outcome.self, capacity: count) { outcomes in
      guard let outcomes = outcomes.baseAddress else { return }
      episodes.begin()
      var step = 0
      while episodes.runningCount > 0 {
        let rows = episodes.runningCount
        episodes.writeObservations(into: room.observations.base)
        let outputs = networks.actor.forward(
          UnsafePointer(room.observations.base), rows: rows, at: actor, workspace: room.networkRoom)
        fillStandardNormal(UnsafeMutableBufferPointer(start: room.noise.base, count: rows), from: &noise)
        for row in 0..<rows {
          let law = networks.policy.law(outputs + 2 * row)
          let action = law.value(ofStandardNormal: Float(room.noise[row]))
          room.actions[row] = action
          buffer.note(
            episode: episodes.episode(inRow: row), step: step,
            observation: UnsafePointer(room.observations.base + row * buffer.observationCount), action: action)
        }
        episodes.step(actions: UnsafePointer(room.actions.base), outcomes: outcomes)
        for row in 0..<rows {
          let outcome = outcomes[row]
          buffer.note(episode: Int(outcome.episode), step: step, reward: outcome.reward, isOver: outcome.isOver)
        }
        step += 1
      }
    }
    buffer.close()
  }
}
