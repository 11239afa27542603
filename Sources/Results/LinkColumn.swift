// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records

/// A column of the accounts of links: a number of each link, in files and exports under one name.
struct LinkColumn: Sendable {
  let name: String
  /// Whether it is a whole number, as all are but ages.
  let isCount: Bool
  /// Nothing where a link has none: NaN in files.
  let value: @Sendable (LinkAccount) -> Double?
  let set: @Sendable (inout LinkAccount, Double) -> Void

  /// A column of a count that accounts have under a path.
  private static func count(
    _ name: String, _ path: WritableKeyPath<LinkAccount, UInt64> & Sendable
  ) -> LinkColumn {
    LinkColumn(
      name: name, isCount: true, value: { Double($0[keyPath: path]) },
      set: { $0[keyPath: path] = UInt64(exactly: $1) ?? 0 })
  }

  private static func age(_ name: String, _ path: WritableKeyPath<LinkAge, Double> & Sendable) -> LinkColumn {
    LinkColumn(name: name, isCount: false, value: { $0.age?[keyPath: path] }) { link, value in
      guard !value.isNaN else { return }
      if link.age == nil { link.age = .none(of: value) }
      link.age?[keyPath: path] = value
    }
  }

  /// All, as files and exports have them; `first_sent` is told by others and follows them.
  static let all: [LinkColumn] = [
    LinkColumn(
      name: "sender", isCount: true, value: { Double($0.sender) }, set: { $0.sender = Int(exactly: $1) ?? -1 }),
    LinkColumn(
      name: "receiver", isCount: true, value: { Double($0.receiver) }, set: { $0.receiver = Int(exactly: $1) ?? -1 }),
    count("sent", \.fates.sent), count("retransmissions", \.retransmissions), count("copies", \.fates.copies),
    count("acknowledgements", \.fates.acknowledgements), count("bytes", \.fates.bytes), count("heard", \.heard),
    count("heard_bytes", \.bytesHeard),
    count("used", \.fates.used), count("replaced_unread", \.fates.replacedUnread),
    count("unread_at_end", \.fates.unreadAtEnd), count("overtaken", \.fates.overtaken), count("lost", \.fates.lost),
    count("lost_noise", \.fates.losses.noise), count("lost_burst", \.fates.losses.burst),
    count("lost_cut", \.fates.losses.cut), count("lost_edge_gone", \.fates.losses.edgeGone),
    count("lost_sender_crashed", \.fates.losses.senderCrashed), count("lost_waiting", \.fates.losses.waiting),
    count("superseded", \.fates.superseded), count("to_dead_agent", \.fates.toDeadAgent), count("late", \.fates.late),
    count("duplicate", \.fates.duplicate), count("in_flight_at_end", \.fates.inFlightAtEnd),
    count("never_started", \.fates.neverStarted),
    age("age_time", \.time), age("age_mean", \.mean),
    LinkColumn(
      name: "age_mean_peak", isCount: false, value: { $0.age?.meanPeak },
      set: { if !$1.isNaN { $0.age?.meanPeak = $1 } }),
    LinkColumn(
      name: "age_peaks", isCount: true, value: { Double($0.age?.peaks ?? 0) },
      set: { $0.age?.peaks = UInt64(exactly: $1) ?? 0 }),
    age("age_largest", \.largest), age("age_quantile_95", \.quantile95),
  ]
}

extension LinkAge {
  /// One of which nothing but the time is known yet.
  fileprivate static func none(of time: Double) -> LinkAge {
    LinkAge(time: time, mean: 0, peaks: 0, meanPeak: nil, largest: 0, quantile95: 0)
  }
}

extension [LinkAccount] {
  /// Column after column, as IEEE doubles in little-endian order.
  var blob: Data { Results.blob(LinkColumn.all.flatMap { column in map { column.value($0) ?? .nan } }) }

  /// The accounts of a blob; columns that nobody knows are passed by. Nothing where it is of other columns.
  init?(_ blob: Data, columns names: [String], count: Int) {
    let values = numbers(blob)
    guard count >= 0, blob.count.isMultiple(of: 8), values.count == names.count * count else { return nil }
    guard names.contains("sender"), names.contains("receiver") else { return nil }
    self = Array(repeating: LinkAccount(sender: -1, receiver: -1, fates: MessageFates()), count: count)
    for (position, name) in names.enumerated() {
      guard let column = LinkColumn.all.first(where: { $0.name == name }) else { continue }
      for link in 0..<count { column.set(&self[link], values[position * count + link]) }
    }
    guard allSatisfy({ $0.sender >= 0 && $0.receiver >= 0 }) else { return nil }
  }
}
