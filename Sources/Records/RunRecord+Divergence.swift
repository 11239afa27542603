// SPDX-License-Identifier: GPL-3.0-or-later

extension RunRecord {
  /// Whether nobody was up throughout the final window, where means over live agents have no value.
  package var endsWithNobodyUp: Bool { finals[MetricName.available.rawValue] == 0 }

  /// The mean of a metric over the final window; nothing where it was not measured, or was of nobody. One that is not
  /// finite has diverged.
  package func final(_ metric: String) -> Double? {
    finals[metric].flatMap { $0.isNaN && endsWithNobodyUp ? nil : $0 }
  }

  /// Whether its agents act, so that returns tell how well they do.
  package var isOfControl: Bool { finals[MetricName.testReturn.rawValue] != nil }

  /// Whether the final squared error, over all agents, up or down, is not finite or a million times the first. Where
  /// agents act: whether a return or a parameter is not finite, however bad finite returns are.
  package var hasDiverged: Bool {
    if isOfControl { return !hasFiniteReturns || !hasFiniteParameters }
    let metric = finals["msd-all"] == nil ? "msd" : "msd-all"
    guard let final = final(metric) else { return false }
    let first = series.first { $0.metric == metric }?.values.first ?? 0
    return !final.isFinite || (first > 0 && final > 1e6 * first)
  }

  private var hasFiniteReturns: Bool {
    // With nobody up the returns of live agents are undefined, but those of all are not.
    let final = final(MetricName.testReturnAll.rawValue) ?? final(MetricName.testReturn.rawValue)
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
