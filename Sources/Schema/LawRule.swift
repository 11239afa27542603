// SPDX-License-Identifier: GPL-3.0-or-later

/// What a law at some key must satisfy.
public struct LawRule: Sendable, Hashable {
  package let kind: QuantityKind
  /// Every value that the law can give lies in here.
  package let bounds: Bounds
  /// Whether a law that always gives zero is refused.
  package let needsPositiveMean: Bool
  /// Whether the law is a factor around one: then a mean or median may be left out, and the mean is one.
  package let isFactor: Bool

  /// Laws of a quantity within bounds.
  public init(kind: QuantityKind, bounds: Bounds, needsPositiveMean: Bool = false, isFactor: Bool = false) {
    (self.kind, self.bounds) = (kind, bounds)
    (self.needsPositiveMean, self.isFactor) = (needsPositiveMean, isFactor)
  }

  package static let duration = LawRule(kind: .duration, bounds: .duration)
  package static let positiveDuration = LawRule(kind: .duration, bounds: .duration, needsPositiveMean: true)
  package static let factor = LawRule(kind: .number, bounds: .notNegative, needsPositiveMean: true, isFactor: true)

  /// Whether laws that may give any large value are refused here.
  package var needsBounds: Bool { bounds.upper <= 1 }

  /// The rule of a law that is part of another one.
  package var ofPart: LawRule { LawRule(kind: kind, bounds: bounds, isFactor: isFactor) }

  package var phrase: String { "\(kind.phrase), or a law" }
  package var shortPhrase: String { "\(kind.shortPhrase) or a law" }
}
