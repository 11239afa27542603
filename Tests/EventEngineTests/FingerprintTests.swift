// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Testing

/// The fingerprint of a run that handles these events at these times.
private func fingerprint(_ events: [(Event, Double)]) -> UInt64 {
  var scheduler = Scheduler()
  for (event, seconds) in events { scheduler.schedule(event, at: VirtualTime(seconds: seconds)) }
  _ = drain(&scheduler)
  return scheduler.fingerprint
}

@Test func theSameSeedGivesTheSameFingerprintAndAnotherSeedAnother() {
  let first = holdModel(seed: 1, population: 50, events: 10_000).fingerprint
  #expect(holdModel(seed: 1, population: 50, events: 10_000).fingerprint == first)
  #expect(holdModel(seed: 2, population: 50, events: 10_000).fingerprint != first)
}

@Test func theFingerprintSeesTimeKindTagPhaseAndSubject() {
  let event = Event(kind: .arrival, tag: 1, phase: 2, subject: 3, incarnation: 4, payload: 5)
  var variants: [(Event, Double)] = [(event, 1), (event, 1 + 1e-9)]
  for change in [
    { $0.kind = .timer }, { $0.tag = 0 }, { $0.phase = 3 }, { $0.subject = 4 },
  ] as [(inout Event) -> Void] {
    var changed = event
    change(&changed)
    variants.append((changed, 1))
  }
  #expect(Set(variants.map { fingerprint([$0]) }).count == variants.count)
}

@Test func theFingerprintDoesNotSeeIndicesOfPools() {
  let one = Event(kind: .arrival, subject: 3, incarnation: 4, payload: 5)
  let other = Event(kind: .arrival, subject: 3, incarnation: 7, payload: 8)
  #expect(fingerprint([(one, 1)]) == fingerprint([(other, 1)]))
}

@Test func theFingerprintSeesTheOrderOfEvents() {
  let one = Event(kind: .arrival, subject: 1)
  let two = Event(kind: .arrival, subject: 2)
  #expect(fingerprint([(one, 1), (two, 1)]) != fingerprint([(two, 1), (one, 1)]))
}

@Test func theFingerprintSeesTheBitsOfMetricsAndWhenTheyWereFolded() {
  func folding(_ first: Double?, _ second: Double?) -> UInt64 {
    var scheduler = Scheduler()
    scheduler.schedule(Event(kind: .timer, subject: 0), at: .zero)
    if let first { scheduler.fold(first.bitPattern) }
    _ = scheduler.next()
    if let second { scheduler.fold(second.bitPattern) }
    return scheduler.fingerprint
  }
  let all = [folding(nil, nil), folding(0, nil), folding(nil, 0), folding(nil, -0.0), folding(0.1 + 0.2, nil)]
  #expect(Set(all + [folding(0.3, nil)]).count == 6)
}
