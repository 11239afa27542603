// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Verification

/// What a reference file is about, told from its content alone.
enum ReferenceContent {
  case theory(Reference)
  case statistics([StatisticsCase])
  /// An environment, a policy or a gradient.
  case reinforcementLearning(Reference)

  /// - Throws: if the file is no JSON, or nothing that is known.
  init(file: URL) throws {
    let data = try Data(contentsOf: file)
    let object: [String: JSONValue]
    do {
      object = try JSONDecoder().decode([String: JSONValue].self, from: data)
    } catch {
      throw UnknownReference(file: file, reason: "is no JSON object: \(error)")
    }
    switch object["schema"] {
    case .text:
      self = .theory(try Reference(path: file.path))
    case .number(1) where object["made_with"] != nil:
      struct File: Decodable { let cases: [StatisticsCase] }
      do {
        self = .statistics(try JSONDecoder().decode(File.self, from: data).cases)
      } catch {
        throw UnknownReference(file: file, reason: "has cases that are not those of statistics: \(error)")
      }
    case nil:
      self = .reinforcementLearning(try Reference(path: file.path))
    default:
      throw UnknownReference(file: file, reason: "has a schema that is not known")
    }
  }
}

/// A file that cannot be told, so that nothing in it was checked.
struct UnknownReference: Error, CustomStringConvertible {
  let file: URL
  let reason: String

  var description: String { "\(file.path) \(reason)." }
}
