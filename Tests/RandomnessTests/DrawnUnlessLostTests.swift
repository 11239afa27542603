// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

/// A latency is drawn unless its message is lost: what is drawn then is what is drawn anyway, by the short cut of the exponential
/// law and by others.
@Test(arguments: [Distribution.exponential(mean: 3), .constant(2), .uniform(lower: 1, upper: 4)])
func whatIsDrawnUnlessLostIsWhatIsDrawnAnyway(law: Distribution) {
  let key = StreamKey(seed: 7, replication: 2, purpose: .latency, entity: "agent-3")
  let losses = StreamKey(seed: 7, replication: 2, purpose: .loss, entity: "agent-3")
  for index in 0..<10_000 as Range<UInt64> {
    let drawn = law.sample(key, unlessUniformOf: losses, isBelow: 0.1, at: index)
    let isLost = losses.uniform(at: index) < 0.1
    #expect(drawn == (isLost ? nil : law.sample(key, at: index)))
  }
}
