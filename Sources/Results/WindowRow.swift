// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// A window of which a run keeps the realised combination matrices, as a row of the table `window`.
///
/// What the matrices say is text and read with the run. The matrices themselves may be large: they have a digest of their
/// own, which that of the run covers, and are read and compared when somebody asks for them.
struct WindowRow: Sendable {
  /// Where the matrices are.
  enum Source: Sendable {
    case memory(RealisedWindow.Matrices)
    /// The number of a row of a file.
    case row(Int64)
  }

  /// A window without its matrices, as JSON.
  var content: String
  /// The lengths of both blobs.
  var bytes: Int
  /// Over both blobs, as 16 hexadecimal digits.
  var digest: String
  var source: Source

  /// - Throws: where the window cannot be written as JSON.
  init(_ window: RealisedWindow) throws {
    let matrices = window.matrices ?? RealisedWindow.Matrices(uses: [], product: nil)
    content = try json(window)
    bytes = matrices.usesBlob.count + (matrices.productBlob?.count ?? 0)
    digest = Self.digest(matrices.usesBlob, matrices.productBlob)
    source = .memory(matrices)
  }

  /// The window without its matrices.
  ///
  /// - Throws: where the text is none.
  func window() throws -> RealisedWindow { try decoded(content) }

  /// Adds everything that the row says to the digest of its run.
  func add(to digest: inout Digest) {
    for text in [content, self.digest] { digest.add(text) }
    digest.add(UInt64(bytes))
  }

  private static func digest(_ uses: Data, _ product: Data?) -> String {
    var digest = Digest()
    for blob in [uses, product ?? Data()] {
      blob.withUnsafeBytes { digest.add($0) }
      digest.add(UInt64(blob.count))
    }
    return hexadecimal(digest.value)
  }
}

extension WindowRow {
  /// What a run keeps, in the order of time, without the matrices.
  static func all(_ database: Database, of run: Int64) throws -> [WindowRow] {
    let query = try database.cachedStatement(
      sql: """
        SELECT id, content, length(uses) + coalesce(length(product), 0) AS bytes, digest FROM window WHERE run = ?
        ORDER BY position
        """)
    return try Row.fetchAll(query, arguments: [run]).map { try WindowRow($0) }
  }

  private init(_ row: Row) throws {
    content = try row.value("content")
    bytes = try row.value("bytes")
    digest = try row.value("digest")
    source = .row(try row.value("id"))
  }

  /// The blobs of both matrices, compared with their digest where they come from a file.
  ///
  /// - Parameter database: where the row is, if it is in a file.
  /// - Throws: `RowError` where they have changed.
  private func blobs(in database: Database?) throws -> (uses: Data, product: Data?) {
    switch source {
    case .memory(let matrices): return (matrices.usesBlob, matrices.productBlob)
    case .row(let id):
      let query = "SELECT uses, product FROM window WHERE id = ?"
      let row = try database.flatMap { try Row.fetchOne($0.cachedStatement(sql: query), arguments: [id]) }
      let uses: Data? = try row?.value("uses")
      let product: Data? = try row?.optional("product")
      guard let uses, Self.digest(uses, product) == digest else {
        throw RowError("the matrices of a window have changed")
      }
      return (uses, product)
    }
  }

  /// The window with its matrices.
  ///
  /// - Throws: `RowError` where they have changed.
  func window(in database: Database) throws -> RealisedWindow {
    var window = try window()
    let (uses, product) = try blobs(in: database)
    guard let matrices = RealisedWindow.Matrices(uses: uses, product: product, agents: window.ownWeights.count) else {
      throw RowError("the matrices of a window are of other agents")
    }
    window.matrices = matrices
    return window
  }

  /// Adds the row to those of a run.
  ///
  /// - Parameter origin: the file that the matrices come from, if they come from one.
  func insert(_ database: Database, run: Int64, position: Int, from origin: Database?) throws {
    let (uses, product) = try blobs(in: origin)
    let window = try window()
    let insertion = try database.cachedStatement(
      sql: """
        INSERT INTO window (run, position, "start", "end", content, digest, uses, product) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try insertion.execute(
      arguments: [run, position, window.start, window.end, content, digest, uses, product])
  }
}

extension RealisedWindow.Matrices {
  /// Six numbers for each link that was used.
  fileprivate var usesBlob: Data {
    blob(
      uses.flatMap { use in
        [Double(use.sender), Double(use.receiver), Double(use.uses), use.weight, use.meanAge, use.largestAge]
      })
  }

  fileprivate var productBlob: Data? { product.map { blob($0) } }

  /// Nothing where blobs are not of so many agents.
  fileprivate init?(uses: Data, product: Data?, agents: Int) {
    guard uses.count.isMultiple(of: 48) else { return nil }
    let rows = numbers(uses)
    let product = product.map { numbers($0) }
    guard product.map({ $0.count == agents * agents }) ?? true else { return nil }
    var list: [RealisedWindow.LinkUse] = []
    for start in stride(from: 0, to: rows.count, by: 6) {
      guard let sender = Int(exactly: rows[start]), let receiver = Int(exactly: rows[start + 1]),
        let count = UInt64(exactly: rows[start + 2]), (0..<agents).contains(sender), (0..<agents).contains(receiver)
      else { return nil }
      list.append(
        RealisedWindow.LinkUse(
          sender: sender, receiver: receiver, uses: count, weight: rows[start + 3], meanAge: rows[start + 4],
          largestAge: rows[start + 5]))
    }
    self.init(uses: list, product: product)
  }
}
