// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Simulation
import Testing

private func study(_ strategy: StrategySettings) -> SimulationSettings {
  settings(
    NetworkSettings(topology: .randomGeometric(agents: 12, reach: .meanDegree(4))), spread: 0.3, strategy: strategy,
    until: 60.5)
}

/// With equal constant steps and no latency every timing is the loop "all adapt, all combine", bit for bit.
@Test(arguments: StrategySettings.Timing.allCases)
func withEqualConstantStepsDiffusionIsThePlainLoop(timing: StrategySettings.Timing) throws {
  let settings = study(StrategySettings(timing: timing))
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  var parameters = [[Double]](repeating: [0, 0, 0], count: 12)
  for round in 0..<60 {
    parameters = plain.combined((0..<12).map { plain.adapted(parameters[$0], agent: $0, attempt: round) })
  }
  #expect(try Seen(settings).parameters == parameters.flatMap { $0 })
}

@Test func withoutCooperationEveryAgentIsItsOwnPlainLoop() throws {
  var settings = study(StrategySettings(kind: .nonCooperative))
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  let seen = try Seen(settings)
  let parameters = (0..<12).flatMap { agent in
    plain.adapted([0, 0, 0], agent: agent, attempts: Array(0..<Int(seen.record.agents[agent].updates)))
  }
  #expect(seen.parameters == parameters)
  #expect(Set(seen.record.agents.map(\.updates)).count > 3)
}
