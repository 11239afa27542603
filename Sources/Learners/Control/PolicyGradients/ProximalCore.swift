// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// How agents of `ppo` learn: several updates from the steps of one local step, which ends with the sum of their moves.
///
/// Where the parameters go within a step depends on the moments of the agent's optimisers, so no other node can make its
/// moves. The moments of a step under way are a shadow, and count when it ends.
package final class ProximalCore: PolicyCore, @unchecked Sendable {
  package override class var givesGradients: Bool { false }

  private let shadows: BlockOptimisers

  package required init(
    _ settings: PolicySettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    let networks = PolicyNetworks(settings, tasks: tasks)
    shadows = BlockOptimisers(networks.blocks(settings), nodes: agents.count)
    super.init(settings, tasks: tasks, agents: agents, learners: learners, streams: streams)
  }

  override func learn(_ agent: Int, at parameters: UnsafePointer<Float>, in room: PolicyRoom) {
    guard let proximal = settings.proximal else { preconditionFailure("Proximal learning has a clip.") }
    let (count, increment) = (networks.parameterCount, steps.gradients[agent])
    shadows.copy(agent, from: optimisers)
    loss.noteTakenLogarithms(at: parameters, in: room)
    increment.update(repeating: 0, count: count)
    room.parameters.base.update(from: parameters, count: count)
    var draws = Draws(streams.replay.key(keys[agent]), at: steps.underWay[agent].attempt)
    for _ in 0..<proximal.epochs {
      room.shuffle(&draws)
      for part in 0..<proximal.minibatches {
        loss.writeGradient(
          of: room.rows(ofPart: part, of: proximal.minibatches), at: UnsafePointer(room.parameters.base),
          into: room.gradient.base, in: room)
        for block in shadows.blocks.indices { shadows.turn(block, of: room.gradient.base, for: agent) }
        for index in 0..<count {
          increment[index] += room.gradient[index]
          room.parameters[index] = parameters[index] + increment[index]
        }
      }
    }
  }

  package override func commit(_ agent: Int) {
    super.commit(agent)
    optimisers.copy(agent, from: shadows)
  }

  /// The moves have been made.
  package override func turnIntoIncrement(_ agent: Int) {}

  package override func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    preconditionFailure("Steps of this learner end with their increments only.")
  }

  package override var bytesHeld: Int { super.bytesHeld + shadows.bytes }

  package override func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>
  ) throws(RunMemoryFault) {
    try super.visit(&memory, increments: increments)
    try shadows.visit(&memory)
  }
}
