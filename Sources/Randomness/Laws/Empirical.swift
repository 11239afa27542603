// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// Numbers that were measured somewhere, and the file that they come from.
package struct EmpiricalSample: SpecialValue, Hashable, CustomStringConvertible {
  /// As the scenario names it.
  package let file: String
  /// In ascending order; at least one.
  package let values: [Double]
  /// The checksum of numbers that are not at hand, in whose place there is a one; empty while it is not known.
  private let remembered: String?

  /// The sample of finite numbers in any order; nothing when there are none.
  package init?(file: String, values: [Double]) {
    guard !values.isEmpty else { return nil }
    precondition(values.allSatisfy(\.isFinite), "A sample holds finite numbers.")
    self.file = file
    self.values = values.sorted()
    remembered = nil
  }

  /// A stand-in for the numbers of a file that is not read, to be told from others by their checksum.
  package init(remembering file: String, checksum: String = "") {
    self.file = file
    values = [1]
    remembered = checksum
  }

  /// The sample that has a checksum; nothing where it has another one.
  fileprivate func having(_ checksum: String) -> EmpiricalSample? {
    if remembered != nil { return EmpiricalSample(remembering: file, checksum: checksum) }
    return checksum == self.checksum ? self : nil
  }

  package var description: String { file }

  /// Changes with any of the numbers, but not with their order: 16 hexadecimal digits.
  package var checksum: String {
    if let remembered { return remembered }
    let folded = values.reduce(UInt64(values.count)) { scrambled($0 ^ ($1 + 0.0).bitPattern) }
    let digits = String(folded, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

private let samples = ImmortalTables<EmpiricalSample>()

extension Distribution {
  /// One of the numbers of a sample, each equally probable, times a scale. Nothing between two numbers is ever drawn,
  /// so mean and variation are exactly those of the sample, and whole ticks stay whole.
  package static func empirical(_ sample: EmpiricalSample, scale: Double) -> Distribution {
    let count = Double(sample.values.count)
    let mean = sample.values.reduce(0, +) / count
    let variance = sample.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return Distribution(
      .empirical, scale, count, mean, variance == 0 ? 0 : variance / (mean * mean),
      table: samples.table(of: sample, elements: sample.values))
  }

  fileprivate var scale: Double { first }
  fileprivate var count: Int { Int(second) }

  /// What the law was made of.
  fileprivate var sample: EmpiricalSample { samples.content(of: table) }
}

/// The numbers of a sample's table.
private func values(_ table: UnsafeRawPointer?) -> UnsafePointer<Double> {
  guard let table else { preconditionFailure("An empirical law has a table of numbers.") }
  return table.assumingMemoryBound(to: Double.self)
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let empirical = LawDefinition(
    name: "empirical", meaning: "one of the numbers of a file, each equally probable",
    example: "{file: f, scale: a}",
    parameters: [
      Parameter("file", .file("a text file with one number per line"), "beside the scenario"),
      Parameter("scale", .quantityOfLaw(isPositive: true), "what a one of the file stands for", .optional), .mean,
      Parameter("checksum", .line, "of the numbers; others are refused", .optional),
    ], canBeBounded: true,
    resolve: { (said, isFactor) throws(Fault) in
      guard var sample: EmpiricalSample = said.special("file") else { throw .missing("file") }
      if let checksum = said.text("checksum") {
        guard let same = sample.having(checksum) else {
          throw Fault("checksum", "is not that of its file, \(sample.checksum): the numbers have changed")
        }
        sample = same
      }
      let plain = Distribution.empirical(sample, scale: 1)
      let isUnit = isFactor && said.number("scale") == nil && said.number("mean") == nil
      let size = isUnit ? (value: 1, isFirst: false) : try said.one(of: "scale", "mean")
      if size.isFirst { return .empirical(sample, scale: size.value) }
      guard plain.mean > 0 else {
        throw .whole("has a file with a mean that is not above zero", hint: "give its scale")
      }
      return .empirical(sample, scale: size.value / plain.mean)
    },
    write: { law in
      let sample = law.sample
      return [("file", .special(sample)), ("scale", .number(law.scale)), ("checksum", .text(sample.checksum))]
    },
    sampler: { draws, table, scale, count, _, _ in
      values(table)[Int(draws.draws.pointee.uniform() * count)] * scale
    },
    mean: { $0.third * $0.scale },
    squaredCoefficientOfVariation: { $0.fourth },
    cumulativeProbability: { law, value in
      // The number of draws at or below the value, by bisection.
      var (low, high) = (0, law.count)
      while low < high {
        let middle = (low + high) / 2
        if values(law.table)[middle] * law.scale <= value { low = middle + 1 } else { high = middle }
      }
      return Double(low) / Double(law.count)
    },
    support: { (values($0.table)[0] * $0.scale, values($0.table)[$0.count - 1] * $0.scale) })
}
