// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// Runs published closed forms through the real engine.
package struct Verifier: Sendable {
  /// The kinds of cases that run through the engine.
  private static let cases: [any ReferenceCase.Type] = [
    WeightsVerification.self, DiffusionVerification.self, EventVerification.self, MeanStabilityVerification.self,
    GossipVerification.self, PushSumVerification.self, DelayedConsensusVerification.self,
    DelayedGradientVerification.self,
  ]
  /// With `isQuick` so many times fewer runs are made.
  private static let quickShare = 5

  /// Runs at the same time.
  package var jobs: Int
  package var seed: UInt64
  /// Whether only a part of the runs is made, with bars that are wider by four standard errors of what was seen.
  package var isQuick: Bool

  package init(jobs: Int, seed: UInt64 = 1, isQuick: Bool = false) {
    self.jobs = jobs
    self.seed = seed
    self.isQuick = isQuick
  }

  /// How many runs to make where a protocol asks for so many.
  func runs(_ count: Int) -> Int { isQuick ? max(2, count / Self.quickShare) : count }

  /// A check of the mean of some values, one for each run.
  func check(
    _ reference: String, _ quantity: String, agent: Int? = nil, _ expected: Double, values: [Double], bar: Double
  ) -> VerificationReport.Check {
    let sample = Sample(values)
    return .init(
      reference: reference, quantity: quantity, agent: agent, expected: expected, seen: sample.mean,
      bar: bar + (isQuick ? 4 * sample.standardError : 0))
  }

  /// A check in decibels of the mean of some powers, one for each run.
  func check(
    _ reference: String, _ quantity: String, agent: Int? = nil, _ expected: Double, powers: [Double], bar: Double
  ) -> VerificationReport.Check {
    let sample = Sample(powers)
    let standardError = 10 / log(10) * sample.standardError / sample.mean
    return .init(
      reference: reference, quantity: quantity, agent: agent, expected: expected,
      seen: decibels(ofPower: sample.mean), bar: bar + (isQuick ? 4 * standardError : 0))
  }

  /// Checks all cases of a reference file of schema `diffusion-reference/1`.
  ///
  /// - Throws: if the file cannot be read or is not such a file.
  package func verify(file path: String) throws(ReferenceError) -> VerificationReport {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ReferenceError(
        "\(path): error: the file cannot be read (\(error.localizedDescription))", isUnreadable: true)
    }
    do {
      return try verify(data)
    } catch let error as ReferenceError {
      throw ReferenceError("\(path): error: \(error.description)")
    } catch {
      throw ReferenceError(
        "\(path): error: \(Self.explanation(error)) A reference file has schema 'diffusion-reference/1'.",
        isUnreadable: false)
    }
  }

  /// Checks all cases of the text of a reference file.
  package func verify(_ data: Data) throws -> VerificationReport {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let header = try decoder.decode(ReferenceHeader.self, from: data)
    guard header.schema == "diffusion-reference/1" else {
      throw ReferenceError("the schema is '\(header.schema)', but only 'diffusion-reference/1' is known.")
    }
    guard let kind = Self.cases.first(where: { $0.kind == header.kind }) else {
      var report = VerificationReport()
      report.inexpressible.append(.init(reference: header.id, lacking: "kind '\(header.kind)'"))
      return report
    }
    return try decoder.decode(kind, from: data).report(self)
  }

  private static func explanation(_ error: any Error) -> String {
    guard let error = error as? DecodingError else {
      let text = "\(error)"
      return text.hasSuffix(".") ? text : text + "."
    }
    switch error {
    case .keyNotFound(let key, let context): return "the key '\(path(context.codingPath + [key]))' is missing."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the value of '\(path(context.codingPath))' has the wrong type."
    case .dataCorrupted: return "the text is not valid JSON."
    @unknown default: return "\(error)."
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }
}

/// The mean of a sample and how sure it is.
private struct Sample {
  let mean: Double
  let standardError: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardError = (squares / max(1, count - 1) / count).squareRoot()
  }
}
