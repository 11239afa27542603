// SPDX-License-Identifier: GPL-3.0-or-later

/// A noun as it stands after a number: `run` after 1, else `runs`, or another plural.
package func plural(_ count: Int, _ noun: String, _ many: String? = nil) -> String {
  count == 1 ? noun : many ?? noun + "s"
}

/// A number with its noun: `1 run`, `20 runs`.
package func counted(_ count: Int, _ noun: String, _ many: String? = nil) -> String {
  "\(count) \(plural(count, noun, many))"
}
