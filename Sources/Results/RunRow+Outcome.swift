// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records

extension RunRow {
  /// A run that failed, as the other outcome.
  struct Failure: Error {
    let run: FailedRun
  }

  /// What a run came to, without its curves and accounts.
  ///
  /// - Parameter last: the end of its curves, for a run that did not reach its target.
  static func outcome(
    _ row: Row, seed: UInt64, last: () throws -> [RunRecord.Series]
  ) throws -> Result<StoredRun, Failure> {
    let identity = RunRecord.Identity(arm: try row.value("arm"), replication: try row.value("replication"), seed: seed)
    if let error: String = try row.optional("error") {
      return .failure(Failure(run: FailedRun(identity: identity, error: error)))
    }
    guard let ending = RunRecord.Ending(rawValue: try row.value("ending")),
      let fingerprint = UInt64(try row.value("fingerprint") as String, radix: 16)
    else { throw RowError() }
    var target: RunRecord.TargetReached?
    if let time: Double = try row.optional("target_time") {
      target = RunRecord.TargetReached(
        time: time, updates: try row.optional("target_updates") ?? .nan,
        messages: try row.optional("target_messages") ?? .nan, bytes: try row.optional("target_bytes") ?? .nan,
        joules: try row.optional("target_joules"))
    }
    let series = try target == nil ? last() : []
    let grid = series.isEmpty ? [] : numbers(try row.value("grid"))
    let record = RunRecord(
      identity: identity, fingerprint: fingerprint, ending: ending, endTime: try row.value("end_time"), grid: grid,
      series: series, finals: try decoded(try row.value("finals")), target: target, messages: MessageFates(),
      staleness: Staleness(), agents: [], engine: EngineCounts())
    return .success(StoredRun(record: record, wallSeconds: try row.value("wall_seconds")))
  }
}
