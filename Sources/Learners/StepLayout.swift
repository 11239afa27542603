// SPDX-License-Identifier: GPL-3.0-or-later

/// A part of an agent's parameters, by name.
public struct ParameterBlock: Sendable, Equatable {
  /// No two blocks of a learner share it.
  public let name: String
  /// How many numbers it has.
  public let count: Int
  /// Whether agents send and combine it; else each agent has its own, which nobody ever hears of.
  public let isShared: Bool

  /// What agents send and combine.
  public static func shared(_ name: String, _ count: Int) -> ParameterBlock {
    ParameterBlock(name: name, count: count, isShared: true)
  }

  /// What each agent has for itself.
  public static func own(_ name: String, _ count: Int) -> ParameterBlock {
    ParameterBlock(name: name, count: count, isShared: false)
  }
}

/// How the parameters of an agent lie in their row, and which of them each phase of a local step changes.
///
///     row of an agent    │ critic │ actor │ value │ policy │
///                        ╰─── shared ─────╯╰──── own ──────╯
///     phases: [["critic", "value"], ["actor", "policy"]]
///
/// A phase is *adapt, send, combine* of its shared blocks, which messages carry and nothing else. Its own blocks change
/// with the step, are never sent and never combined, and cost no bytes.
public struct StepLayout: Sendable, Equatable {
  /// The parameters that one phase changes.
  public struct Phase: Sendable, Equatable {
    /// What is sent and combined after it; not empty.
    public let shared: Range<Int>
    /// What the agent keeps for itself; empty where there is none.
    public let own: Range<Int>
  }

  /// Shared ones first.
  public let blocks: [ParameterBlock]
  /// In the order in which a step takes them.
  public let phases: [Phase]

  /// One phase for one block, which is shared.
  ///
  /// *Edge cases*: without parameters there is a phase yet, of nothing.
  public init(all parameters: Int) {
    blocks = [.shared("parameters", parameters)]
    phases = [Phase(shared: 0..<parameters, own: parameters..<parameters)]
  }

  /// One phase for all blocks.
  public init(_ blocks: [ParameterBlock]) { self.init(blocks, phases: [blocks.map(\.name)]) }

  /// - Parameters:
  ///   - blocks: shared ones first.
  ///   - phases: the names of the blocks that each phase changes: neighbours in the row, at least one of them shared.
  ///     All together they name every block.
  public init(_ blocks: [ParameterBlock], phases: [[String]]) {
    self.blocks = blocks
    let firstOwn = blocks.firstIndex { !$0.isShared } ?? blocks.count
    precondition(blocks[firstOwn...].allSatisfy { !$0.isShared }, "Shared blocks come before an agent's own.")
    precondition(Set(blocks.map(\.name)).count == blocks.count, "Blocks have different names.")
    precondition((1...Int(UInt8.max)).contains(phases.count), "A step has 1 to 255 phases.")
    precondition(
      Set(phases.joined()) == Set(blocks.map(\.name)), "The phases name every block, and nothing that is no block.")
    self.phases = phases.map { names in
      Phase(
        shared: Self.range(of: names, in: blocks, from: 0, to: firstOwn),
        own: Self.range(of: names, in: blocks, from: firstOwn, to: blocks.count))
    }
    precondition(self.phases.allSatisfy { !$0.shared.isEmpty }, "A phase has something to send.")
  }

  /// Where the blocks of these names lie that have positions from one to another.
  private static func range(
    of names: [String], in blocks: [ParameterBlock], from first: Int, to end: Int
  ) -> Range<Int> {
    let positions = (first..<end).filter { names.contains(blocks[$0].name) }
    guard let least = positions.first, let last = positions.last else {
      let start = blocks[..<first].reduce(0) { $0 + $1.count }
      return start..<start
    }
    precondition(last - least + 1 == positions.count, "The blocks of a phase lie side by side.")
    let start = blocks[..<least].reduce(0) { $0 + $1.count }
    return start..<start + blocks[least...last].reduce(0) { $0 + $1.count }
  }

  /// The number M of all parameters.
  package var parameterCount: Int { blocks.reduce(0) { $0 + $1.count } }

  /// How many of them, the first ones of a row, are shared.
  package var sharedCount: Int { blocks.reduce(0) { $0 + ($1.isShared ? $1.count : 0) } }

  /// The number of phases of a local step, each with messages of its own.
  package var phaseCount: Int { phases.count }
}
