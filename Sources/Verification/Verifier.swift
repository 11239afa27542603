// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Runs published closed forms through the real engine.
package struct Verifier: Sendable {
  /// Runs at the same time.
  package var jobs: Int
  package var seed: UInt64

  package init(jobs: Int, seed: UInt64 = 1) {
    self.jobs = jobs
    self.seed = seed
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
        description: "\(path): error: the file cannot be read (\(error.localizedDescription))", isUnreadable: true)
    }
    do {
      return try verify(data)
    } catch let error as ReferenceError {
      throw ReferenceError(description: "\(path): error: \(error.description)", isUnreadable: false)
    } catch {
      throw ReferenceError(
        description: "\(path): error: \(Self.explanation(error)) A reference file has schema 'diffusion-reference/1'.",
        isUnreadable: false)
    }
  }

  /// Checks all cases of the text of a reference file.
  package func verify(_ data: Data) throws -> VerificationReport {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let header = try decoder.decode(ReferenceHeader.self, from: data)
    guard header.schema == "diffusion-reference/1" else {
      throw ReferenceError(
        description: "the schema is '\(header.schema)', but only 'diffusion-reference/1' is known.",
        isUnreadable: false)
    }
    guard header.kind == "diffusion-lms" else {
      var report = VerificationReport()
      report.inexpressible.append(
        .init(reference: header.id, lacking: "kind '\(header.kind)'"))
      return report
    }
    return try DiffusionVerification(decoder.decode(DiffusionReference.self, from: data), verifier: self).report()
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
