// SPDX-License-Identifier: GPL-3.0-or-later

/// Averaging in slots while links are cut at known slots and nothing is left to chance: x_k ← Σ_l c_lk x_l, where the weight
/// of a cut link returns to its receiver, or the weights are those of the graph without it.
package struct ScriptedConsensus: Sendable {
  /// What there is of links from the start of a slot on.
  package struct Event: Sendable, Equatable {
    package let slot: Int
    package let conditions: ScriptedRecursion.Conditions

    package init(slot: Int, conditions: ScriptedRecursion.Conditions) {
      self.slot = slot
      self.conditions = conditions
    }
  }

  private let combination: CombinationMatrix
  private let events: [Event]

  /// - Parameters:
  ///   - combination: what holds at the start.
  ///   - events: in rising order of slots; their messages arrive or do not, for certain.
  package init(_ combination: CombinationMatrix, events: [Event]) {
    precondition(zip(events, events.dropFirst()).allSatisfy { $0.slot <= $1.slot }, "Events are in rising order.")
    precondition(
      events.allSatisfy { $0.conditions.deliveryProbabilities.allSatisfy { $0 == 0 || $0 == 1 } },
      "Nothing is left to chance.")
    self.combination = combination
    self.events = events
  }

  /// The values of all agents at the start of some slots.
  ///
  /// - Parameters:
  ///   - start: x at the start, one number per agent.
  ///   - slots: in rising order.
  ///   - operationLimit: the most multiplications to wait for.
  /// - Throws: `tooExpensive` beyond the limit.
  package func values(
    from start: [Double], at slots: [Int], operationLimit: Double = 1e10
  ) throws(TheoryError) -> [[Double]] {
    let count = combination.count
    precondition(start.count == count, "Every agent has one number.")
    precondition(zip(slots, slots.dropFirst()).allSatisfy { $0 <= $1 }, "Slots are in rising order.")
    guard let last = slots.last else { return [] }
    let operations = Double(last) * Double(count * count) + Double(events.count) * Double(count * count)
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var (matrix, values) = (combination.values, start)
    var curve: [[Double]] = []
    var (next, wanted) = (0, 0)
    for slot in 0...last {
      while next < events.count, events[next].slot <= slot {
        let conditions = events[next].conditions
        matrix = conditions.combination.mean(deliveryProbabilities: conditions.deliveryProbabilities).values
        next += 1
      }
      while wanted < slots.count, slots[wanted] == slot {
        curve.append(values)
        wanted += 1
      }
      let before = values
      multiply(matrix, before, rows: count, inner: count, columns: 1, into: &values, transposesLeft: true)
    }
    return curve
  }
}
