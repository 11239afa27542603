// SPDX-License-Identifier: GPL-3.0-or-later

extension PairedBootstrap {
  /// In which shares of resampled pairs a condition holds and does not hold; nothing for fewer than two pairs, of
  /// which there is one resample only.
  ///
  /// - Parameter condition: on the pairs of some numbers from 0 on, with repetitions; nothing where it means nothing,
  ///   which counts in neither share.
  package func shares(pairs: Int, _ condition: ([Int]) -> Bool?) -> (satisfied: Double, violated: Double)? {
    guard pairs > 1 else { return nil }
    var (satisfied, violated) = (0, 0)
    resampling.forEachResample(of: [0..<pairs]) { chosen in
      guard let holds = condition(chosen) else { return }
      if holds { satisfied += 1 } else { violated += 1 }
    }
    let count = Double(resampling.resamples)
    return (Double(satisfied) / count, Double(violated) / count)
  }
}
