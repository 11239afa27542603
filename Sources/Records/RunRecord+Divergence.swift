// SPDX-License-Identifier: GPL-3.0-or-later

extension RunRecord {
  /// Whether nobody was up throughout the final window, where means over live agents have no value.
  package var endsWithNobodyUp: Bool { finals[MetricDefinition.available.name] == 0 }

  /// The mean of a metric over the final window; nothing where it was not measured, or was of nobody. One that is not
  /// finite has diverged.
  package func final(_ metric: String) -> Double? {
    finals[metric].flatMap { $0.isNaN && endsWithNobodyUp ? nil : $0 }
  }

  /// Whether a metric that tells so has diverged, or an agent's final return or a kept parameter is not finite.
  ///
  /// Where a metric is measured over live and over all agents, the latter tells.
  ///
  /// - Parameter metrics: what the run has measured, and perhaps more.
  package func hasDiverged(_ metrics: [MetricDefinition]) -> Bool {
    metrics.contains { metric in
      metric.ofAllAgents.flatMap { finals[$0] } == nil && hasDiverged(metric)
    }
      || !agents.allSatisfy { $0.finalReturn?.isFinite ?? true } || !parameters.allSatisfy(\.isFinite)
  }

  private func hasDiverged(_ metric: MetricDefinition) -> Bool {
    // With nobody up, means over live agents are undefined, but those over all are not.
    guard let factor = metric.divergesBeyond,
      let final = metric.scope == .liveAgents ? final(metric.name) : finals[metric.name]
    else { return false }
    let first = series.first { $0.metric == metric.name }?.values.first ?? 0
    return !final.isFinite || (first > 0 && final > factor * first)
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
