// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Learners
import Quantities
import Records

/// What a run has held at most while it went on, counted by those who held it; for tests of `MemoryNeed`.
package struct MemoryUse: Sendable, Equatable {
  /// Parameter vectors that were in use together, and their bytes.
  package var vectors = 0
  package var vectorBytes = 0
  /// What each of them has room for.
  package var numbersPerVector = 0
  /// Messages that were under way together, and their bytes.
  package var messages = 0
  package var messageBytes = 0
  /// Events that were pending together.
  package var eventBytes = 0
  package var mailboxBytes = 0
  /// Parameters and increments of all agents.
  package var parameterBytes = 0
  /// What the learner holds beside these.
  package var learnerBytes = 0
  /// The rows of measurements.
  package var measurementBytes = 0
  package var keptBytes = 0
  /// What agents come back to after an outage.
  package var checkpointBytes = 0
  /// Realised matrices, and what vectors are made of.
  package var recordBytes = 0

  /// All of it.
  package var bytes: Int {
    vectorBytes + messageBytes + eventBytes + mailboxBytes + parameterBytes + learnerBytes + measurementBytes
      + keptBytes + checkpointBytes + recordBytes
  }

  init() {}

  init<Scalar: ParameterScalar>(
    _ run: borrowing RunState<Scalar>, _ recorder: borrowing Recorder, _ kept: [KeptParameters]
  ) {
    vectors = run.snapshots.highWater
    vectorBytes = vectors * run.snapshots.bytesPerVector
    numbersPerVector = run.snapshots.length
    messages = run.messages.highWater
    messageBytes = messages * Pool<Message>.bytesPerElement
    eventBytes = run.scheduler.highWater * MemoryNeed.bytesPerEvent
    mailboxBytes = run.topology.linkCount * run.mailboxes.depth * MemoryLayout<MailboxSlot>.stride
    parameterBytes = 2 * run.parameters.count * MemoryLayout<Scalar>.stride
    learnerBytes = run.learner.bytesHeld
    measurementBytes = recorder.bytesHeld
    checkpointBytes = run.checkpoints.bytesHeld
    recordBytes = run.realised.bytesHeld + run.linkRecord.bytesHeld
    keptBytes = kept.reduce(0) { $0 + $1.bytes }
  }
}
