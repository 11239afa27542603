// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

/// The twelve pairs, of which each agent of `fast` takes four joules a second and of `slow` one.
private let pairs = study(
  [arm("slow"), arm("fast")],
  fastAndSlow().map { original in
    var run = original
    let power = run.record.identity.arm == "fast" ? 4.0 : 1
    let time = run.record.target?.time ?? .nan
    run.record.target?.joules = time * power * 2
    for agent in run.record.agents.indices {
      run.record.agents[agent].joules = power * 600
      run.record.agents[agent].wasted = 60
    }
    let age = LinkAge(time: 500, mean: 2, peaks: 9, meanPeak: 3, largest: 7, quantile95: 5)
    run.record.links = LinkAccounts(
      [LinkAccount(sender: 1, receiver: 0, fates: run.record.messages, age: age)], agents: 2)
    return run
  })

private func value(_ claim: String, _ study: StoredStudy) throws -> Double {
  let arms = study.header.arms.map { (name: $0.name, hasTarget: $0.target != nil) }
  return try Requirement(claim, arms: arms, metrics: known).judge(study).left
}

@Test func energyIsACostLikeBytes() throws {
  #expect(try value("fast.joules-to-target < 1", pairs) == 8 * value("fast.time-to-target < 1 s", pairs))
  #expect(try value("slow.joules < 1", pairs) == 1200)
  let comparison = try #require(StudySummary(pairs).comparisons.first)
  let (bytes, joules) = (try #require(comparison.cost("bytes")), try #require(comparison.cost("joules")))
  let factor = comparison.arm == "fast" ? 4.0 : 0.25
  #expect(abs(joules.ratio - factor * bytes.ratio) < 1e-12 * joules.ratio)
}

/// A run that never reached its target is censored, and one without energy has no such cost.
@Test func energyIsUnknownWhereItIsNotCounted() throws {
  var runs = pairs.runs
  for index in runs.indices where runs[index].record.identity.arm == "slow" { runs[index].record.target = nil }
  #expect(try value("slow.joules-to-target < 1", study([arm("slow"), arm("fast")], runs)) == .infinity)
  #expect(try value("slow.joules-to-target < 1", study([arm("slow"), arm("fast")], fastAndSlow())).isNaN)
}

@Test func whatAccountsTellCanBeRequired() throws {
  #expect(try value("fast.link-age < 1 s", pairs) == 2)
  #expect(try value("fast.link-age-peak < 1 s", pairs) == 3)
  #expect(try value("fast.link-age-largest < 1 s", pairs) == 7)
  #expect(abs(try value("fast.useless < 1", pairs) - 0.05) < 1e-12)
  // 60 s of 600 s and these 60.
  #expect(abs(try value("fast.wasted < 1", pairs) - 60 / 660) < 1e-12)
}
