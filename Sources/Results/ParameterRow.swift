// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// Parameters that a run keeps, as a row of the table `parameters`.
///
/// The values may be a thousand times larger than the rest of a run. They have a digest of their own, and the digest of
/// the run covers that: a study is read and compared without them, and they are compared when somebody asks for them.
struct ParameterRow: Sendable {
  /// Where the values are.
  enum Source: Sendable {
    case memory(KeptParameters.Values)
    /// The number of a row of a file.
    case row(Int64)
  }

  var agent: String
  var time: Double
  var precision: String
  /// The length of the blob.
  var bytes: Int
  /// Over the blob, as 16 hexadecimal digits.
  var digest: String
  var source: Source

  init(_ kept: KeptParameters) {
    let blob = kept.values.blob
    agent = kept.agent
    time = kept.time + 0  // Zero without a sign, as SQLite keeps it.
    precision = kept.values.precision
    bytes = blob.count
    digest = Self.digest(of: blob)
    source = .memory(kept.values)
  }

  /// Adds everything that the row says to the digest of its run.
  func add(to digest: inout Digest) {
    for text in [agent, precision, self.digest] { digest.add(text) }
    digest.add(time)
    digest.add(UInt64(bytes))
  }

  private static func digest(of blob: Data) -> String {
    var digest = Digest()
    blob.withUnsafeBytes { digest.add($0) }
    digest.add(UInt64(blob.count))
    return hexadecimal(digest.value)
  }
}

extension ParameterRow {
  /// What a run keeps, in the order in which it was written, without the values.
  static func all(_ database: Database, of run: Int64) throws -> [ParameterRow] {
    // SQLite tells the length of a blob without reading it.
    let query = try database.cachedStatement(
      sql: """
        SELECT id, agent, time, precision, length(data) AS bytes, digest FROM parameters WHERE run = ? ORDER BY position
        """)
    return try Row.fetchAll(query, arguments: [run]).map { try ParameterRow($0) }
  }

  private init(_ row: Row) throws {
    agent = try row.value("agent")
    time = try row.value("time")
    precision = try row.value("precision")
    bytes = try row.value("bytes")
    digest = try row.value("digest")
    source = .row(try row.value("id"))
  }

  /// The blob, compared with its digest where it comes from a file.
  ///
  /// - Parameter database: where the row is, if it is in a file.
  /// - Throws: `RowError` where the blob has changed.
  func blob(in database: Database?) throws -> Data {
    switch source {
    case .memory(let values): return values.blob
    case .row(let id):
      let query = "SELECT data FROM parameters WHERE id = ?"
      let row = try database.flatMap { try Row.fetchOne($0.cachedStatement(sql: query), arguments: [id]) }
      let data: Data? = try row?.value("data")
      guard let data, data.count == bytes, Self.digest(of: data) == digest else {
        throw RowError("the parameters of agent '\(agent)' at \(time) s have changed")
      }
      return data
    }
  }

  /// The parameters with their values.
  ///
  /// - Throws: `RowError` where they have changed.
  func parameters(in database: Database) throws -> KeptParameters {
    guard let values = KeptParameters.Values(precision: precision, blob: try blob(in: database)) else {
      throw RowError("the parameters of agent '\(agent)' are of no precision")
    }
    return KeptParameters(agent: agent, time: time, values: values)
  }

  /// Adds the row to those of a run.
  ///
  /// - Parameter origin: the file that the values come from, if they come from one.
  func insert(_ database: Database, run: Int64, position: Int, from origin: Database?) throws {
    let insertion = try database.cachedStatement(
      sql: "INSERT INTO parameters (run, position, agent, time, precision, digest, data) VALUES (?, ?, ?, ?, ?, ?, ?)")
    try insertion.execute(arguments: [run, position, agent, time, precision, digest, try blob(in: origin)])
  }
}

extension KeptParameters.Values {
  /// As the table says it.
  var precision: String {
    switch self {
    case .single: "single"
    case .double: "double"
    }
  }

  /// As IEEE numbers in little-endian order.
  var blob: Data {
    switch self {
    case .single(let values): values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
    case .double(let values): Results.blob(values)
    }
  }

  /// Nothing where the precision is unknown, or the blob no whole number of values.
  init?(precision: String, blob: Data) {
    switch precision {
    case "single" where blob.count.isMultiple(of: 4):
      self = .single(
        blob.withUnsafeBytes { bytes in
          (0..<bytes.count / 4).map {
            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
          }
        })
    case "double" where blob.count.isMultiple(of: 8): self = .double(numbers(blob))
    default: return nil
    }
  }
}
