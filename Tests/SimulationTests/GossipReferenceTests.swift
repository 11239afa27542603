// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Randomness
import ReferenceFiles
import Simulation
import Testing

/// The exact second moments of pairwise gossip, from an independent program.
private struct GossipReference: Decodable {
  struct Entry: Decodable, CustomTestStringConvertible {
    struct Expected: Decodable {
      /// Ticks, and E‖x − mean(x)‖² after them.
      let disagreement: [[Double]]
      let varianceOfFinalMean: Double
    }
    let name: String
    let n: Int
    let edges: [[Int]]
    let x0: [Double]
    let messageLoss: Double
    let lossKind: String
    let expected: Expected

    var testDescription: String { name }
  }
  struct Tolerance: Decodable {
    let disagreementRelativeTo5NTicks: Double
    let disagreementRelativeLater: Double
    let varianceRelative: Double
    let sumConservation: Double
  }
  let entries: [Entry]
  let tolerance: Tolerance

  static func load() throws -> GossipReference {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(GossipReference.self, from: theoryReference("gossip"))
  }
}

/// One agent a second takes its turn; the grid sees the network after each.
private func settings(_ entry: GossipReference.Entry) throws -> SimulationSettings {
  let names = (0..<entry.n).map { "\($0)" }
  let edges = entry.edges.map { NetworkSettings.Edge(names[$0[0]], names[$0[1]]) }
  var strategy = StrategySettings(kind: .gossip, clock: ClockSettings(startPhase: .constant(1)))
  strategy.gossip = GossipSettings(
    exchange: .pairwise, loss: entry.lossKind == "whole exchange" ? .exchange : .direction, wake: .oneAtATime)
  return SimulationSettings(
    network: NetworkSettings(topology: .edgeList(agents: names, edges: edges)), task: .averaging(AveragingSettings()),
    learner: LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .values(entry.x0)),
    strategy: strategy,
    conditions: ConditionSettings(links: LinkSettings(loss: try #require(Probability(entry.messageLoss)))),
    measurement: MeasurementSettings(until: entry.expected.disagreement.map { $0[0] }.max() ?? 0, every: 1), seed: 11)
}

/// The bars are those of the reference: relative 12 % up to 5 n ticks and 30 % later, with 4000 runs of a fixed seed.
@Test(arguments: 0..<6)
func pairwiseGossipHasTheExactDisagreementAtEveryTick(number: Int) throws {
  let reference = try GossipReference.load()
  let entry = reference.entries[number]
  let settings = try settings(entry)
  let world = try World(settings, replication: 0)
  let runs = 4000
  var disagreement = [Double](repeating: 0, count: settings.measurement.gridCount)
  var finalMeans: [Double] = []
  for replication in 0..<runs {
    let (record, trace) = try simulateWithTrace(settings, in: world, replication: replication)
    let series = try #require(record.series.first { $0.metric == "disagreement" })
    for index in series.values.indices { disagreement[index] += series.values[index] * Double(entry.n) / Double(runs) }
    finalMeans.append(trace.parameters.reduce(0, +) / Double(entry.n))
  }
  for point in entry.expected.disagreement {
    let bar =
      Int(point[0]) <= 5 * entry.n
      ? reference.tolerance.disagreementRelativeTo5NTicks : reference.tolerance.disagreementRelativeLater
    #expect(abs(disagreement[Int(point[0])] / point[1] - 1) < bar, "\(point)")
  }
  let mean = entry.x0.reduce(0, +) / Double(entry.n)
  if entry.expected.varianceOfFinalMean == 0 {
    #expect(finalMeans.allSatisfy { abs($0 - mean) < reference.tolerance.sumConservation })
  } else {
    let variance = finalMeans.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(runs)
    #expect(abs(variance / entry.expected.varianceOfFinalMean - 1) < reference.tolerance.varianceRelative)
  }
}
