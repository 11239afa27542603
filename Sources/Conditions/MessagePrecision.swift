// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// How exactly messages carry numbers: in a binary format of IEEE 754.
package enum MessagePrecision: String, Sendable, CaseIterable {
  /// 11 significant bits; beyond 65504 a number is infinite.
  case float16
  /// 24 significant bits.
  case float32
  /// 53 significant bits.
  case float64

  /// Of a number.
  package var bytes: Int {
    switch self {
    case .float16: 2
    case .float32: 4
    case .float64: 8
    }
  }
}

extension LinkSettings {
  /// The bytes of a message that carries so many numbers.
  ///
  /// - Parameter bytesPerParameter: of the type that the learner's parameters have, which messages keep unless the links
  ///   say otherwise.
  package func messageSize(numbers: Int, bytesPerParameter: Int) -> UInt64 {
    UInt64(numbers * bytesPerNumber(bytesPerParameter: bytesPerParameter)) + overhead.bytes
  }

  /// The bytes of a number in a message.
  package func bytesPerNumber(bytesPerParameter: Int) -> Int { precision?.bytes ?? bytesPerParameter }
}
