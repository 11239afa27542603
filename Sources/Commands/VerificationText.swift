// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Summaries
import Verification

/// A report of checks as text.
struct VerificationText {
  private typealias Check = VerificationReport.Check

  private let report: VerificationReport

  init(_ report: VerificationReport) { self.report = report }

  /// A table for each case in which chance plays a part, one for all the others of a file, what was skipped, and the
  /// conclusion.
  ///
  /// - Parameter seconds: how long the checks took.
  func text(_ style: TerminalStyle, seconds: Double) -> String {
    var lines: [String] = []
    for file in inOrder(report.checks.map(\.file)) {
      let checks = report.checks.filter { $0.file == file }
      let random = Set(checks.filter { $0.runs != nil }.map(\.reference))
      let exact = checks.filter { !random.contains($0.reference) }
      if !exact.isEmpty { lines += table(exact, file: file) }
      for reference in inOrder(checks.map(\.reference)) where random.contains(reference) {
        lines += table(checks.filter { $0.reference == reference }, reference: reference)
      }
    }
    if !report.skipped.isEmpty {
      lines.append("Skipped, as there is no run for them")
      for one in report.skipped { lines.append("  \(one.reference) (kind \(one.kind))") }
    }
    lines += conclusion(seconds, width: style.width)
    return lines.joined(separator: "\n")
  }

  // MARK: - Tables

  /// All checks of a case, of those about single agents only the worst and those that fail.
  private func table(_ checks: [Check], reference: String) -> [String] {
    let worst = worst(checks.filter { $0.agent != nil })
    let shown = checks.filter { $0.agent == nil || !$0.passes || $0 == worst }
    return [header(reference)] + shown.flatMap { row($0, name: $0.name + ($0 == worst ? ", worst" : "")) }
  }

  /// The worst of each quantity of a file's cases without chance, and all that fail.
  private func table(_ checks: [Check], file: String) -> [String] {
    let cases = inOrder(checks.map(\.reference)).count
    var lines = [header(cases > 1 ? "\(file), the worst of \(cases)" : checks[0].reference)]
    for quantity in inOrder(checks.map(\.quantity)) {
      let alike = checks.filter { $0.quantity == quantity }
      let failed = alike.filter { !$0.passes }
      if failed.isEmpty {
        lines += worst(alike).map { row($0, name: quantity) } ?? []
      } else {
        lines += failed.flatMap { row($0, name: cases > 1 ? "\($0.reference): \(quantity)" : quantity) }
      }
    }
    return lines
  }

  private func worst(_ checks: [Check]) -> Check? { checks.max { $0.shareOfBar < $1.shareOfBar } }

  private func header(_ name: String) -> String {
    let columns = columns("expected", "seen", "off by", "bar", "").trimmed
    return name.count < Self.nameWidth + 2
      ? name.padded(to: Self.nameWidth + 2) + columns
      : name + "\n" + "".padded(to: Self.nameWidth + 2) + columns
  }

  /// A row of a table; a name that is too long gets a line of its own.
  private func row(_ check: Check, name: String) -> [String] {
    let scale = NumberScale(bar: check.bar, largest: max(abs(check.expected), abs(check.seen)))
    let columns = columns(
      scale.text(check.expected), scale.text(check.seen), scale.text(check.seen - check.expected),
      String(format: "%.3g", check.bar), check.passes ? "pass" : "FAIL")
    if name.count < Self.nameWidth { return ["  " + name.padded(to: Self.nameWidth) + columns] }
    return ["  " + name, "".padded(to: Self.nameWidth + 2) + columns]
  }

  private static let nameWidth = 33

  private func columns(_ expected: String, _ seen: String, _ off: String, _ bar: String, _ result: String) -> String {
    expected.padded(toLeft: 10) + seen.padded(toLeft: 10) + off.padded(toLeft: 10) + bar.padded(toLeft: 9) + "  "
      + result
  }

  // MARK: - Conclusion

  private func conclusion(_ seconds: Double, width: Int) -> [String] {
    let failed = report.checks.filter { !$0.passes }.count
    let kinds = inOrder(report.skipped.map(\.kind)).count
    var lines: [String] = []
    if let worst = report.worst {
      let share = worst.shareOfBar.isFinite ? String(format: "%.0f %% of its bar", 100 * worst.shareOfBar) : "no number"
      let head = "The worst, \(share): \(worst.reference),"
      let isShort = head.count + 1 + worst.name.count <= width
      lines += isShort ? ["\(head) \(worst.name)"] : [head, "  \(worst.name)"]
    }
    lines.append(
      "\(counted(report.checks.count, "check")): \(report.checks.count - failed) passed, \(failed) failed; "
        + "\(counted(kinds, "kind")) skipped; \(humanDuration(seconds)).")
    return lines
  }

  /// Each text once, in the order in which it first comes.
  private func inOrder(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}

/// How the numbers of one check are written: so finely that a hundredth of the bar is seen, unless that takes more
/// digits than there is room for; then the difference alone shows it.
private struct NumberScale {
  private let decimals: Int

  init(bar: Double, largest: Double) {
    let wanted = bar > 0 ? (-log10(bar)).rounded(.up) + 2 : 0
    decimals = Int(min(max(wanted, 0), largest < 10 ? 6 : 3))
  }

  func text(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let isTooSmall = abs(value) < pow(10, -Double(decimals)) && value != value.rounded()
    return String(format: isTooSmall || abs(value) >= 1e6 ? "%.1e" : "%.\(decimals)f", value)
  }
}

extension VerificationReport.Check {
  /// The id of the file it is from.
  fileprivate var file: String { String(reference.prefix { $0 != "/" }) }

  /// The quantity with the agent that it is about.
  fileprivate var name: String { quantity + (agent.map { ", agent \($0)" } ?? "") }
}

extension String {
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
