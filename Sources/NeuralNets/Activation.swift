// SPDX-License-Identifier: GPL-3.0-or-later

/// What a hidden unit makes of its weighted sum. All of them have slopes that can be told from their values.
package enum Activation: Sendable, Hashable, CaseIterable, BitwiseCopyable {
  /// max(0, x)
  case rectifier
  /// x above zero, x / 100 below.
  case leakyRectifier
  /// tanh x
  case hyperbolicTangent

  /// The slope of the leaky rectifier below zero.
  static var leakiness: Double { 0.01 }

  /// What rectifiers multiply by below zero; nothing where an activation is no rectifier.
  var slopeBelowZero: Double? {
    switch self {
    case .rectifier: 0
    case .leakyRectifier: Activation.leakiness
    case .hyperbolicTangent: nil
    }
  }

  /// The slope where the value is this; at the kink of a rectifier the slope below it. A rectifier's value has the sign
  /// of its weighted sum, which does as well.
  @inline(__always)
  func slope<Scalar: NeuralScalar>(atValue value: Scalar) -> Scalar {
    switch self {
    case .rectifier: value > 0 ? 1 : 0
    case .leakyRectifier: value > 0 ? 1 : Scalar(Activation.leakiness)
    case .hyperbolicTangent: 1 - value * value
    }
  }
}
