// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

/// What published fingerprints hang on: the first draw of a stream, and a hash of the bits of its first five
/// thousand. Measured when the laws were still cases of an enumeration.
private let golden: [(law: Distribution, first: Double, hash: UInt64)] = [
  (.constant(0.1), 0.1, 0x7C56_7050_5921_2CFB),
  (.uniform(lower: 0.1, upper: 0.7), 0.5318915369918363, 0xA1E1_4BDF_97E4_E756),
  (.uniform(lower: -0.5, upper: 0.5), 0.21981922831972722, 0x8038_DA7D_C195_2E5A),
  (.exponential(mean: 0.3), 0.38169608129626936, 0xF424_3A92_191D_3E11),
  (.lognormal(median: 0.1, sigma: 0.6), 0.14181918936791296, 0x2005_09DB_807B_E4AE),
  (.lognormal(median: 2, sigma: 2.5), 8.575494182597378, 0xDB21_1501_CDA7_D8D4),
  (.gamma(mean: 0.04, shape: 4), 0.05723372278974248, 0x277B_6649_F16F_9A80),
  (.gamma(mean: 3, shape: 0.3), 7.796777236642956, 0x4E4A_5348_2081_3619),
  (.gamma(mean: 1, shape: 1), 1.734007191767427, 0x53C0_808E_0E70_A9C0),
  (.gamma(mean: 2, shape: 1e7), 2.000581319859035, 0x4ECD_0206_4022_571A),
]

@Test(arguments: golden.indices)
func theDrawsOfTheFirstLawsKeepTheirBits(_ number: Int) {
  let (law, first, hash) = golden[number]
  let key = StreamKey(seed: 11, replication: 2, purpose: .latency, entity: "agent-1")
  #expect(law.sample(key, at: 0) == first)
  let folded = (0..<5000).reduce(UInt64(0)) { scrambled($0 ^ law.sample(key, at: UInt64($1)).bitPattern) }
  #expect(folded == hash)
}
