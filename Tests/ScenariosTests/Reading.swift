// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios

/// The scenario of a text with overrides as they are typed.
func scenario(_ text: String, _ overrides: String...) throws -> Scenario {
  try Scenario.parse(text: text, file: "good.yaml", overrides: overrides.map { try Override($0) })
}
