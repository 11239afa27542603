// SPDX-License-Identifier: GPL-3.0-or-later

/// One of the things that a scenario can choose by name: a topology, a law, a learner. It says everything about itself.
public protocol Definition: Sendable {
  /// The name in scenarios.
  var name: String { get }
  /// What it is, in one line that begins with a small letter and ends without a full stop.
  var meaning: String { get }
  /// Where it comes from: a paper, a book.
  var source: String? { get }
  var parameters: [Parameter] { get }
}

extension Definition {
  /// Nowhere in particular.
  public var source: String? { nil }
}
