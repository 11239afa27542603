// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Tables that laws point to. Equal contents share one table, so pointers are equal when contents are; no table is
/// ever freed or written again, so a law stays a trivial value that any thread may use.
///
/// What a program leaks by this is what its scenarios say: a few kilobytes, or the numbers of a file.
final class ImmortalTables<Content: Hashable & Sendable>: @unchecked Sendable {
  // Sendable: both maps are touched under the lock only.
  private let lock = NSLock()
  private var tables: [Content: UnsafeRawPointer] = [:]
  private var contents: [UnsafeRawPointer: Content] = [:]

  /// The table of a content, made of these elements when it is new.
  func table<Element: BitwiseCopyable>(of content: Content, elements: [Element]) -> UnsafeRawPointer {
    lock.withLock {
      if let table = tables[content] { return table }
      let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, elements.count))
      _ = memory.initialize(from: elements)
      guard let base = memory.baseAddress else { preconditionFailure("A table has at least one element.") }
      let table = UnsafeRawPointer(base)
      tables[content] = table
      contents[table] = content
      return table
    }
  }

  /// What a table was made of.
  func content(of table: UnsafeRawPointer?) -> Content {
    let content = lock.withLock { table.flatMap { contents[$0] } }
    guard let content else { preconditionFailure("A law points to a table that nobody made.") }
    return content
  }
}
