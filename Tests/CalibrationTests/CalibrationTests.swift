// SPDX-License-Identifier: GPL-3.0-or-later
import Calibration
import Testing

/// The short form of `make calibrate`: the same studies, fewer of them. Draws are fixed; of other ones a share that just
/// keeps its promise would be called broken with this probability, so one of the forty or so of this file in 0.4 %.
private let falseAlarm = 1e-4

/// 200 studies tell 5 % from 13 % (or 2.5 % from 9 %), which percentile bootstraps of six pairs and families of four arms
/// are beyond.
@Test(arguments: NullStudies.Kind.allCases, [6, 10])
func alikeArmsAreSeldomClaimedToDiffer(kind: NullStudies.Kind, replications: Int) {
  for share in NullStudies(kind, replications: replications, arms: 4).falseClaims(of: 200, jobs: 2) {
    #expect(share.isKept(falseAlarm: falseAlarm), "\(share.title): \(share.interval)")
  }
}

@Test(arguments: Coverage.World.allCases)
func intervalsCoverWhatIsTrue(world: Coverage.World) {
  let coverage = Coverage(world, areAlike: false, jobs: 2)
  let shares = coverage.shares(of: 300, replications: 10, jobs: 2)
  #expect(shares.count >= 6)
  for share in shares { #expect(share.isKept(falseAlarm: falseAlarm), "\(share.title): \(share.interval)") }
}

/// A promise that is broken is seen: of 200 studies 40 false claims of a family are too many, and 160 covered truths too
/// few.
@Test func aBrokenPromiseIsSeen() {
  let claims = Share(title: "", replications: 10, arms: 4, hits: 40, studies: 200, promise: .atMost(0.05))
  #expect(!claims.isKept && !claims.isKept(falseAlarm: falseAlarm))
  let covered = Share(title: "", replications: 10, arms: nil, hits: 160, studies: 200, promise: .atLeast(0.94))
  #expect(!covered.isKept && !covered.isKept(falseAlarm: falseAlarm))
}
