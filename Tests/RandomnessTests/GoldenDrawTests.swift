// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

/// What published fingerprints hang on: the first draw of a stream, and a hash of the bits of its first five
/// thousand. Measured when the laws were still cases of an enumeration.
private struct Golden: Sendable, CustomTestStringConvertible {
  let law: Distribution
  let first: Double
  let hash: UInt64

  var testDescription: String { "\(law), \(first)" }
}

private let golden = [
  Golden(law: .constant(0.1), first: 0.1, hash: 0x7C56_7050_5921_2CFB),
  Golden(law: .uniform(lower: 0.1, upper: 0.7), first: 0.5318915369918363, hash: 0xA1E1_4BDF_97E4_E756),
  Golden(law: .uniform(lower: -0.5, upper: 0.5), first: 0.21981922831972722, hash: 0x8038_DA7D_C195_2E5A),
  Golden(law: .exponential(mean: 0.3), first: 0.38169608129626936, hash: 0xF424_3A92_191D_3E11),
  Golden(law: .lognormal(median: 0.1, sigma: 0.6), first: 0.14181918936791296, hash: 0x2005_09DB_807B_E4AE),
  Golden(law: .lognormal(median: 2, sigma: 2.5), first: 8.575494182597378, hash: 0xDB21_1501_CDA7_D8D4),
  Golden(law: .gamma(mean: 0.04, shape: 4), first: 0.05723372278974248, hash: 0x277B_6649_F16F_9A80),
  Golden(law: .gamma(mean: 3, shape: 0.3), first: 7.796777236642956, hash: 0x4E4A_5348_2081_3619),
  Golden(law: .gamma(mean: 1, shape: 1), first: 1.734007191767427, hash: 0x53C0_808E_0E70_A9C0),
  Golden(law: .gamma(mean: 2, shape: 1e7), first: 2.000581319859035, hash: 0x4ECD_0206_4022_571A),
]

@Test(arguments: golden)
private func theDrawsOfTheFirstLawsKeepTheirBits(_ golden: Golden) {
  let key = StreamKey(seed: 11, replication: 2, purpose: .latency, entity: "agent-1")
  #expect(golden.law.sample(key, at: 0) == golden.first)
  let folded = (0..<5000).reduce(UInt64(0)) { scrambled($0 ^ golden.law.sample(key, at: UInt64($1)).bitPattern) }
  #expect(folded == golden.hash)
}
