// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Records
import Simulation
import Testing

/// At the end of a run the percentile is that of the squared errors of its final parameters, and nothing else changes.
@Test func the95thPercentileIsThatOfTheAgentsSquaredErrors() throws {
  var settings = settings(ring(41), spread: 0.7, strategy: StrategySettings(kind: .nonCooperative), until: 20)
  let plain = try Seen(settings)
  settings.measurement.also = [MetricDefinition.msd95.name]
  let seen = try Seen(settings)
  #expect(seen.parameters == plain.parameters)
  let optimum = try #require(try World(settings, replication: 0).regression).networkOptimum
  let errors = (0..<41).map { agent in
    optimum.indices.reduce(0) { sum, entry in
      let distance = optimum[entry] - seen.parameters[agent * optimum.count + entry]
      return sum + distance * distance
    }
  }.sorted()
  // With 41 agents the 95th percentile is the error of the 39th: (41 − 1) × 0.95 = 38.
  #expect(seen.record.series.first { $0.metric == MetricDefinition.msd95.name }?.values.last == errors[38])
  #expect(plain.record.series.allSatisfy { $0.metric != MetricDefinition.msd95.name })
}
