// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc

/// The laws of the delays with which events are scheduled again, in seconds.
enum DelayLaw: String, CaseIterable {
  /// Mean 1; what the C++ peer has.
  case exponential
  /// Between 0 and 2.
  case uniform
  /// Always 1, from first times that are spread over one second.
  case constant
  /// Always 1, and all events at one instant: nothing but ties.
  case equal
  /// 0.5 ms in the mean, and with probability 1/1000 a million seconds.
  case bimodal
  /// Half of them a millisecond, half of them a second in the mean.
  case mixed
  /// Tails with exponent 1.5, at least 1.
  case pareto
  /// Whole seconds from 1 to 8.
  case lattice

  /// One delay.
  @inline(__always)
  func draw(_ generator: inout Xoshiro256PlusPlus) -> Double {
    switch self {
    case .exponential: generator.exponential()
    case .uniform: 2 * generator.uniform()
    case .constant, .equal: 1
    case .bimodal: generator.next() % 1000 == 0 ? 1e6 : 1e-3 * generator.uniform()
    case .mixed: generator.exponential() * (generator.next() & 1 == 0 ? 1 : 1e-3)
    case .pareto: pow(generator.uniform(), -1 / 1.5)
    case .lattice: Double(1 + generator.next() & 7)
    }
  }

  /// The first time of an event.
  func first(_ generator: inout Xoshiro256PlusPlus) -> Double {
    switch self {
    case .constant: generator.uniform()
    case .bimodal: 1e6 * generator.uniform()
    default: draw(&generator)
    }
  }
}
