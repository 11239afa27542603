// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Which links are cut, and which of the messages on them a cut has lost.
///
/// A cut costs O(1) for each link: it raises the number of cuts of the link, and a message that arrives with an older
/// number was lost on its way.
struct LinkCuts: ~Copyable {
  /// Whether links can be cut in this run; where not, nobody asks for anything else.
  let canCut: Bool
  /// How many causes cut each link.
  private let causes: Column<UInt32>
  /// How many cuts have lost what was travelling, by link.
  private let losses: Column<UInt32>
  /// The message in service, by link; `none` where it is lost anyway.
  private let inService: Column<UInt32>

  static let none = UInt32.max

  init(canCut: Bool, links: Int) {
    self.canCut = canCut
    let count = canCut ? links : 0
    causes = Column(repeating: 0, count: count)
    losses = Column(repeating: 0, count: count)
    inService = Column(repeating: Self.none, count: count)
  }

  /// Whether a cause cuts a link.
  @inline(__always)
  func isCut(_ link: LinkID) -> Bool { canCut && causes[link.index] > 0 }

  /// The number that a message carries which starts now.
  func number(of link: LinkID) -> UInt32 { losses[link.index] }

  /// Keeps in mind what is in service.
  func serve(_ message: UInt32, on link: LinkID) { inService[link.index] = message }

  /// What is in service, which is nobody's any more.
  func interrupt(_ link: LinkID) -> UInt32 {
    defer { inService[link.index] = Self.none }
    return inService[link.index]
  }

  /// Loses whatever travels over a link.
  func loseTravelling(on link: LinkID) { losses[link.index] += 1 }

  /// - Returns: whether the link was whole.
  func addCause(to link: LinkID) -> Bool {
    causes[link.index] += 1
    return causes[link.index] == 1
  }

  /// - Returns: whether the link is whole again.
  func removeCause(from link: LinkID) -> Bool {
    precondition(causes[link.index] > 0, "A cause that ends has begun.")
    causes[link.index] -= 1
    return causes[link.index] == 0
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("causes of cuts", causes)
    try memory.column("cuts that lost messages", losses)
    try memory.column("messages in service", inService)
  }
}
