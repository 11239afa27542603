// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Theory

/// Kind `open-gossip`: in each event one of the agents is replaced by one with a fresh value, or a pair averages. The moments
/// of their values, by the recursion and in runs.
struct OpenGossipVerification: ReferenceCase {
  static let kind = "open-gossip"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let moments: [MomentsAfterEvents]
      let limit: [Double]?
      let limitDisagreement: Double?
      let slowEigenvalue: Double?
    }

    let name: String
    let graph: String
    let n: Int
    /// Of all graphs but the complete one.
    let edges: [[Int]]?
    let replacementProbability: Double
    let sigma: Double
    let pair: String
    let x0: [Double]
    /// A and b of a complete graph.
    let matrix: [[Double]]?
    let vector: [Double]?
    let expected: Expected
  }

  /// A number of events, E mean² and E mean of squares.
  struct MomentsAfterEvents: Decodable, Sendable {
    let events: Int
    let moments: ValueMoments

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      events = try row.decode(Int.self)
      moments = ValueMoments(
        meanSquared: try row.decode(Double.self), meanOfSquares: try row.decode(Double.self))
      guard (0...Int(ReferenceLimits.latest)).contains(events) else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath,
            debugDescription: "\(events) is no number of events from 0 to \(Int(ReferenceLimits.latest))."))
      }
    }
  }

  struct Averaging: Decodable, Sendable {
    let runs: Int
  }

  struct Bars: Decodable, Sendable {
    let recursion: Double
    let standardErrors: Double
  }

  /// Multiplications that the recursion of one entry may take.
  private static let operationLimit = 1e12

  let id: String
  let entries: [Entry]
  let `protocol`: Averaging
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try ReferenceLimits.checkRuns(`protocol`.runs, "protocol.runs")
    var report = VerificationReport()
    for entry in entries {
      let graph = try entry.network()
      let pair = try entry.pairRule()
      report.checks += try recursionChecks(of: entry, on: graph, pair)
      report.checks += try runChecks(of: entry, on: graph, pair, verifier)
    }
    return report
  }

  // MARK: - The recursion

  private func recursionChecks(
    of entry: Entry, on graph: ReferenceNetwork, _ pair: OpenGossip.PairRule
  ) throws -> [VerificationReport.Check] {
    let points = entry.expected.moments
    let events = Array(Set(points.map(\.events))).sorted()
    var quantities: [(what: String, seen: [Double], expected: [Double])] = []
    let moments: [ValueMoments]
    if entry.isComplete {
      let model = OpenGossip(
        agents: entry.n, replacementProbability: entry.replacementProbability, standardDeviation: entry.sigma,
        pair: pair)
      moments = model.moments(from: ValueMoments(of: entry.x0), after: events)
      if let matrix = entry.matrix { quantities.append(("matrix", model.matrix.flatMap { $0 }, matrix.flatMap { $0 })) }
      if let vector = entry.vector { quantities.append(("vector", model.vector, vector)) }
      let (limit, expected) = (model.limit, entry.expected)
      if let numbers = expected.limit { quantities.append(("limit", limit?.numbers ?? [], numbers)) }
      if let number = expected.limitDisagreement {
        quantities.append(("disagreement in the long run", limit.map { [$0.disagreement] } ?? [], [number]))
      }
      if let number = expected.slowEigenvalue {
        quantities.append(("slow eigenvalue", [model.slowEigenvalue], [number]))
      }
    } else {
      let model = OpenGossipNetwork(
        neighbours: graph.neighbours, replacementProbability: entry.replacementProbability,
        standardDeviation: entry.sigma)
      moments = try model.moments(from: entry.x0, after: events, operationLimit: Self.operationLimit)
    }
    let byEvents = Dictionary(uniqueKeysWithValues: zip(events, moments))
    quantities.append(
      ("moments", points.flatMap { byEvents[$0.events]?.numbers ?? [] }, points.flatMap(\.moments.numbers)))
    return quantities.map { quantity in
      VerificationReport.Check(
        reference: "\(id)/\(entry.name)", quantity: "largest error of the recursion's \(quantity.what)", expected: 0,
        seen: errorInUnits(quantity.seen, quantity.expected), bar: tolerance.recursion)
    }
  }

  /// The largest difference, of numbers above one as a share of them.
  private func errorInUnits(_ seen: [Double], _ expected: [Double]) -> Double {
    guard seen.count == expected.count else { return .nan }
    let scales = expected.map { max(1, abs($0)) }
    return largestDifference(zip(seen, scales).map { $0 / $1 }, zip(expected, scales).map { $0 / $1 })
  }

  // MARK: - Runs

  private func runChecks(
    of entry: Entry, on graph: ReferenceNetwork, _ pair: OpenGossip.PairRule, _ verifier: Verifier
  ) throws -> [VerificationReport.Check] {
    let points = entry.expected.moments
    let study = try OpenGossipStudy(
      on: graph.network, initial: entry.x0, replacementProbability: entry.replacementProbability,
      standardDeviation: entry.sigma, passesByChance: pair == .withReplacement, seed: verifier.seed)
    let runs = try study.moments(
      after: points.map(\.events), runs: verifier.runs(`protocol`.runs), jobs: verifier.jobs)
    return points.enumerated().flatMap { number, point in
      let moments: [(what: String, of: KeyPath<ValueMoments, Double> & Sendable)] = [
        ("mean squared", \.meanSquared), ("mean of squares", \.meanOfSquares),
      ]
      return moments.map { what, of in
        let expected = point.moments[keyPath: of]
        return verifier.check(
          "\(id)/\(entry.name)", "\(what) after \(point.events) events", expected,
          values: runs.map { $0[number][keyPath: of] }, standardErrors: tolerance.standardErrors,
          atLeast: tolerance.recursion * max(1, abs(expected)))
      }
    }
  }
}

extension OpenGossipVerification.Entry {
  fileprivate var isComplete: Bool { edges == nil || graph == "complete" }

  /// - Throws: if the agents are no network, or what is drawn is not drawn so.
  fileprivate func network() throws -> ReferenceNetwork {
    guard (2...ReferenceLimits.agents).contains(n) else {
      throw ReferenceError("'\(name)' does not have from 2 to \(ReferenceLimits.agents) agents.")
    }
    guard (0...1).contains(replacementProbability), sigma >= 0, sigma.isFinite else {
      throw ReferenceError("'\(name)' has a replacement_probability or a sigma that cannot be.")
    }
    if edges == nil, graph != "complete" { throw ReferenceError("'\(name)' has no edges.") }
    let pairs = edges ?? (0..<n).flatMap { first in (first + 1..<max(n, first + 1)).map { [first, $0] } }
    if isComplete, pairs.count != n * (n - 1) / 2 { throw ReferenceError("the graph of '\(name)' is not complete.") }
    let network = try ReferenceNetwork(ReferenceGraph(n: n, edges: pairs), rule: .metropolis)
    guard x0.count == n, x0.allSatisfy(\.isFinite) else {
      throw ReferenceError("x0 of '\(name)' is not one finite number per agent.")
    }
    guard network.neighbours.allSatisfy({ !$0.isEmpty }) else {
      throw ReferenceError("an agent of '\(name)' has no neighbour.")
    }
    return network
  }

  fileprivate func pairRule() throws -> OpenGossip.PairRule {
    guard let rule = OpenGossip.PairRule(rawValue: pair) else {
      throw ReferenceError("the rule for pairs '\(pair)' is not known.")
    }
    guard rule == .nodeThenNeighbour || isComplete else {
      throw ReferenceError("pairs of '\(name)' need not be neighbours.")
    }
    return rule
  }
}

extension ValueMoments {
  fileprivate var numbers: [Double] { [meanSquared, meanOfSquares] }
}

extension ReferenceNetwork {
  /// The neighbours of each agent.
  fileprivate var neighbours: [[Int]] {
    (0..<network.nodeCount).map { agent in
      network.incoming(NodeID(agent)).map { network.senders[$0].index }
    }
  }
}
