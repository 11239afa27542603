// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness

/// The finite decision processes that agents learn, and what each agent has of them.
package struct FiniteTasks: DrawnTask {
  /// The tasks in which policies are tested, by name.
  package let names: [String]
  /// The processes of the same, and behind them those that agents have beside; all with the same states and actions.
  package let processes: [FiniteDecisionProcess]
  /// The same where policies are judged, which may start elsewhere.
  package let judged: [FiniteDecisionProcess]
  /// The positions of the processes that agents have, by rank, from the first again where there are more agents.
  private let turns: [Int]
  /// α_k by agent.
  package let stepSizes: [Double]

  /// The tasks of the five-state world.
  ///
  /// *Randomness*: `learnerParameters` per agent for the step size.
  ///
  /// - Parameter agents: what the streams of the agents are keyed by, in the order of ranks.
  /// - Throws: if a probability or the discount is out of range.
  package init(
    _ settings: FiveStateSettings, stepSize: PerAgent, agents: [EntityKey], seed: UInt64, replication: UInt32
  ) throws(EnvironmentError) {
    guard settings.discount <= FiveStateSettings.greatestDiscount else { throw .discount(settings.discount) }
    var processes: [FiniteDecisionProcess] = []
    for task in FiveStateGridWorld.allCases {
      processes.append(
        try task.process(
          discount: settings.discount, start: settings.start, driftProbability: settings.driftProbability))
    }
    names = FiveStateGridWorld.allCases.map { $0 == .leftGoal ? "left-goal" : "right-goal" }
    let learner = StreamFamily(seed: seed, replication: replication, purpose: .learnerParameters)
    stepSizes = stepSize.drawn(for: agents, from: learner, at: 0)
    switch settings.tasks {
    case .alternating: turns = Array(processes.indices)
    case .average:
      turns = [processes.count]
      processes.append(try .average(of: processes))
    }
    self.processes = processes
    judged = processes
  }

  /// The tasks of grid worlds, one after the other.
  ///
  /// *Randomness*: as above.
  ///
  /// - Throws: if the discount is out of range.
  package init(
    _ settings: GridWorldSettings, stepSize: PerAgent, agents: [EntityKey], seed: UInt64, replication: UInt32
  ) throws(EnvironmentError) {
    guard settings.discount <= FiveStateSettings.greatestDiscount else { throw .discount(settings.discount) }
    (processes, judged) = try settings.processes()
    names = processes.indices.map { "world-\($0)" }
    turns = Array(processes.indices)
    let learner = StreamFamily(seed: seed, replication: replication, purpose: .learnerParameters)
    stepSizes = stepSize.drawn(for: agents, from: learner, at: 0)
  }

  /// The position of the process of an agent, so many places on from that of the start.
  package func process(of agent: Int, shiftedBy places: Int = 0) -> Int {
    turns[(agent % turns.count + places % turns.count + turns.count) % turns.count]
  }

  /// The name of an agent's task.
  package func name(of agent: Int, shiftedBy places: Int = 0) -> String {
    let process = process(of: agent, shiftedBy: places)
    return process < names.count ? names[process] : "average"
  }

  /// The number of parameters of a policy, one for each state and action.
  package var parameterCount: Int { processes[0].stateCount * processes[0].actionCount }

  package var actionCount: Int { processes[0].actionCount }
}
