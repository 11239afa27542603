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
/// Races that a sanitiser could find show as other bits here, where threads are more than processors and stop at drawn
/// moments, each time others.
@Suite struct ThreadOrderTests {
  /// A scenario of agents that act, whose steps go to whichever thread is free, and scenarios of all other kinds.
  private static let scenarios: [RandomScenario] = {
    let acting = (0..<2000).lazy.map { RandomScenario(seed: $0) }.filter { $0.title.contains("actor-critic") }
    return Array(acting.prefix(6)) + (0..<24).map { RandomScenario(seed: $0) }
  }()

  @Test(arguments: scenarios)
  func whoDoesWhatAndWhenChangesNoBit(_ scenario: RandomScenario) throws {
    let study = try Study(Scenario.parse(text: scenario.text, file: scenario.title))
    let plan = study.plan(replications: 5)
    // As texts, in which what is no number is equal to itself.
    let expected = Dictionary(uniqueKeysWithValues: zip(plan, try study.records(of: plan, jobs: 1).map { "\($0)" }))
    var generator = SystemRandomNumberGenerator()
    for jobs in [1, 2, 3, 8] {
      let pauses = Pauses(seed: generator.next())
      let order = plan.shuffled(using: &generator)
      let records = try study.records(of: order, jobs: jobs, isCancelled: pauses.pauseOrNot)
      #expect(records.count == plan.count)
      for record in records {
        #expect("\(record)" == expected[record.identity], "with \(jobs) jobs, in the order \(order.map(\.replication))")
      }
    }
  }
}

extension RandomScenario: CustomTestStringConvertible {
  package var testDescription: String { title }
}

/// Stops the thread that asks now and then, for up to a tenth of a millisecond.
private final class Pauses: Sendable {
  private let count: Atomic<UInt64>

  init(seed: UInt64) { count = Atomic(seed) }

  /// Never cancels.
  @Sendable func pauseOrNot() -> Bool {
    let word = count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    if word >> 61 == 0 { usleep(UInt32(word >> 20 & 127)) }
    return false
  }
}
