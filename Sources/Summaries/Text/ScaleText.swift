// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results

extension MetricDefinition.Scale {
  /// A value in base units, as people read it.
  func text(_ value: Double) -> String {
    switch self {
    case .decibels: humanDecibels(Quantities.decibels(ofPower: value < 0 ? 0 : value))
    case .plain: humanPlain(value)
    case .share: humanShare(value)
    case .seconds: humanDuration(value)
    case .bytes: humanBytes(value)
    case .count: value == value.rounded() || value >= 99.5 ? humanCount(value) : trimmed(value)
    }
  }

  /// An interval, as it stands behind the value that it is of.
  func text(_ interval: Interval, of value: Double) -> String {
    switch self {
    case .decibels:
      return humanInterval(interval.inDecibels, of: Quantities.decibels(ofPower: value < 0 ? 0 : value))
    case .plain: return humanPlains(interval, of: value)
    // The interval of a mean may begin below zero, where no duration is.
    case .seconds: return humanDurations(Interval(lower: max(0, interval.lower), upper: interval.upper))
    case .share, .bytes, .count:
      return "[\(text(interval.lower)), \(interval.upper.isFinite ? text(interval.upper) + "]" : "open)")"
    }
  }

  /// An interval of differences, which have signs, as it stands behind the one that it is of; those of powers are in
  /// decibels.
  func differenceText(_ interval: Interval, of value: Double) -> String {
    func signed(_ value: Double) -> String { (value < 0 ? "-" : "") + text(abs(value)) }
    return switch self {
    case .decibels: humanInterval(interval, of: value)
    case .plain: humanPlains(interval, of: value)
    case .share, .seconds, .bytes, .count: "[\(signed(interval.lower)), \(signed(interval.upper))]"
    }
  }

  /// A bound as somebody wrote it: `-30 dB`, `195`, `95 %`.
  func boundText(_ bound: Double) -> String {
    switch self {
    case .decibels:
      let level = (Quantities.decibels(ofPower: bound) * 100).rounded() / 100
      return (level == level.rounded() ? String(Int(level)) : "\(level)") + " dB"
    case .plain: return shortPlain(bound)
    case .share, .seconds, .bytes, .count: return text(bound)
    }
  }

  /// The unit of plain data.
  var unitName: String {
    switch self {
    case .decibels, .plain, .count: "1"
    case .share: "share"
    case .seconds: "s"
    case .bytes: "B"
    }
  }
}

extension StudyHeader {
  /// A target as a bound: `-30 dB`, or `disagreement -30 dB` for anything but the error that runs are judged by.
  package func targetTitle(_ target: Target) -> String {
    let bound = target.metric.scale.boundText(target.threshold)
    let isPlain = target.metric.scale == .decibels && target.metric == metrics.main
    return isPlain ? bound : "\(target.metric.title) \(bound)"
  }

  /// A target as what is reached: `-30 dB`, or `a return of 195`.
  package func targetPhrase(_ target: Target) -> String {
    guard target.metric.scale != .decibels else { return targetTitle(target) }
    let agents = target.metric.title.hasSuffix(" of all") ? "agents " : ""
    return "\(withArticle(target.metric.title)) \(agents)of \(target.metric.scale.boundText(target.threshold))"
  }

  /// The target of all arms as what is reached.
  var targetPhrase: String { target.map(targetPhrase) ?? "the target" }
}

/// `a return`, `an IQM return`.
func withArticle(_ title: String) -> String {
  "\(title.first.map { "aeiouAEIO".contains($0) } ?? false ? "an" : "a") \(title)"
}
