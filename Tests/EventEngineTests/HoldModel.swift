// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Randomness

/// What a run of the hold model left behind.
struct HoldOutcome {
  var fingerprint: UInt64
  /// Events handled by each process.
  var counts: [Int]
  /// The processes in the order of their events.
  var order: [UInt32] = []
  var end: VirtualTime
  /// Whether an event was ever earlier than the one before.
  var clockDecreased = false
  /// Whether the number of pending events ever differed from the population.
  var populationChanged = false
}

/// PHOLD: each event draws an exponential delay of mean 1 and a process, to which it sends one event.
///
/// - Parameter unit: seconds in the unit of time, by which all times are multiplied.
func holdModel(
  seed: UInt64, population: Int, events: Int, ties: TieOrder = .firstInFirstOut, unit: Double = 1
) -> HoldOutcome {
  let key = StreamKey(seed: seed, replication: 0, purpose: .queueing, entity: "hold model")
  let law = Distribution.exponential(mean: unit)
  var scheduler = Scheduler(ties: ties, capacity: 16)
  var outcome = HoldOutcome(fingerprint: 0, counts: Array(repeating: 0, count: population), end: .zero)
  for process in 0..<population {
    scheduler.schedule(
      Event(kind: .arrival, subject: UInt32(process)),
      at: VirtualTime(seconds: law.sample(key.attempt(1), at: UInt64(process))))
  }
  for index in 0..<UInt64(events) {
    let before = scheduler.now
    guard var event = scheduler.next() else { break }
    if scheduler.now < before { outcome.clockDecreased = true }
    outcome.counts[Int(event.subject)] += 1
    outcome.order.append(event.subject)
    var draws = Draws(key.attempt(2), at: index)
    event.subject = draws.integer(below: UInt32(population))
    scheduler.schedule(event, at: scheduler.now + VirtualDuration(seconds: law.sample(key, at: index)))
    if scheduler.pendingCount != population { outcome.populationChanged = true }
  }
  outcome.fingerprint = scheduler.fingerprint
  outcome.end = scheduler.now
  return outcome
}
