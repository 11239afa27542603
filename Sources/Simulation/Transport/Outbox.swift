// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities

/// What agents put into messages: the one place that says which of their numbers go, and what they cost.
///
/// A message carries the shared parameters of its phase and what the strategy adds behind them, and nothing that is an
/// agent's own: vectors have no room for it.
struct Outbox: ~Copyable {
  /// How many numbers a vector has room for.
  let payloadLength: Int
  /// Bytes of a message about all shared parameters, with what the strategy adds.
  let bytes: UInt32
  /// Bytes of a message about each phase.
  private let bytesOfPhases: Column<UInt32>

  /// - Parameter numbersBeside: how many numbers a strategy adds to the parameters.
  init<Scalar: ParameterScalar>(
    _ links: LinkSettings, layout: StepLayout, numbersBeside: Int, of scalar: Scalar.Type
  ) {
    func size(_ numbers: Int) -> UInt32 { UInt32(clamping: links.messageSize(numbers: numbers, of: scalar)) }
    payloadLength = layout.sharedCount + numbersBeside
    bytes = size(payloadLength)
    bytesOfPhases = Column(
      layout.phases.count == 1 ? [bytes] : layout.phases.map { size($0.shared.count) })
  }

  /// Bytes of a message about a phase.
  @inline(__always)
  func bytes(of phase: UInt8) -> UInt32 { bytesOfPhases[Int(phase)] }
}
