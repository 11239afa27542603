// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

/// Two arms.
extension StatisticsCase {
  func checkPairedDifference() throws {
    let got = try #require(PairedDifference(numbers("x"), numbers("y"), level: parameter("level")))
    try checkAll([
      "mean_difference": .number(got.difference.mean), "sd_difference": .number(got.difference.standardDeviation),
      "low": .number(got.difference.low), "high": .number(got.difference.high),
      "half_width": .number(got.difference.halfWidth), "t": .number(got.t), "df": .count(got.degreesOfFreedom),
      "p_two_sided": .number(got.twoSidedP),
    ])
  }

  func checkCommonRandomNumbers() throws {
    let got = try #require(CommonRandomNumbersGain(numbers("x"), numbers("y")))
    try checkAll(["correlation": .number(got.correlation), "variance_ratio": .number(got.varianceRatio)])
  }

  func checkWelch() throws {
    let got = try #require(WelchTest(numbers("x"), numbers("y"), level: parameter("level")))
    try checkAll([
      "mean_difference": .number(got.difference), "low": .number(got.low), "high": .number(got.high),
      "t": .number(got.t), "df": .number(got.degreesOfFreedom), "p_two_sided": .number(got.twoSidedP),
    ])
  }

  func checkMannWhitney() throws {
    let got = try #require(MannWhitney(numbers("x"), numbers("y")))
    try checkAll([
      "u_x": .number(got.u), "p_exact_two_sided": .number(got.exactTwoSidedP),
      "p_normal_two_sided": .number(got.normalTwoSidedP),
      "probability_of_superiority": .number(got.probabilityOfSuperiority),
    ])
    #expect((got.exactTwoSidedP == nil) == (expected["p_exact_two_sided"] == nil), "\(id)")
  }

  func checkEffectSize() throws {
    let got = try #require(EffectSize(numbers("x"), numbers("y")))
    try checkAll(["cohen_d": .number(got.cohenD), "hedges_g": .number(got.hedgesG)])
  }
}
