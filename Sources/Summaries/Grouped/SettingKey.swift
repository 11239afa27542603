// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results

/// What can be wrong with a question to a results file.
package enum GroupingError: Error, Equatable {
  /// With all that there are, and the one that was probably meant.
  case unknownMetric(String, all: [String], guess: String?)
  /// With the keys that differ between the arms, and all there are.
  case unknownKey(String, differing: [String], all: [String])
  case ambiguousKey(String, candidates: [String])
  /// No arm has the value; with those that there are.
  case unknownValue(key: String, value: String, values: [String])
}

/// A key by which arms are told apart: `arm` for their names, or a setting by its dotted path.
package struct SettingKey: Sendable, Equatable {
  package let path: String

  /// The key that a text means: a whole path, or the end of exactly one, in whole words.
  package init(_ text: String, in header: StudyHeader) throws(GroupingError) {
    let all = Set(header.arms.flatMap(\.settings.keys)).sorted()
    if text == "arm" || all.contains(text) {
      path = text
      return
    }
    let differing = Self.differing(in: header)
    let candidates = all.filter { $0.hasSuffix("." + text) }
    // Among several keys the only one that differs between the arms is meant.
    let meant = candidates.count > 1 ? candidates.filter(differing.contains) : candidates
    guard let first = meant.count == 1 ? meant.first : nil else {
      if candidates.isEmpty { throw .unknownKey(text, differing: differing, all: all) }
      throw .ambiguousKey(text, candidates: candidates)
    }
    path = first
  }

  /// The keys by which the arms differ.
  package static func differing(in header: StudyHeader) -> [String] {
    guard let first = header.arms.first else { return [] }
    let keys = Set(header.arms.flatMap(\.settings.keys))
    return keys.filter { key in header.arms.contains { $0.settings[key] != first.settings[key] } }.sorted()
  }

  /// The value of an arm; a setting that it does not have is `none`.
  package func value(of arm: StudyHeader.Arm) -> String {
    path == "arm" ? arm.name : arm.settings[path] ?? "none"
  }
}

/// Whether two values are written alike, or are the same number or duration.
private func isSame(_ left: String, _ right: String) -> Bool {
  if left == right { return true }
  if let one = try? WrittenDuration.nanoseconds(of: left) {
    return one == (try? WrittenDuration.nanoseconds(of: right))
  }
  guard let one = DecimalText(left), let other = DecimalText(right), one.length == left.utf8.count,
    other.length == right.utf8.count
  else { return false }
  return one.canonicalText == other.canonicalText
}

extension StoredStudy {
  /// The study with those of its arms alone for which a key has a value; numbers may be written otherwise.
  package func filtered(_ key: SettingKey, is value: String) throws(GroupingError) -> StoredStudy {
    let kept = header.arms.filter { arm in
      isSame(key.value(of: arm), value)
    }
    guard !kept.isEmpty else {
      var values: [String] = []
      for arm in header.arms where !values.contains(key.value(of: arm)) { values.append(key.value(of: arm)) }
      throw .unknownValue(key: key.path, value: value, values: values)
    }
    let names = Set(kept.map(\.name))
    var study = self
    study.header.arms = kept
    study.runs.removeAll { !names.contains($0.record.identity.arm) }
    study.failures.removeAll { !names.contains($0.identity.arm) }
    return study
  }
}
