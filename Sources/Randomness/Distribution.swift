// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc
import Schema

/// A probability law of a quantity, in the base unit of that quantity (seconds, or a pure number): one of the laws of
/// `LawDefinition.all` with its parameters.
///
/// A draw is a draw from the unit law, scaled afterwards. So laws stay comparable between arms, and multiplying all
/// times by a power of two multiplies every draw by it exactly.
///
/// A trivial value: it is copied without counting references, and a draw is one call through a function pointer. What
/// a law needs beyond four numbers lies in an immortal table.
public struct Distribution: BitwiseCopyable, @unchecked Sendable {
  // Sendable: the definition is a constant of the program, and a table is never written again once it is here.
  private let reference: Unmanaged<LawDefinition>
  @usableFromInline let sampler: LawSampler?
  /// Whether it is the exponential law, which is drawn more often than all others and needs no sampler.
  let isExponential: Bool
  /// The parameters of the law, in an order that is the law's own.
  @usableFromInline let first: Double
  let second: Double
  let third: Double
  let fourth: Double
  let table: UnsafeRawPointer?

  /// A law with its parameters.
  ///
  /// - Parameters:
  ///   - definition: one that lives as long as the program.
  ///   - table: memory that is never freed and never written again.
  init(
    _ definition: LawDefinition, _ first: Double, _ second: Double = 0, _ third: Double = 0, _ fourth: Double = 0,
    table: UnsafeRawPointer? = nil
  ) {
    reference = Unmanaged.passUnretained(definition)
    sampler = definition.sampler
    isExponential = definition === LawDefinition.exponential
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
    self.table = table
  }

  /// What kind of law it is.
  package var definition: LawDefinition { reference.takeUnretainedValue() }

  /// The value at an index of a stream; a pure function of its arguments.
  ///
  /// *Randomness*: what each law takes is said at its definition, all of it from this index.
  @inlinable @inline(__always)
  package func sample(_ key: StreamKey, at index: UInt64) -> Double {
    sampler == nil ? first : sampleFromLaw(key, at: index)
  }

  @usableFromInline
  func sampleFromLaw(_ key: StreamKey, at index: UInt64) -> Double {
    if isExponential { return exponential(key.uniform(at: index)) }
    var draws = Draws(beginning: key, at: index)
    return withUnsafeMutablePointer(to: &draws) { sample(from: UnsafeMutableRawPointer($0)) }
  }

  /// What `sample(key, at: index)` gives, unless `other.uniform(at: index)` is below a probability; both are computed side by
  /// side.
  package func sample(
    _ key: StreamKey, unlessUniformOf other: StreamKey, isBelow probability: Double, at index: UInt64
  ) -> Double? {
    let otherWords = other.firstWords(at: index)
    if isExponential {
      let words = key.firstWords(at: index)
      if unitNumber(otherWords.x, otherWords.y) < probability { return nil }
      return exponential(unitNumber(words.x, words.y))
    }
    if unitNumber(otherWords.x, otherWords.y) < probability { return nil }
    return sampler == nil ? first : sampleFromLaw(key, at: index)
  }

  /// The value of the exponential law for a uniform number.
  @inline(__always)
  func exponential(_ uniform: Double) -> Double { -log1p(-uniform) * first }

  /// The next value from random numbers: a pointer to `Draws`.
  func sample(from draws: UnsafeMutableRawPointer) -> Double {
    guard let sampler else { return first }
    return sampler(draws, table, first, second, third, fourth)
  }

  /// The expected value; may be infinite.
  package var mean: Double { definition.mean(self) }

  /// The variance over the squared mean; zero for a constant, and possibly infinite.
  package var squaredCoefficientOfVariation: Double { definition.squaredCoefficientOfVariation(self) }

  /// The expected square, E[X²].
  package var secondMoment: Double { mean * mean * (1 + squaredCoefficientOfVariation) }

  /// Whether every draw gives the same value.
  package var isConstant: Bool { squaredCoefficientOfVariation == 0 }

  /// The probability of a value at or below `value`.
  package func cumulativeProbability(_ value: Double) -> Double { definition.cumulativeProbability(self, value) }

  /// The least and the greatest value that a draw can have; the greatest may be infinite.
  package var support: (lower: Double, upper: Double) { definition.support(self) }
}

extension Distribution: SpecialValue, Hashable, CustomStringConvertible {
  /// Whether both are the same law with the same parameters.
  public static func == (one: Distribution, other: Distribution) -> Bool {
    one.definition === other.definition && one.parameters == other.parameters && one.table == other.table
  }

  /// By the law and its parameters.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(definition))
    hasher.combine(parameters)
    hasher.combine(table)
  }

  private var parameters: [Double] { [first, second, third, fourth] }

  /// The law as scenarios write it.
  public var description: String {
    let pairs = definition.write(self).map { "\($0.name): \($0.value.plainText)" }
    return "\(definition.name)(\(pairs.joined(separator: ", ")))"
  }
}

extension Argument {
  /// A value of a law in a description.
  fileprivate var plainText: String {
    switch self {
    case .number(let number): "\(number)"
    case .text(let text): text
    case .special(let value): "\(value)"
    default: "\(self)"
    }
  }
}

/// Draws one value: from a pointer to `Draws`, the table and the four parameters of the law.
///
/// The parameters come as numbers and not as the law, so that they travel in registers.
@usableFromInline typealias LawSampler =
  @Sendable @convention(c) (
    _ draws: UnsafeMutableRawPointer, _ table: UnsafeRawPointer?,
    _ first: Double, _ second: Double, _ third: Double, _ fourth: Double
  ) -> Double
