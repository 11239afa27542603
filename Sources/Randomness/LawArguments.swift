// SPDX-License-Identifier: GPL-3.0-or-later

/// Something that a scenario can say of a law.
package struct LawParameter: Sendable {
  package enum Kind: Sendable {
    /// In the unit of the quantity, and a value that the quantity may have.
    case quantity
    /// The same, and above zero.
    case positiveQuantity
    /// A pure number of a range.
    case number(ClosedRange<Double>)
    /// A probability.
    case share
    /// A law of the same quantity.
    case law
    /// A file with numbers.
    case sampleFile
    /// A word.
    case text
  }

  package let name: String
  package let kind: Kind

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  static let mean = LawParameter("mean", .positiveQuantity)
  static let median = LawParameter("median", .positiveQuantity)
  /// The standard deviation over the mean.
  static let coefficientOfVariation = LawParameter("cv", .number(1e-6...100))
}

/// The value of a parameter: quantities in base units.
package enum LawValue: Sendable, Equatable, CustomStringConvertible {
  case number(Double)
  case law(Distribution)
  case sample(EmpiricalSample)
  case text(String)

  package var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .law(let law): "\(law)"
    case .sample(let sample): sample.file
    case .text(let text): text
    }
  }
}

/// What is wrong with the parameters of a law.
package enum LawError: Error, Equatable {
  /// A parameter that the law cannot do without.
  case missing(String)
  /// One of two parameters is needed.
  case neither(String, String)
  /// Only one of two parameters can be given.
  case both(String, String)
  /// What is said of the law cannot be; follows the law in a sentence.
  case law(String, hint: String? = nil)
  /// What is said of a parameter cannot be; follows the parameter in a sentence.
  case parameter(String, String)
}

/// What a scenario says of a law.
package struct LawArguments: Sendable {
  /// By the names of parameters.
  package var values: [String: LawValue]
  /// Whether the law is a factor around one: then a mean or median may be left out, and the mean is one.
  package var isFactor: Bool

  package init(_ values: [String: LawValue] = [:], isFactor: Bool = false) {
    self.values = values
    self.isFactor = isFactor
  }

  func number(_ name: String) -> Double? {
    if case .number(let number)? = values[name] { number } else { nil }
  }

  func required(_ name: String) throws(LawError) -> Double {
    guard let number = number(name) else { throw .missing(name) }
    return number
  }

  /// The one of two parameters that is given.
  func one(of first: String, _ second: String) throws(LawError) -> (value: Double, isFirst: Bool) {
    switch (number(first), number(second)) {
    case (let value?, nil): return (value, true)
    case (nil, let value?): return (value, false)
    case (nil, nil): throw .neither(first, second)
    case (_?, _?): throw .both(first, second)
    }
  }

  /// The mean, which is one for a factor that says nothing else.
  func mean() throws(LawError) -> Double {
    if isFactor, number("mean") == nil { return 1 }
    return try required("mean")
  }
}
