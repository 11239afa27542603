// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// Numbers that the accounts of links and agents tell of a run.
extension RunMetric {
  static let ofAccounts: [RunMetric] = [
    number("useless", .share, "messages that nobody used and nobody will, over messages sent") { run, _ in
      run.messages.uselessShare
    },
    number("wasted", .share, "share of the time up that went into steps which crashes discarded") { run, _ in
      run.wastedShare
    },
    number("link-age", .seconds, "mean age of the newest estimate heard, over links and time") { run, _ in
      run.links?.age?.mean
    },
    number("link-age-peak", .seconds, "its mean just before a newer one came") { run, _ in run.links?.age?.meanPeak },
    number("link-age-largest", .seconds, "the largest age of a newest estimate heard") { run, _ in
      run.links?.age?.largest
    },
    number("joules", .count, "energy that all agents took, in joules") { run, _ in run.joules },
  ]
}

extension MessageFates {
  /// Messages that came to nothing, over messages sent; nothing where none were. What is still on its way, or unread, may
  /// come to something.
  var uselessShare: Double? {
    let useless = lost + superseded + replacedUnread + overtaken + late + duplicate + toDeadAgent
    return sent > 0 ? Double(useless) / Double(sent) : nil
  }
}

extension RunRecord {
  /// The share of the time up that went into steps which crashes discarded.
  var wastedShare: Double? {
    let up = agents.reduce(0) { $0 + $1.useful + $1.wasted + $1.unfinished + $1.waiting }
    return up > 0 ? agents.reduce(0) { $0 + $1.wasted } / up : nil
  }

  /// The energy that all agents took; nothing where none is counted.
  var joules: Double? {
    let all = agents.compactMap(\.joules)
    return all.isEmpty ? nil : all.reduce(0, +)
  }

  /// The energy that the target took; nothing where none is counted.
  func joulesToTarget(in arm: StudyHeader.Arm) -> TargetCost? {
    guard
      joules != nil || target?.joules != nil || series.contains(where: { $0.metric == MetricDefinition.joules.name })
    else { return nil }
    return toTarget(.joules, in: arm) { $0.joules ?? .nan }
  }
}
