// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// The layout of parameters as plain columns, for the hot paths.
struct RunLayout: ~Copyable {
  /// How many phases a local step has.
  let phaseCount: Int
  /// How many of an agent's numbers, the first ones of its row, are sent and combined.
  let sharedCount: Int
  /// How many an agent has for itself.
  let ownCount: Int
  /// Where the shared numbers of each phase begin and end, and then the agent's own ones: four numbers for each phase.
  private let bounds: Column<Int>

  init(_ layout: StepLayout) {
    phaseCount = layout.phases.count
    sharedCount = layout.sharedCount
    ownCount = layout.parameterCount - layout.sharedCount
    bounds = Column(
      layout.phases.flatMap { [$0.shared.lowerBound, $0.shared.upperBound, $0.own.lowerBound, $0.own.upperBound] })
  }

  /// The shared parameters that a phase changes.
  @inline(__always)
  func shared(_ phase: UInt8) -> Range<Int> { bounds[4 * Int(phase)]..<bounds[4 * Int(phase) + 1] }

  /// An agent's own parameters that a phase changes.
  @inline(__always)
  func own(_ phase: UInt8) -> Range<Int> { bounds[4 * Int(phase) + 2]..<bounds[4 * Int(phase) + 3] }
}
