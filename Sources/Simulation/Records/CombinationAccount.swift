// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What agents gave weight to in the combinations of the present window, by link.
///
/// A combination is gathered term by term and then counted; the terms share one room.
struct CombinationAccount: ~Copyable {
  /// Sums over the combinations of a link's receiver that used an estimate of its sender.
  struct Use: BitwiseCopyable {
    var uses: UInt64 = 0
    var weight = 0.0
    /// Σ weight × age, in nanoseconds.
    var weightedAge = 0.0
    var largestAge = VirtualDuration.zero

    static var none: Use { Use() }
  }

  /// A neighbour's estimate in a combination.
  struct Term: BitwiseCopyable {
    var link: UInt32
    var weight: Double
    var age: VirtualDuration
    /// Where the estimate is in the pool of snapshots.
    var slot: UInt32

    static var none: Term { Term(link: 0, weight: 0, age: .zero, slot: .max) }
  }

  /// The terms of the combination that is being gathered.
  let terms: Column<Term>
  /// By link.
  let uses: Column<Use>
  /// By agent.
  let combinations: Column<UInt64>
  let ownWeights: Column<Double>
  /// The updates of each agent when the window began.
  let updatesBefore: Column<UInt64>

  init(links: Int, agents: Int, widest: Int) {
    terms = Column(repeating: .none, count: widest)
    uses = Column(repeating: .none, count: links)
    combinations = Column(repeating: 0, count: agents)
    ownWeights = Column(repeating: 0, count: agents)
    updatesBefore = Column(repeating: 0, count: agents)
  }

  /// Counts a combination of the terms gathered.
  func count(of node: NodeID, terms count: Int) {
    var own = 1.0
    for index in 0..<count {
      let term = terms[index]
      own -= term.weight
      let link = Int(term.link)
      uses[link].uses += 1
      uses[link].weight += term.weight
      uses[link].weightedAge += term.weight * Double(term.age.nanoseconds)
      uses[link].largestAge = max(uses[link].largestAge, term.age)
    }
    combinations[node.index] += 1
    ownWeights[node.index] += own
  }

  /// Divides the weights gathered by what is present of one.
  func divide(terms count: Int, by present: Double) {
    for index in 0..<count { terms[index].weight /= present }
  }

  /// Gives all of a combination the same weight, the agent's own estimate included.
  func share(terms count: Int) {
    for index in 0..<count { terms[index].weight = 1 / Double(1 + count) }
  }

  /// Begins a window.
  func clear() {
    for link in 0..<uses.count { uses[link] = .none }
    for agent in 0..<combinations.count { (combinations[agent], ownWeights[agent]) = (0, 0) }
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("uses of links", uses)
    try memory.column("combinations", combinations)
    try memory.column("own weights", ownWeights)
    try memory.column("updates before the window", updatesBefore)
  }
}
