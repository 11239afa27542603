// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

private func verdict(_ arms: [StudyHeader.Arm], _ runs: [StoredRun]) -> Verdict {
  StudySummary(study(arms, runs)).verdict
}

@Test func theVerdictSaysHowMuchSoonerAndHowMuchWorse() {
  let verdict = verdict([arm("slow"), arm("fast")], fastAndSlow())
  #expect(verdict.sentence.hasPrefix("fast reaches -30 dB 3.0x [3.0, 3.0] sooner than slow (12 of 12 pairs) and ends "))
  #expect(verdict.sentence.hasSuffix("] worse than slow."))
  #expect(verdict.sentence.contains(" 3.1 dB [3.0, 3.1] "))
  #expect(verdict.remark == "Sooner but less accurate alone proves nothing: a larger step size does the same.")
}

@Test func soonerAndMoreAccurateNeedsNoRemark() {
  let runs = fastAndSlow().map { stored in
    guard stored.record.identity.arm == "fast" else { return stored }
    return run("fast", stored.record.identity.replication, reaches: stored.record.target?.time, msd: 1e-5)
  }
  let verdict = verdict([arm("slow"), arm("fast")], runs)
  #expect(verdict.sentence.hasSuffix("] better than slow."))
  #expect(verdict.remark == nil)
}

@Test func whereTheIntervalHoldsOneNoDifferenceIsShown() {
  let runs = (0..<12).flatMap { replication in
    let sign = replication % 2 == 0 ? 1.2 : 1 / 1.2
    return [
      run("a", replication, reaches: 100, msd: 1e-4), run("b", replication, reaches: 100 * sign, msd: 1e-4 * sign),
    ]
  }
  let verdict = verdict([arm("a"), arm("b")], runs)
  #expect(verdict.sentence.hasPrefix("no difference shown between "))
  #expect(verdict.sentence.contains("would have been seen); no difference shown in final MSD ("))
}

@Test func identicalArmsAreTheSameInEveryPair() {
  let runs = (0..<12).flatMap { [run("a", $0, reaches: 100, msd: 1e-4), run("b", $0, reaches: 100, msd: 1e-4)] }
  #expect(
    verdict([arm("a"), arm("b")], runs).sentence
      == "no difference shown between a and b in the time to -30 dB (the same in every pair); no difference shown in "
      + "final MSD (the same in every pair).")
}

@Test func anArmThatNeverReachesTheTargetIsSaidSo() {
  let runs = (0..<10).flatMap {
    [run("slow", $0, reaches: nil, msd: 1e-2), run("fast", $0, reaches: 100, msd: 1e-4)]
  }
  #expect(
    verdict([arm("slow"), arm("fast")], runs).sentence.hasPrefix(
      "fast reaches -30 dB in 10 of 10 runs, slow in none of 10 within 10 m 00 s and ends 20.0 dB"))
}

@Test func whereNoArmReachesTheTargetTheFinalErrorDecides() {
  let runs = (0..<10).flatMap {
    [run("slow", $0, reaches: nil, msd: 1e-1), run("fast", $0, reaches: nil, msd: 1e-2)]
  }
  #expect(
    verdict([arm("slow"), arm("fast")], runs).sentence.hasPrefix(
      "no arm reaches -30 dB within 10 m 00 s; fast ends 10.0 dB [10.0, 10.0] better than slow in final MSD"))
}

@Test func theSoonestOfManyIsComparedWithTheFirstAndWithTheNext() {
  let runs = (0..<12).flatMap {
    [
      run("first", $0, reaches: 400, msd: 1e-4), run("next", $0, reaches: 200, msd: 1e-4),
      run("best", $0, reaches: 100, msd: 1e-4),
    ]
  }
  #expect(
    verdict([arm("first"), arm("next"), arm("best")], runs).sentence.hasPrefix(
      "best reaches -30 dB 4.0x [4.0, 4.0] sooner than first (12 of 12 pairs), 2.0x [2.0, 2.0] sooner than the next "
        + "(next); no"))
}

@Test func oneArmAloneIsDescribed() {
  let runs = (0..<10).map { run("only", $0, reaches: 100, msd: 1e-4) }
  #expect(
    verdict([arm("only")], runs).sentence
      == "only reaches -30 dB in 1 m 40 s [1:40, 1:40] (in 10 of 10 runs) and ends at MSD -40.0 dB [-40.0, -40.0].")
}

@Test func aStudyWithoutRunsHasAVerdictThatSaysSo() {
  #expect(verdict([arm("a")], []).sentence == "no run has finished, so there is nothing to say.")
}

/// Six of eight pairs differ by so much that an interval leaves out one; but six signs in two tests show nothing yet.
@Test func nothingSmallerThanWhatIsThereIsSaidToHaveBeenSeen() {
  let runs = (0..<8).flatMap { replication in
    [
      run("a", replication, reaches: 50, msd: 1e-4),
      run("b", replication, reaches: replication < 6 ? 590 : 50, msd: 1e-4),
    ]
  }
  let sentence = verdict([arm("a"), arm("b")], runs).sentence
  #expect(sentence.contains("(ratio 9.1x [1.27, 13.3]; too few runs to tell)"), "\(sentence)")
}
