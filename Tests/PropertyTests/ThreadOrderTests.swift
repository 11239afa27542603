// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import RandomScenarios
import Records
import Scenarios
import Studies
import Synchronization
import Testing

/// No order of runs, no number of threads and no pause of a thread changes a bit.
///
/// A race that no sanitizer has seen shows as other bits here, where threads are more than processors and stop at drawn
/// moments, each time others.
@Suite struct ThreadOrderTests {
  /// Agents that act, whose steps go to whichever thread is free, and others.
  private static let scenarios: [RandomScenario] = {
    let all = (0..<2000).lazy.map { RandomScenario(seed: $0) }
    return Array(all.filter { $0.title.contains("actor-critic") }.prefix(40)) + all.prefix(60)
  }()

  @Test(arguments: scenarios)
  func whoDoesWhatAndWhenChangesNoBit(_ scenario: RandomScenario) throws {
    let study = try Study(Scenario.parse(text: scenario.text, file: scenario.title))
    let plan = study.plan(replications: 4)
    let expected = Dictionary(uniqueKeysWithValues: zip(plan, try study.records(of: plan, jobs: 1).map(text(of:))))
    var generator = SystemRandomNumberGenerator()
    for jobs in [1, 2, 3, 8] {
      let pauses = Pauses(seed: generator.next())
      let order = plan.shuffled(using: &generator)
      let records = try study.records(of: order, jobs: jobs, isCancelled: pauses.pauseOrNot)
      #expect(records.map(\.identity) == order)
      for record in records {
        #expect(
          text(of: record) == expected[record.identity], "\(jobs) jobs, in the order \(order.map(\.replication))")
      }
    }
  }
}

/// All that a record says, as a text, in which what is no number is equal to itself; dictionaries in the order of keys.
private func text(of record: RunRecord) -> String {
  var rest = record
  rest.finals = [:]
  rest.engine.events = [:]
  return "\(rest) \(record.finals.sorted { $0.key < $1.key }) \(record.engine.events.sorted { $0.key < $1.key })"
}

extension RandomScenario: CustomTestStringConvertible {
  package var testDescription: String { title }
}

/// Stops the thread that asks now and then, for up to an eighth of a millisecond.
private final class Pauses: Sendable {
  private let word: Atomic<UInt64>

  init(seed: UInt64) { word = Atomic(seed) }

  /// Never cancels.
  @Sendable func pauseOrNot() -> Bool {
    let word = word.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    if word >> 61 == 0 { usleep(UInt32(word >> 20 & 127)) }
    return false
  }
}
