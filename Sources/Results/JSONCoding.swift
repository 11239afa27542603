// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How results are written as JSON everywhere: one line, sorted snake_case keys, and the numbers that JSON lacks as
/// the strings `inf`, `-inf` and `nan`.
package func resultsEncoder() -> JSONEncoder {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return encoder
}

/// Reads what `resultsEncoder()` writes.
package func resultsDecoder() -> JSONDecoder {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .custom { path in Key(camelCase(path.last?.stringValue ?? "")) }
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return decoder
}

/// A key by its name alone.
private struct Key: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

/// The words that names write in capitals; snake_case does not tell them from others.
private let acronyms: Set<Substring> = ["msd"]

/// `final_msd` as `finalMSD`. A name without an underscore stays as it is.
private func camelCase(_ name: String) -> String {
  let words = name.split(separator: "_")
  guard let first = words.first, words.count > 1 else { return name }
  return first + words.dropFirst().map { acronyms.contains($0) ? $0.uppercased() : $0.capitalized }.joined()
}
