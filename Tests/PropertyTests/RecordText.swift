// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records

extension RunRecord {
  /// Everything that a record says; numbers that are not equal to themselves, and what is not part of it as JSON, included.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return String(decoding: try encoder.encode(self), as: UTF8.self)
        + "\(parameters) \(windows) \(links.map { "\($0)" } ?? "")"
    }
  }
}
