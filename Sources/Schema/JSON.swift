// SPDX-License-Identifier: GPL-3.0-or-later

/// A JSON value whose objects keep their order.
package indirect enum JSON: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package let key: String
    package var value: JSON

    package init(_ key: String, _ value: JSON) { (self.key, self.value) = (key, value) }
  }

  case text(String)
  case number(Double)
  case integer(Int)
  case flag(Bool)
  case list([JSON])
  case object([Member])

  /// An object whose members are given in their order.
  package static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// An object with further members; anything else stays as it is.
  package func adding(_ more: [Member]) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members + more)
  }

  /// The value on lines of its own, indented by two blanks; lists and objects without inner ones stand on one line.
  package func lines(indentation: String = "") -> String {
    let inner = indentation + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let number): return plainNumber(number)
    case .integer(let number): return "\(number)"
    case .flag(let flag): return "\(flag)"
    case .list(let values) where values.allSatisfy(\.isSimple):
      return "[" + values.map { $0.lines() }.joined(separator: ", ") + "]"
    case .list(let values):
      return "[\n" + values.map { inner + $0.lines(indentation: inner) }.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let members) where members.allSatisfy { $0.value.isSimple && members.count < 3 }:
      return "{" + members.map { "\(Self.quoted($0.key)): \($0.value.lines())" }.joined(separator: ", ") + "}"
    case .object(let members):
      let texts = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.lines(indentation: inner))" }
      return "{\n" + texts.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }

  private var isSimple: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
