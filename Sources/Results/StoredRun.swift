// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Records

/// A finished run as results keep it: what the run left behind, and how long the machine took. As JSON it is without
/// the parameters that the run keeps.
package struct StoredRun: Sendable, Equatable {
  package var record: RunRecord
  /// Seconds of real time.
  package var wallSeconds: Double

  package init(record: RunRecord, wallSeconds: Double) {
    self.record = record
    self.wallSeconds = wallSeconds
  }
}

extension StoredRun: Codable {
  private enum Field: String, CodingKey {
    case arm, replication, seed, fingerprint, ending, endTime, grid, series, finals, target, messages, staleness
    case agents, engine, taskReturns, wallSeconds
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(record.identity.arm, forKey: .arm)
    try fields.encode(record.identity.replication, forKey: .replication)
    try fields.encode(record.identity.seed, forKey: .seed)
    try fields.encode(hexadecimal(record.fingerprint), forKey: .fingerprint)
    try fields.encode(record.ending, forKey: .ending)
    try fields.encode(record.endTime, forKey: .endTime)
    try fields.encode(record.grid, forKey: .grid)
    try fields.encode(record.series, forKey: .series)
    try fields.encode(record.finals, forKey: .finals)
    try fields.encodeIfPresent(record.target, forKey: .target)
    try fields.encode(record.messages, forKey: .messages)
    try fields.encode(record.staleness, forKey: .staleness)
    try fields.encode(record.agents, forKey: .agents)
    try fields.encode(record.engine, forKey: .engine)
    try fields.encodeIfPresent(record.taskReturns, forKey: .taskReturns)
    try fields.encode(wallSeconds, forKey: .wallSeconds)
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    let digits = try fields.decode(String.self, forKey: .fingerprint)
    guard let fingerprint = UInt64(digits, radix: 16) else {
      throw DecodingError.dataCorruptedError(
        forKey: .fingerprint, in: fields, debugDescription: "A fingerprint is 16 hexadecimal digits.")
    }
    record = RunRecord(
      identity: RunRecord.Identity(
        arm: try fields.decode(String.self, forKey: .arm),
        replication: try fields.decode(Int.self, forKey: .replication),
        seed: try fields.decode(UInt64.self, forKey: .seed)),
      fingerprint: fingerprint,
      ending: try fields.decode(RunRecord.Ending.self, forKey: .ending),
      endTime: try fields.decode(Double.self, forKey: .endTime),
      grid: try fields.decode([Double].self, forKey: .grid),
      series: try fields.decode([RunRecord.Series].self, forKey: .series),
      finals: try fields.decode([String: Double].self, forKey: .finals),
      target: try fields.decodeIfPresent(RunRecord.TargetReached.self, forKey: .target),
      messages: try fields.decode(MessageFates.self, forKey: .messages),
      staleness: try fields.decode(Staleness.self, forKey: .staleness),
      agents: try fields.decode([AgentAccount].self, forKey: .agents),
      engine: try fields.decode(EngineCounts.self, forKey: .engine),
      taskReturns: try fields.decodeIfPresent(TaskReturns.self, forKey: .taskReturns))
    wallSeconds = try fields.decode(Double.self, forKey: .wallSeconds)
  }
}

/// A run that could not be carried to its end.
package struct FailedRun: Sendable, Codable, Equatable {
  package var identity: RunRecord.Identity
  /// What the simulation said, a sentence.
  package var error: String

  package init(identity: RunRecord.Identity, error: String) {
    self.identity = identity
    self.error = error
  }
}
