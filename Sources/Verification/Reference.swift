// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation

/// A reference file that has been read and understood, and can be run through the engine.
package struct Reference: Sendable {
  /// The value of `schema` in files of this kind.
  private static let schema = "diffusion-reference/1"
  /// In bytes, far above what references have.
  private static let largestFile = 1_000_000_000

  /// The kinds of cases that run through the engine.
  private static let cases: [any ReferenceCase.Type] = [
    WeightsVerification.self, DiffusionVerification.self, EventVerification.self, MeanStabilityVerification.self,
    GossipVerification.self, PushSumVerification.self, DelayedConsensusVerification.self,
    DelayedGradientVerification.self, GridWorldVerification.self, DualAscentVerification.self,
    RenewalAvailabilityVerification.self, CorrelatedOutagesVerification.self,
    PartitionConsensusVerification.self, DynamicNetworkVerification.self, TrackingVerification.self,
    GilbertElliottVerification.self, AgeOfInformationVerification.self,
    MobilityVerification.self, SlowSpellVerification.self, BarrierRoundsVerification.self, OpenGossipVerification.self,
    RealisedMatrixVerification.self,
  ]

  package let id: String
  package let kind: String
  /// What runs.
  private(set) var content: any ReferenceCase

  /// Reads a file.
  ///
  /// - Throws: if the file cannot be read, or is no reference, with its path.
  package init(path: String) throws(ReferenceError) {
    let data: Data
    do throws(InputFile.Trouble) {
      data = Data(try InputFile(path).bytes(atMost: Self.largestFile, allowsStreams: true))
    } catch {
      throw ReferenceError("\(path): error: the file cannot be read (\(error))", isUnreadable: true)
    }
    do throws(ReferenceError) {
      try self.init(data)
      do {
        content = try content.beside(path)
      } catch {
        throw ReferenceError("what lies beside it cannot be used: \(error)")
      }
    } catch {
      throw ReferenceError("\(path): error: \(error.description)")
    }
  }

  /// Reads the text of a file. One without a schema is told by its keys (`ReferenceSignature`).
  package init(_ data: Data) throws(ReferenceError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
      if let object, object["schema"] as? Int == StatisticsProcedures.schema, object["made_with"] != nil {
        id = StatisticsProcedures.kind
        kind = StatisticsProcedures.kind
        content = try decoder.decode(StatisticsProcedures.self, from: data)
        return
      }
      if let object, object["schema"] == nil, let signature = ReferenceSignature.of(object) {
        id = signature.kind
        kind = signature.kind
        content = try decoder.decode(signature.type, from: data)
        return
      }
      let header = try decoder.decode(ReferenceHeader.self, from: data)
      guard header.schema == Self.schema else {
        throw ReferenceError("the schema is '\(header.schema)', but only '\(Self.schema)' is known.")
      }
      id = header.id
      kind = header.kind
      guard let type = Self.cases.first(where: { $0.kind == header.kind }) else {
        let known = Self.cases.map { $0.kind }.sorted().joined(separator: ", ")
        throw ReferenceError("the kind '\(header.kind)' is not known; there are \(known).")
      }
      content = try decoder.decode(type, from: data)
    } catch let error as ReferenceError {
      throw error
    } catch {
      throw ReferenceError(Self.explanation(error))
    }
  }

  /// What is wrong with a text that cannot be decoded, and where in it.
  private static func explanation(_ error: any Error) -> String {
    guard let error = error as? DecodingError else {
      let text = "\(error)"
      return text.hasSuffix(".") ? text : text + "."
    }
    switch error {
    case .keyNotFound(let key, let context): return "the key '\(path(context.codingPath + [key]))' is missing."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the value of '\(path(context.codingPath))' has the wrong type."
    case .dataCorrupted(let context) where context.codingPath.isEmpty: return "the text is not valid JSON."
    case .dataCorrupted(let context): return "\(path(context.codingPath)): \(context.debugDescription)"
    @unknown default: return "\(error)."
    }
  }

  /// The place in the file, such as `experiments[0].expected.transient[3]`, with keys as the file spells them.
  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + snakeCase(key.stringValue)
      }
    }
  }

  /// A key as files spell it.
  static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }
}

/// What every reference file has in common.
private struct ReferenceHeader: Decodable {
  let schema: String
  let id: String
  let kind: String
}
