// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// Room for what one thread computes of a step of soft Q-learning at a time.
///
/// Networks are asked about *states*: the different rows of a batch, those before its steps first.
package final class SoftQRoom: @unchecked Sendable {
  /// Replayed transitions.
  let batch: ReplayBatch
  /// The steps just taken, where targets have several; else empty.
  let segment: ReplayBatch
  let observation: Column<Float>
  let action: Column<Float>

  // MARK: Of states

  let states: DistinctRows
  /// log π₀, states × actions.
  let prior: Column<Float>
  /// The policy, or what it is before it is normalised, states × actions.
  let policy: Column<Float>
  let stateValues: Column<Float>
  let stateGradients: Column<Float>
  let network: Column<Float>

  // MARK: Of rows

  /// Which states rows are before their steps and after them.
  let places: Column<Int32>
  let nextPlaces: Column<Int32>
  let actions: Column<Int32>
  /// What a network says of rows, rows × actions.
  let outputs: Column<Float>
  let outputGradients: Column<Float>
  let values: Column<Float>
  let targets: Column<Float>
  let regularised: Column<Float>
  let weights: Column<Float>
  let isLast: Column<Bool>

  init(_ settings: SoftQSettings, networks: SoftQNetworks) {
    let (inputs, actions) = (networks.observationCount, networks.actionCount)
    let (rows, most) = (settings.mostRows, settings.mostStates)
    batch = ReplayBatch(count: settings.batch, observationCount: inputs, actionCount: 1)
    segment = ReplayBatch(
      count: settings.targetSteps > 1 ? settings.stepsPerUpdate : 1, observationCount: inputs, actionCount: 1)
    observation = Column(repeating: 0, count: inputs)
    action = Column(repeating: 0, count: 1)
    states = DistinctRows(most: most, columns: inputs)
    prior = Column(repeating: 0, count: most * actions)
    policy = Column(repeating: 0, count: most * actions)
    stateValues = Column(repeating: 0, count: most)
    stateGradients = Column(repeating: 0, count: rows * actions)
    network = Column(repeating: 0, count: networks.workspaceCount(rows: most))
    places = Column(repeating: 0, count: rows)
    nextPlaces = Column(repeating: 0, count: rows)
    self.actions = Column(repeating: 0, count: rows)
    outputs = Column(repeating: 0, count: rows * actions)
    outputGradients = Column(repeating: 0, count: rows * actions)
    values = Column(repeating: 0, count: rows)
    targets = Column(repeating: 0, count: rows)
    regularised = Column(repeating: 0, count: rows)
    weights = Column(repeating: 0, count: rows)
    isLast = Column(repeating: false, count: rows)
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }

  /// Finds the states of a batch: those before its steps, and with these those after them.
  ///
  /// - Returns: how many there are before, and how many in all.
  func see(_ batch: borrowing ReplayBatch) -> (before: Int, all: Int) {
    for row in 0..<batch.count { actions[row] = Int32(batch.actions[row]) }
    let before = states.add(batch.observations.base, count: batch.count, known: 0, places: places.base)
    let all = states.add(
      batch.nextObservations.base, count: batch.count, known: before, places: nextPlaces.base)
    return (before, all)
  }
}

extension SoftQSettings {
  /// The most rows of a batch.
  var mostRows: Int { targetSteps > 1 ? max(batch, stepsPerUpdate) : batch }

  /// The most states that a network is asked about at once: of each row that before a step and that after it.
  var mostStates: Int { 2 * mostRows }

  /// About how many bytes a room has. In Double, so that no size can overflow.
  func bytesPerStep(of networks: SoftQNetworks) -> Double {
    let (inputs, actions) = (networks.observationCount, networks.actionCount)
    let perState = 4 * (1 + 2 * actions + networks.workspaceCount(rows: 1))
    let perRow = 4 * (7 + 3 * actions) + 1
    return ReplayBatch.bytes(count: batch, observationCount: inputs, actionCount: 1)
      + ReplayBatch.bytes(
        count: targetSteps > 1 ? stepsPerUpdate : 1, observationCount: inputs, actionCount: 1)
      + DistinctRows.bytes(most: mostStates, columns: inputs) + Double(mostStates) * Double(perState)
      + Double(mostRows) * Double(perRow)
  }
}
