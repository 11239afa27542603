// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Simulation

/// Takes what happens from a run, a strip at a time, and has a thread of its own write it down: so the run waits for the
/// writer only where that is slower.
///
/// Strips are written in the order in which the run has filled them, so the bytes are those of a single thread.
final class TraceThread: @unchecked Sendable {
  /// Occurrences on a strip.
  private static let stripLength = 2048
  private static let stripCount = 8
  /// Strips that make it worth waking a thread that waits, as that takes longer than to write a strip.
  private static let worthWaking = 4

  private let condition = NSCondition()
  /// All that follows is guarded by `condition`, but for the writer, which is the thread's until that has ended.
  private var empty: [RunObserver.Strip] = []
  private var full: [(strip: RunObserver.Strip, count: Int)] = []
  private var isOver = false
  private var hasEnded = false
  private var hasTrouble = false
  private var writer: any TraceWriter
  private let strips: [RunObserver.Strip]

  init(_ writer: any TraceWriter) {
    self.writer = writer
    strips = (0..<Self.stripCount).map { _ in .allocate(capacity: Self.stripLength) }
    empty = Array(strips.dropFirst())
    let thread = Thread { [self] in work() }
    thread.start()
  }

  deinit { for strip in strips { strip.deallocate() } }

  /// The strip that a run begins with.
  var first: RunObserver.Strip { strips[0] }

  /// Whether nothing more can be written.
  var isBroken: Bool {
    condition.lock()
    defer { condition.unlock() }
    return hasTrouble
  }

  /// Takes a strip with so many occurrences, and gives an empty one; waits for it where the writer is behind.
  func take(_ strip: RunObserver.Strip, _ count: Int) -> RunObserver.Strip {
    condition.lock()
    defer { condition.unlock() }
    full.append((strip, count))
    if full.count >= Self.worthWaking { condition.signal() }
    while empty.isEmpty { condition.wait() }
    return empty.removeLast()
  }

  /// Waits until all has been written.
  ///
  /// - Returns: the writer.
  func end() -> any TraceWriter {
    condition.lock()
    defer { condition.unlock() }
    isOver = true
    condition.broadcast()
    while !hasEnded { condition.wait() }
    return writer
  }

  private func work() {
    while let piece = next() {
      writer.write(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(piece.strip)[..<piece.count]))
      condition.lock()
      hasTrouble = writer.trouble != nil
      empty.append(piece.strip)
      if empty.count >= Self.worthWaking { condition.signal() }
      condition.unlock()
    }
    writer.finish()
    condition.lock()
    hasEnded = true
    condition.broadcast()
    condition.unlock()
  }

  private func next() -> (strip: RunObserver.Strip, count: Int)? {
    condition.lock()
    defer { condition.unlock() }
    while full.isEmpty, !isOver { condition.wait() }
    return full.isEmpty ? nil : full.removeFirst()
  }
}
