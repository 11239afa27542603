// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Summaries
import Verification

/// A report of checks as text.
struct VerificationText {
  private let report: VerificationReport

  init(_ report: VerificationReport) { self.report = report }

  /// A table for each reference, what cannot be expressed, and one line of conclusion.
  func text(_ style: TerminalStyle) -> String {
    var lines: [String] = []
    for reference in references {
      let checks = shown(report.checks.filter { $0.reference == reference })
      lines.append(reference)
      lines.append("  " + row("", "expected", "seen", "bar", ""))
      for check in checks { lines.append("  " + row(check)) }
    }
    if !report.inexpressible.isEmpty {
      lines.append("Not expressible yet")
      for one in report.inexpressible { lines.append("  \(one.reference): \(one.lacking)") }
    }
    let failed = report.checks.filter { !$0.passes }.count
    lines.append(
      "\(report.checks.count) checks, \(report.checks.count - failed) passed, \(failed) failed, "
        + "\(report.inexpressible.count) cases not expressible yet.")
    return lines.joined(separator: "\n")
  }

  private var references: [String] {
    var references: [String] = []
    for check in report.checks where references.last != check.reference { references.append(check.reference) }
    return references
  }

  /// All checks, of those about single agents only the worst and those that fail.
  private func shown(_ checks: [VerificationReport.Check]) -> [VerificationReport.Check] {
    let ofAgents = checks.filter { $0.agent != nil }
    let worst = ofAgents.max { $0.strain < $1.strain }
    return checks.filter { $0.agent == nil || !$0.passes || $0 == worst }
  }

  private func row(_ check: VerificationReport.Check) -> String {
    let agent = check.agent.map { ", agent \($0), the worst" } ?? ""
    let digits = check.bar < 1e-3 ? "%.1e" : "%.3f"
    return row(
      check.quantity.replacingOccurrences(of: " of an agent (dB)", with: " (dB)\(agent)"),
      String(format: digits, check.expected), String(format: digits, check.seen), String(format: "%.4g", check.bar),
      check.passes ? "pass" : "FAIL")
  }

  private func row(_ quantity: String, _ expected: String, _ seen: String, _ bar: String, _ result: String) -> String {
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let name = quantity + String(repeating: " ", count: max(0, 44 - quantity.count))
    return name + right(expected, 9) + right(seen, 9) + right(bar, 7) + "  " + result
  }
}
