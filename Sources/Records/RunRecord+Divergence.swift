// SPDX-License-Identifier: GPL-3.0-or-later

extension RunRecord {
  /// Whether its agents act, so that returns tell how well they do.
  package var isOfControl: Bool { finals[MetricName.testReturn.rawValue] != nil }

  /// Whether the final squared error, over all agents, up or down, is not finite or a million times the first. Where
  /// agents act: whether a return or a parameter is not finite, however bad finite returns are.
  package var hasDiverged: Bool {
    if isOfControl { return !hasFiniteReturns || !hasFiniteParameters }
    let metric = finals["msd-all"] == nil ? "msd" : "msd-all"
    guard let final = finals[metric] else { return false }
    let first = series.first { $0.metric == metric }?.values.first ?? 0
    return !final.isFinite || (first > 0 && final > 1e6 * first)
  }

  private var hasFiniteReturns: Bool {
    // With nobody up the returns of live agents are undefined, but those of all are not.
    let final = finals[MetricName.testReturnAll.rawValue] ?? finals[MetricName.testReturn.rawValue]
    return final?.isFinite ?? true && agents.allSatisfy { $0.finalReturn?.isFinite ?? true }
  }

  /// A parameter that is not finite leaves no finite distance from the average.
  private var hasFiniteParameters: Bool {
    finals[MetricName.disagreementAll.rawValue]?.isFinite ?? true && parameters.allSatisfy(\.isFinite)
  }
}

extension KeptParameters {
  fileprivate var isFinite: Bool {
    switch values {
    case .single(let values): values.allSatisfy(\.isFinite)
    case .double(let values): values.allSatisfy(\.isFinite)
    }
  }
}
