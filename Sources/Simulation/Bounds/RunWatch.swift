// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Workers

/// Watches over the memory and the events of a run, and says when there is no sense in going on, or when its state is to
/// be kept.
///
/// Events cost a comparison with a number that lies here anyway: so many events at which the loop asks, 4096 after the
/// last time or fewer where these take long, and zero once there is something to say. Memory is looked at only when it has
/// grown by a lot.
final class RunWatch {
  /// Seconds that a run may go on without asking.
  private static let mostSecondsBetweenQuestions = 0.5
  private static let bytesBetweenLooks = 32 << 20
  private static let secondsBetweenProgress = 0.2

  /// The number of events after which the loop asks; in a place that does not move.
  let question = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  /// Told of all that grows in the run.
  private(set) lazy var account = GrowthAccount(mark: Self.bytesBetweenLooks) { [unowned self] in look(at: $0) }

  private let load: ExpectedLoad
  private let need: MemoryNeed
  private let mostBytes: Double
  private let mostEvents: Double
  /// What the run is to be expected to make; to find it out takes as long as there are agents.
  private let expectedEvents: Double
  private let memory: () -> MachineMemory
  private let isCancelled: @Sendable () -> Bool
  private var exhaustion: SimulationError?
  /// When the state is to be kept; nothing where it never is.
  var savingClock: SavingClock?
  private let mostEventsBetweenQuestions: Int
  private var eventsBetweenQuestions: Int
  private var lastAnswer = Stopwatch()
  /// Told now and then which share of the events that are to be expected has happened.
  var progress: (@Sendable (Double) -> Void)?
  private var sinceProgress = Stopwatch()
  /// Whether the run has been kept for the last time, as it was cancelled.
  private var isLeaving = false

  /// - Parameters:
  ///   - memory: what there is, asked for now and then.
  ///   - mostEvents: that the run may make; nothing means far more than are to be expected.
  ///   - saving: how the state of the run is kept; nothing where it is not.
  ///   - trouble: what the learner may tell; nothing where it never does.
  init(
    _ load: ExpectedLoad, _ need: MemoryNeed, memory: @escaping () -> MachineMemory, mostEvents: Double?,
    saving: RunSaving? = nil, trouble: RunTrouble? = nil, isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.load = load
    self.need = need
    self.memory = memory
    self.isCancelled = isCancelled
    // Far beyond what is to be expected, so that only what was not foreseen ends a run.
    mostBytes = 8 * need.growingBytes + 256 * 0x1p20
    let shortEpisodes = load.settings.conditions.compute.work == nil ? 1 : Double(load.settings.mostSamplesPerStep)
    expectedEvents = load.events
    self.mostEvents = mostEvents ?? 100 * expectedEvents * shortEpisodes + 1e6
    mostEventsBetweenQuestions = max(1, saving?.events ?? 4096)
    // Of deep agents few events take long: it becomes more where they do not.
    eventsBetweenQuestions = min(64, mostEventsBetweenQuestions)
    savingClock = saving.map { SavingClock(every: $0.interval) }
    question.initialize(to: eventsBetweenQuestions)
    trouble?.whenTold = { [weak self] message in
      self?.exhaustion = SimulationError(message)
      self?.question.pointee = 0
    }
  }

  deinit { question.deallocate() }

  /// Answers the loop after so many events.
  ///
  /// - Returns: whether the state of the run is to be kept now.
  /// - Throws: if the run was cancelled or has to end.
  func answer(after events: Int) throws(SimulationError) -> Bool {
    if let exhaustion { throw exhaustion }
    if isCancelled() {
      guard savingClock != nil, !isLeaving else { throw SimulationError("The run was cancelled.") }
      // First it is kept; the next answer comes after one event more.
      isLeaving = true
      question.pointee = events
      return true
    }
    guard Double(events) <= mostEvents else { throw tooManyEvents(events) }
    let seconds = lastAnswer.seconds
    lastAnswer = Stopwatch()
    if seconds > Self.mostSecondsBetweenQuestions {
      eventsBetweenQuestions = max(1, eventsBetweenQuestions / 4)
    } else if seconds < Self.mostSecondsBetweenQuestions / 8, eventsBetweenQuestions < mostEventsBetweenQuestions {
      eventsBetweenQuestions = min(mostEventsBetweenQuestions, 2 * eventsBetweenQuestions)
    }
    question.pointee = events + eventsBetweenQuestions
    if let progress, sinceProgress.seconds > Self.secondsBetweenProgress {
      sinceProgress = Stopwatch()
      progress(min(0.99, Double(events) / max(1, expectedEvents)))
    }
    return savingClock?.isDue ?? false
  }

  // MARK: - Memory

  /// Looks whether the run may go on; gives the bytes at which to look again.
  private func look(at bytes: Int) -> Int {
    let present = memory()
    let isTooMuch = Double(bytes) > mostBytes
    guard isTooMuch || present.available < present.reserve else { return bytes + Self.bytesBetweenLooks }
    let largest = need.largest
    let left = "\(gibibytes(max(0, present.available))) of \(gibibytes(present.limit)) are left"
    exhaustion = SimulationError(
      "The run takes more memory than "
        + (isTooMuch ? "was to be expected" : "there is")
        + ": \(gibibytes(Double(bytes))) for messages and estimates, where "
        + "\(gibibytes(need.growingBytes)) were to be expected and \(left). Most of it was to be \(largest.what) "
        + "(\(largest.path)): \(largest.hint).")
    question.pointee = 0
    return .max
  }

  private func gibibytes(_ bytes: Double) -> String {
    let unit = bytes < 0x1p30 ? 0x1p20 : 0x1p30
    return "\((bytes / unit * 100).rounded() / 100) \(unit == 0x1p20 ? "MiB" : "GiB")"
  }

  private func tooManyEvents(_ events: Int) -> SimulationError {
    let source = load.eventSources.max { $0.total < $1.total }
    let key = source.map { " Give \($0.path) a longer duration." } ?? ""
    return SimulationError(
      "The run makes far more events than were to be expected: \(events) so far, where all of it should have made about "
        + "\(Int(min(expectedEvents, 1e15).rounded())). Something happens again and again in next to no time.\(key)")
  }
}
