// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities

/// What agents put into messages: the one place that says which of their numbers go, how exactly, and what they cost.
///
/// A message carries the shared parameters of its phase and what the strategy adds behind them, and nothing that is an
/// agent's own: vectors have no room for it. Where links are less precise than parameters, numbers are rounded to what a
/// message carries, to nearest, ties to even, when it is sent; who sends them goes on with its own.
struct Outbox: ~Copyable {
  /// How many numbers a vector has room for.
  let payloadLength: Int
  /// Bytes of a message about all shared parameters, with what the strategy adds.
  let bytes: UInt32
  /// Whether messages carry numbers as they are.
  let isExact: Bool
  /// Bytes of a message about each phase.
  private let bytesOfPhases: Column<UInt32>
  private let isHalf: Bool

  /// - Parameters:
  ///   - numbersBeside: how many numbers a strategy adds to the parameters.
  ///   - numbersOfSome: how many more some messages have room for.
  ///   - bytesPerParameter: of the type that they have.
  init(_ links: LinkSettings, layout: StepLayout, numbersBeside: Int, numbersOfSome: Int = 0, bytesPerParameter: Int) {
    func size(_ numbers: Int) -> UInt32 {
      UInt32(clamping: links.messageSize(numbers: numbers, bytesPerParameter: bytesPerParameter))
    }
    payloadLength = layout.sharedCount + numbersBeside + numbersOfSome
    bytes = size(layout.sharedCount + numbersBeside)
    bytesOfPhases = Column(layout.phases.count == 1 ? [bytes] : layout.phases.map { size($0.shared.count) })
    isExact = !links.roundsNumbers(bytesPerParameter: bytesPerParameter)
    isHalf = links.precision == .float16
  }

  /// Bytes of a message about a phase.
  @inline(__always)
  func bytes(of phase: UInt8) -> UInt32 { bytesOfPhases[Int(phase)] }

  /// The least number above zero of which a rounded message has all its digits.
  var leastNormal: Double { isHalf ? Double(Float16.leastNormalMagnitude) : Double(Float.leastNormalMagnitude) }

  /// What a message carries of a number.
  @inline(__always)
  func rounded<Scalar: ParameterScalar>(_ number: Scalar) -> Scalar {
    if isExact { return number }
    return isHalf ? Scalar(Float16(Double(number))) : Scalar(Float(Double(number)))
  }

  /// Rounds numbers to what a message carries of them.
  @inline(__always)
  func round<Scalar: ParameterScalar>(_ numbers: UnsafeMutablePointer<Scalar>, _ range: Range<Int>) {
    if isExact { return }
    for index in range { numbers[index] = rounded(numbers[index]) }
  }
}

extension LinkSettings {
  /// Whether messages are less precise than parameters of a type.
  func roundsNumbers(bytesPerParameter: Int) -> Bool {
    bytesPerNumber(bytesPerParameter: bytesPerParameter) < bytesPerParameter
  }
}
