// SPDX-License-Identifier: GPL-3.0-or-later

/// One thing that can be said about what a definition defines. Reading, errors, what is shown, the lists and the
/// reference follow from these descriptions.
public struct Parameter: Sendable, Hashable {
  /// Whether it must be given.
  public enum Presence: Sendable, Equatable {
    case required
    /// What stands where it is not given.
    case otherwise(Argument)
    /// It may be left out.
    case optional
    /// Exactly one of the parameters of this presence must be given.
    case alternative
  }

  /// The key in scenarios.
  public let name: String
  package let meaning: String
  package let kind: Kind
  package let presence: Presence
  /// A value as it is written, for hints.
  package let example: String?

  /// A parameter; it must be given unless its presence says otherwise.
  public init(
    _ name: String, _ kind: Kind, _ meaning: String, _ presence: Presence = .required, example: String? = nil
  ) {
    self.name = name
    self.meaning = meaning
    self.kind = kind
    self.presence = presence
    self.example = example
  }

  /// What stands where it is not given, as it is written.
  package var usualText: String? {
    if case .otherwise(let value) = presence { kind.text(of: value) } else { nil }
  }

  /// By the name, as values of parameters need not be hashable.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
