// SPDX-License-Identifier: GPL-3.0-or-later

/// The percentile bootstrap of a ratio between two arms that are not paired: the runs of each are resampled apart.
///
/// *Randomness*: as of `StratifiedBootstrap`; the runs of the first arm are drawn before those of the second.
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, sections 8.3 and 13.
package struct IndependentBootstrap: Sendable {
  private let resampling: Resampling

  /// - Parameters:
  ///   - seed: the seed of the study.
  ///   - name: what is compared.
  ///   - resamples: at least one.
  ///   - level: the confidence level, above 0 and below 1.
  package init(seed: UInt64, name: String, resamples: Int = 10_000, level: Double = 0.95) {
    resampling = Resampling(seed: seed, name: name, resamples: resamples, level: level)
  }

  /// A statistic of the first arm over that of the second; nothing if an arm has no runs.
  ///
  /// - Parameter statistic: its value on some runs of one arm; nothing where it is undefined.
  package func ratio<Value>(
    _ first: [Value], _ second: [Value], of statistic: ([Value]) -> Double?
  ) -> BootstrapInterval? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let own = first.indices
    let other = first.count..<first.count + second.count
    return resampling.interval(of: [own, other]) { chosen in
      guard let upper = statistic(chosen[own].map { first[$0] }),
        let lower = statistic(chosen[other].map { second[$0 - first.count] })
      else { return nil }
      return upper / lower
    }
  }
}
