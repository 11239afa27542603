// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// The accounts of all links of a run, as a row of the table `link_account`.
///
/// What they say together is text and read with the run. The links themselves may be many: they have a digest of their own,
/// which that of the run covers, and are read and compared when somebody asks for them.
struct LinkAccountRow: Sendable {
  /// Where the links are.
  enum Source: Sendable {
    case memory([LinkAccount])
    /// The number of the run that they are of in a file.
    case row(Int64)
  }

  /// What the links say together, as JSON.
  var content: String
  /// The names of the columns, as a JSON list.
  var columns: String
  var count: Int
  /// The length of the blob.
  var bytes: Int
  /// Over the blob, as 16 hexadecimal digits.
  var digest: String
  var source: Source

  /// - Throws: where the accounts cannot be written as JSON.
  init(_ accounts: LinkAccounts) throws {
    let links = accounts.links ?? []
    let data = links.blob
    content = try json(accounts)
    columns = try json(LinkColumn.all.map(\.name))
    (count, bytes, digest, source) = (links.count, data.count, Self.digest(of: data), .memory(links))
  }

  /// The accounts without the links.
  ///
  /// - Throws: where the text is none.
  func accounts() throws -> LinkAccounts { try decoded(content) }

  /// Adds everything that the row says to the digest of its run.
  func add(to digest: inout Digest) {
    for text in [content, columns, self.digest] { digest.add(text) }
    for number in [count, bytes] { digest.add(UInt64(number)) }
  }

  private static func digest(of blob: Data) -> String {
    var digest = Digest()
    blob.withUnsafeBytes { digest.add($0) }
    digest.add(UInt64(blob.count))
    return hexadecimal(digest.value)
  }
}

extension LinkAccountRow {
  /// What a run keeps, without the links; nothing where it keeps none.
  static func one(_ database: Database, of run: Int64) throws -> LinkAccountRow? {
    let query = try database.cachedStatement(
      sql: "SELECT content, columns, count, length(data) AS bytes, digest FROM link_account WHERE run = ?")
    return try Row.fetchOne(query, arguments: [run]).map { row in
      LinkAccountRow(
        content: try row.value("content"), columns: try row.value("columns"), count: try row.value("count"),
        bytes: try row.value("bytes"), digest: try row.value("digest"), source: .row(run))
    }
  }

  private init(content: String, columns: String, count: Int, bytes: Int, digest: String, source: Source) {
    (self.content, self.columns, self.count) = (content, columns, count)
    (self.bytes, self.digest, self.source) = (bytes, digest, source)
  }

  /// The links as numbers, compared with their digest where they come from a file.
  ///
  /// - Parameter database: where the row is, if it is in a file.
  /// - Throws: `RowError` where they have changed.
  private func blob(in database: Database?) throws -> Data {
    switch source {
    case .memory(let links): return links.blob
    case .row(let run):
      let query = "SELECT data FROM link_account WHERE run = ?"
      let row = try database.flatMap { try Row.fetchOne($0.cachedStatement(sql: query), arguments: [run]) }
      let data: Data? = try row?.value("data")
      guard let data, data.count == bytes, Self.digest(of: data) == digest else {
        throw RowError("the accounts of links have changed")
      }
      return data
    }
  }

  /// The accounts with the links.
  ///
  /// - Throws: `RowError` where they have changed.
  func accounts(in database: Database) throws -> LinkAccounts {
    var accounts = try accounts()
    let names: [String] = try decoded(columns)
    guard let links = [LinkAccount](try blob(in: database), columns: names, count: count) else {
      throw RowError("the accounts of links are of no such columns")
    }
    accounts.links = links
    return accounts
  }

  /// Adds the row to a run.
  ///
  /// - Parameter origin: the file that the links come from, if they come from one.
  func insert(_ database: Database, run: Int64, from origin: Database?) throws {
    let insertion = try database.cachedStatement(
      sql: "INSERT INTO link_account (run, content, columns, count, digest, data) VALUES (?, ?, ?, ?, ?, ?)")
    try insertion.execute(arguments: [run, content, columns, count, digest, try blob(in: origin)])
  }
}
