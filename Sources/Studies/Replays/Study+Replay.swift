// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Scenarios
import Simulation

extension Study {
  /// Numbers of parameters that are kept for the colours of a replay, at most.
  private static let mostParameters = 40_000_000
  /// Times at which they are.
  private static let looks = 160

  /// Carries one run out again and gathers what a replay draws.
  ///
  /// What it keeps beyond the study's own runs changes nothing in a run, nor its fingerprint.
  ///
  /// - Parameters:
  ///   - run: one of the plan.
  ///   - span: between what virtual times, in seconds, it plays; an end beyond that of the run is the run's.
  ///   - jobs: threads for the steps of agents that may be computed elsewhere.
  /// - Returns: the replay, and the record of the run.
  /// - Throws: `StudyError` where the run cannot be carried out, `CancellationError` after a cancellation.
  package func replay(
    of run: RunRecord.Identity, span: ClosedRange<Double> = 0...Double.infinity,
    limits: Replay.Limits = Replay.Limits(), jobs: Int = 1, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> (replay: Replay, record: RunRecord) {
    guard let arm = scenario.arms.firstIndex(where: { $0.name == run.arm }) else {
      throw StudyError(description: "there is no arm '\(run.arm)'")
    }
    var settings = scenario.arms[arm].settings
    let until = settings.measurement.until.seconds
    let drawn = min(span.lowerBound, until)...min(span.upperBound, until)
    let world = try world(of: run, settings, arm: arm)
    if let interval = Self.interval(settings, agents: world.agents.nodeCount, in: drawn) {
      settings.measurement.keeping = .every(interval)
    }
    let (traced, causes, writer) = try trace(run, settings, in: world, jobs: jobs, isCancelled: isCancelled) {
      ReplayWriter($0, limits: limits, span: drawn)
    }
    guard let writer = writer as? ReplayWriter else { throw StudyError(description: "the replay was lost") }
    let nodes = min(world.network.nodeCount, limits.agents)
    let names = Array(world.network.names.prefix(nodes))
    let number = writer.changes.compactMap(\.cause).max().map { $0 + 1 } ?? 0
    let end = max(drawn.lowerBound, min(writer.end, traced.record.endTime))
    let replay = Replay(
      run: run, names: names, positions: Self.positions(in: world, nodes: nodes),
      agentCount: min(world.agents.nodeCount, nodes), links: writer.links, span: drawn.lowerBound...end,
      messages: writer.keptMessages, messageCount: writer.messageCount, oneInSoMany: writer.oneInSoMany,
      changes: writer.changes, causes: (0..<number).map { causes.name(UInt16($0 + 1)) ?? "" },
      computing: writer.shares,
      disagreement: Replay.Disagreement(traced.record.parameters, of: names, in: drawn.lowerBound...end),
      leftOut: writer.leftOut)
    return (replay, traced.record)
  }

  private static func positions(in world: World, nodes: Int) -> [SIMD2<Double>]? {
    guard let positions = world.network.positions, positions.count >= nodes else { return nil }
    return Array(positions.prefix(nodes))
  }

  /// How often parameters are kept; nothing where they are too many.
  private static func interval(
    _ settings: SimulationSettings, agents: Int, in span: ClosedRange<Double>
  ) -> VirtualDuration? {
    let numbers = max(1, settings.parameterCount * agents)
    let until = settings.measurement.until.seconds
    let wanted = Double(looks) * until / max(span.upperBound - span.lowerBound, until / 1000)
    let possible = min(wanted, Double(mostParameters / numbers))
    guard possible >= 8 else { return nil }
    let seconds = max(until / possible, settings.measurement.every.seconds)
    return VirtualDuration(nanoseconds: Int64((seconds * 1e9).rounded(.up)))
  }
}

extension Replay.Disagreement {
  /// What agents' parameters say at the times at which they were kept, in a span; nothing where that was at fewer than two
  /// times.
  init?(_ kept: [KeptParameters], of names: [String], in span: ClosedRange<Double>) {
    let ranks = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    var (times, values) = ([Double](), [[Double]]())
    var start = 0
    while start < kept.count {
      let time = kept[start].time
      let end = kept[start...].firstIndex { $0.time != time } ?? kept.count
      defer { start = end }
      guard span.contains(time) else { continue }
      var row = Array(repeating: Double.nan, count: names.count)
      let distances = Self.distances(kept[start..<end].map(\.values))
      for (entry, distance) in zip(kept[start..<end], distances) {
        if let rank = ranks[entry.agent] { row[rank] = distance }
      }
      times.append(time)
      values.append(row)
    }
    guard times.count > 1 else { return nil }
    self.init(times: times, values: values)
  }

  /// The squared distance of each from the mean of all.
  private static func distances(_ values: [KeptParameters.Values]) -> [Double] {
    let rows: [[Double]] = values.map { values in
      switch values {
      case .single(let numbers): numbers.map(Double.init)
      case .double(let numbers): numbers
      }
    }
    guard let count = rows.map(\.count).min() else { return [] }
    var mean = Array(repeating: 0.0, count: count)
    for row in rows { for index in 0..<count { mean[index] += row[index] } }
    for index in 0..<count { mean[index] /= Double(rows.count) }
    return rows.map { row in
      (0..<count).reduce(0) { $0 + (row[$1] - mean[$1]) * (row[$1] - mean[$1]) }
    }
  }
}
