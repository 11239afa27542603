// SPDX-License-Identifier: GPL-3.0-or-later

extension RunRecord {
  /// Whether the final squared error, over all agents, up or down, is not finite or a million times the first.
  package var hasDiverged: Bool {
    let metric = finals["msd-all"] == nil ? "msd" : "msd-all"
    guard let final = finals[metric] else { return false }
    let first = series.first { $0.metric == metric }?.values.first ?? 0
    return !final.isFinite || (first > 0 && final > 1e6 * first)
  }
}
