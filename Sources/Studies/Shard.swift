// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// A part of a study's runs, for one machine of several: every so many of the plan.
package struct Shard: Sendable, Equatable {
  /// From one.
  package let number: Int
  package let count: Int

  /// Reads `I/N` with 1 ≤ I ≤ N; nothing for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], number >= 1, number <= count else {
      return nil
    }
    self.init(number: number, count: count)
  }

  /// - Precondition: 1 ≤ number ≤ count.
  package init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  package var text: String { "\(number)/\(count)" }

  /// Whether the run at a position of the plan belongs to the shard.
  package func holds(_ position: Int) -> Bool { position % count == number - 1 }

  /// The runs of the shard, in the order of the plan.
  package func runs(of plan: [RunRecord.Identity]) -> [RunRecord.Identity] {
    plan.enumerated().filter { holds($0.offset) }.map(\.element)
  }
}
