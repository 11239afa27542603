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
  /// What else lists say of it, beyond what can be chosen.
  var properties: [Property] { get }
}

/// Something that holds of what a definition defines, such as what a metric is measured in.
public struct Property: Sendable, Encodable {
  /// What it is about.
  public let name: String
  /// What holds.
  public let value: String

  /// A property, such as `scale` with `decibels`.
  public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

extension Definition {
  /// Nowhere in particular.
  public var source: String? { nil }

  /// Nothing beyond its meaning.
  public var properties: [Property] { [] }
}
