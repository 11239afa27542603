// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Synchronization

/// Writes runs into a results file behind the back of those who carry them out, so that these never wait for the disk.
///
/// One transaction is under way at a time; whatever ends meanwhile shares the next one. A run counts once its
/// transaction is through: killing the program loses the runs in flight and those that ended in the last moment.
package final class RunQueue: Sendable {
  private struct State {
    var ended: [RunRow] = []
    var stopped: [StoredStop] = []
    /// What runs under way have come to; of each run the last.
    var kept: [RunRecord.Identity: StoredStop] = [:]
    /// States for forks to begin at.
    var states: [StoredStop] = []
    var begun: [(run: RunRecord.Identity, time: String)] = []
    var isNoteDue = false
    var count = 0
    var stops = 0
    var trouble: ResultsError?
  }

  private let store: ResultsStore
  private let progress: @Sendable (Int) -> Void
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "results")
  /// Ended runs that may wait for the disk; beyond that whoever ends a run waits too. A run with many parameters or
  /// measurements takes several places, since it waits in memory.
  private let places = DispatchSemaphore(value: RunQueue.placeCount)
  private static let placeCount = 64
  /// Of parameters and curves.
  private let bytesPerPlace: Int
  /// Held by the one who takes places, so that no two wait for each other with a part of theirs.
  private let turn = Mutex(())
  /// Seconds that a note about a beginning waits for a run to end, which it can be written with.
  private let patience = 0.2

  /// - Parameters:
  ///   - bytesPerPlace: a run takes one of 64 places and another for each so many bytes of parameters and curves; when all
  ///     are taken, whoever ends a run waits for the disk.
  ///   - progress: hears of every transaction how many runs it has written.
  package init(
    _ store: ResultsStore, bytesPerPlace: Int = 4 << 20, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.store = store
    self.bytesPerPlace = bytesPerPlace
    self.progress = progress
  }

  /// Runs that have ended and are in the file.
  package var count: Int { state.withLock { $0.count } }

  /// Runs that were stopped on their way and are in the file.
  package var stops: Int { state.withLock { $0.stops } }

  /// Whether something could not be written, so that going on is of no use.
  package var hasTrouble: Bool { state.withLock { $0.trouble != nil } }

  /// Notes that a run has begun; the note is in the file a moment later.
  package func begin(_ run: RunRecord.Identity) {
    let isFirst = state.withLock { state in
      state.begun.append((run, ResultsStore.now()))
      defer { state.isNoteDue = true }
      return !state.isNoteDue
    }
    if isFirst { queue.asyncAfter(deadline: .now() + patience) { self.commit() } }
  }

  /// Adds a finished run.
  package func add(_ run: StoredRun) {
    // The row is made by those who carry runs out, of whom there are many, and not by the one queue.
    do throws(ResultsError) {
      add(try access(store.path, .write) { try RunRow(run) })
    } catch {
      state.withLock { $0.trouble = error }
    }
  }

  /// Adds a run that could not be carried to its end.
  package func add(_ failure: FailedRun) { add(RunRow(failure)) }

  /// Keeps a run that was stopped on its way.
  package func add(_ stop: StoredStop) {
    takePlaces(stop.memory.count)
    state.withLock { $0.stopped.append(stop) }
    queue.async { self.commit() }
  }

  /// Keeps what a run under way has come to, for the case that the program is killed.
  package func keep(_ state: StoredStop) {
    self.state.withLock { $0.kept[state.run] = state }
    queue.async { self.commit() }
  }

  /// Keeps the state of a run at a time, for forks to begin at.
  package func add(state: StoredStop) {
    takePlaces(state.memory.count)
    self.state.withLock { $0.states.append(state) }
    queue.async { self.commit() }
  }

  private func add(_ run: RunRow) {
    takePlaces(run.bytes)
    state.withLock { $0.ended.append(run) }
    queue.async { self.commit() }
  }

  private func takePlaces(_ bytes: Int) {
    turn.withLock { _ in for _ in 0..<placesTaken(by: bytes) { places.wait() } }
  }

  private func placesTaken(by bytes: Int) -> Int { min(1 + bytes / bytesPerPlace, Self.placeCount) }

  /// Waits until everything is in the file.
  ///
  /// - Throws: what kept it from being written, `cannotWrite` or `inUse`.
  package func finish() throws(ResultsError) {
    queue.sync { commit() }
    if let trouble = state.withLock({ $0.trouble }) { throw trouble }
  }

  /// What is to be written at once.
  private struct Batch {
    var ended: [RunRow] = []
    var stopped: [StoredStop] = []
    var kept: [StoredStop] = []
    var states: [StoredStop] = []
    var begun: [(run: RunRecord.Identity, time: String)] = []

    var isEmpty: Bool { ended.isEmpty && stopped.isEmpty && kept.isEmpty && states.isEmpty && begun.isEmpty }
  }

  private func commit() {
    let (batch, hadTrouble) = state.withLock { state in
      defer {
        (state.ended, state.stopped, state.kept, state.states) = ([], [], [:], [])
        (state.begun, state.isNoteDue) = ([], false)
      }
      let over = Set(state.ended.map(\.identity) + state.stopped.map(\.run))
      let kept = state.kept.values.filter { !over.contains($0.run) }
      let batch = Batch(
        ended: state.ended, stopped: state.stopped, kept: kept, states: state.states, begun: state.begun)
      return (batch, state.trouble != nil)
    }
    defer {
      for bytes in batch.ended.map(\.bytes) + (batch.stopped + batch.states).map(\.memory.count) {
        for _ in 0..<placesTaken(by: bytes) { places.signal() }
      }
    }
    guard !hadTrouble, !batch.isEmpty else { return }
    let (written, stops, trouble) = write(batch)
    state.withLock { state in
      state.count += written
      state.stops += stops
      state.trouble = trouble ?? state.trouble
    }
    if written + stops > 0 { progress(written + stops) }
  }

  /// Writes runs all at once, or as many as find room.
  private func write(_ batch: Batch) -> (written: Int, stops: Int, trouble: ResultsError?) {
    do throws(ResultsError) {
      try store.write(
        batch.ended, stopped: batch.stopped, kept: batch.kept, states: batch.states, begun: batch.begun)
      return (batch.ended.count, batch.stopped.count, nil)
    } catch {
      guard batch.ended.count + batch.stopped.count + batch.states.count > 1 else { return (0, 0, error) }
    }
    var (written, stops) = (0, 0)
    do throws(ResultsError) {
      for run in batch.ended {
        try store.write([run])
        written += 1
      }
      for stop in batch.stopped {
        try store.write(stop)
        stops += 1
      }
      for state in batch.states { try store.write([], states: [state]) }
      return (written, stops, nil)
    } catch {
      return (written, stops, error)
    }
  }
}

extension RunRow {
  /// Of parameters, windows and curves.
  fileprivate var bytes: Int {
    parameters.reduce(0) { $0 + $1.bytes } + windows.reduce(0) { $0 + $1.bytes + $1.content.utf8.count }
      + (links?.bytes ?? 0) + (agents?.data.count ?? 0)
      + series.reduce(grid?.count ?? 0) { $0 + $1.data.count }
  }
}
