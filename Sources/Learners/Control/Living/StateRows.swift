// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities

/// States of a control task in a row, as bytes.
struct StateRows: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let stride: Int
  let count: Int

  /// Rows of zeros.
  init(_ task: SoloTask, count: Int) {
    stride = task.stride
    self.count = count
    base = .allocate(byteCount: max(1, count * stride), alignment: task.alignment)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: count * stride)
  }

  deinit { base.deallocate() }

  /// The state in a row.
  @inline(__always)
  subscript(row: Int) -> UnsafeMutableRawPointer {
    assert(row >= 0 && row < count, "A row is one of those there are.")
    return base + row * stride
  }

  /// Copies a state into a row.
  @inline(__always)
  func copy(_ state: UnsafeRawPointer, to row: Int) { self[row].copyMemory(from: state, byteCount: stride) }

  var bytes: Int { count * stride }

  func visit(_ memory: inout RunMemory, _ name: StaticString, from row: Int, count: Int) throws(RunMemoryFault) {
    let place = (base + row * stride).assumingMemoryBound(to: UInt8.self)
    try memory.values(name, place, count: count * stride)
  }
}
