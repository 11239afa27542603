// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Simulation
import Testing

/// One wrong scenario of `errors.txt` and what must be said about it.
struct ErrorCase: Sendable, CustomTestStringConvertible {
  var title: String
  var overrides: [String] = []
  var text = ""
  var expected = ""

  var testDescription: String { title }

  /// All cases of the file, in its order.
  static let all: [ErrorCase] = {
    guard let url = Bundle.module.url(forResource: "errors", withExtension: "txt"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.components(separatedBy: "\n=== ").dropFirst().map(ErrorCase.init(block:))
  }()

  /// So that a new law or disturbance changes no message by hand.
  private static func names(_ laws: [LawDefinition]) -> String { laws.map(\.name).joined(separator: ", ") }

  /// Reads the lines between two `=== `.
  private init(block: String) {
    var lines = block.components(separatedBy: "\n")[...]
    title = lines.removeFirst()
    while let line = lines.first, line.hasPrefix("+++ ") {
      overrides.append(String(line.dropFirst(4)))
      lines.removeFirst()
    }
    let end = lines.firstIndex { $0.hasPrefix("--- ") } ?? lines.endIndex
    text = lines[..<end].map { $0 + "\n" }.joined()
    expected = lines[end...].dropFirst().joined(separator: "\n").trimmingCharacters(in: .newlines)
      .replacing("ALL LAWS WITH BOUNDS", with: Self.names(LawDefinition.all.filter(\.canBeBounded)))
      .replacing("ALL LAWS", with: Self.names(LawDefinition.all))
      .replacing("ALL DISTURBANCES", with: DisturbanceDefinition.all.map(\.name).joined(separator: ", "))
  }
}
