// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities
import Randomness
import Records
import Workers

/// Runs one replication of one arm in a given world.
///
/// The compiled code is chosen by the definitions: the learner's makes its agents, the strategy's runs them.
///
/// - Parameters:
///   - arm: the name under which the run is recorded.
///   - steps: where the steps of agents go that may be computed on other threads.
///   - observer: hears all that happens; usually nobody.
///   - isCancelled: asked now and then; a cancelled run throws.
///   - progress: told now and then which share of the run is over, by the events that are to be expected.
/// - Throws: if the settings do not fit the world, the run was cancelled, or virtual time stands still.
package func simulate(
  _ settings: SimulationSettings, in world: World, arm: String = "", replication: Int = 0,
  steps: StepPool = StepPool(), observer: RunObserver? = nil, isCancelled: @escaping @Sendable () -> Bool = { false },
  progress: (@Sendable (Double) -> Void)? = nil
) throws(SimulationError) -> RunRecord {
  var run = PreparedRun(settings, world, arm, replication, steps, isCancelled, isTraced: false)
  run.progress = progress
  run.observer = observer
  return try run.whole().0
}

/// Carries one replication of one arm on: from its start or from where it was stopped, to its end or to a time.
///
/// A run that is stopped and goes on has the record of one that was not, in every field.
///
/// - Parameters:
///   - label: the program, and what tells the run from others.
///   - stopped: what was kept of the run; nothing at its start.
///   - limit: everything up to this time happens; a run that has not ended by then is kept.
///   - isBranch: whether what was kept is of a run with another timeline, all of which up to then is in this one too; the
///     caller answers for its label.
///   - saving: how its state is kept on the way; nothing where it is not.
///   - others: as in `simulate`.
/// - Throws: as `simulate`; also where what was kept is of another program or another run.
package func advance(
  _ settings: SimulationSettings, in world: World, arm: String = "", replication: Int = 0,
  label: @autoclosure @escaping () -> RunLabel, from stopped: StoppedRun? = nil, isBranch: Bool = false,
  to limit: VirtualTime = .never, saving: RunSaving? = nil, steps: StepPool = StepPool(),
  isCancelled: @escaping @Sendable () -> Bool = { false }, progress: (@Sendable (Double) -> Void)? = nil
) throws(SimulationError) -> RunOutcome {
  var run = PreparedRun(settings, world, arm, replication, steps, isCancelled, isTraced: false)
  run.progress = progress
  run.span = RunSpan(
    label: label, start: stopped, isBranch: isBranch && stopped != nil, limit: limit, saving: saving)
  return try run.record().0
}

/// The part of a run that is carried out, where that is not the whole.
struct RunSpan {
  /// Made where a state is kept or taken up.
  let label: () -> RunLabel
  let start: StoppedRun?
  /// Whether the start is of a run with another timeline.
  let isBranch: Bool
  let limit: VirtualTime
  let saving: RunSaving?
}

/// The same run with all that a trace shows.
///
/// - Parameter learning: makes the agents in place of the learner that the settings name.
package func simulateWithTrace(
  _ settings: SimulationSettings, in world: World, replication: Int = 0, steps: StepPool = StepPool(),
  learning: ((LearningContext) -> AnyStepBank?)? = nil
) throws(SimulationError) -> (RunRecord, RunTrace) {
  var run = PreparedRun(settings, world, "", replication, steps, { false }, isTraced: true)
  run.learning = learning
  return try run.whole()
}

/// The same run with the parameters of all agents at some times of it; for reference cases whose times no grid has.
///
/// - Parameters:
///   - learning: as in `simulateWithTrace`.
///   - times: ascending; all of an instant has happened when the run is looked at. Times after its end are left out.
/// - Returns: also the parameters of all agents, one after the other (N × M), at each of the times.
package func simulateLooking(
  _ settings: SimulationSettings, in world: World, replication: Int = 0, at times: [VirtualTime],
  learning: ((LearningContext) -> AnyStepBank?)? = nil
) throws(SimulationError) -> (RunRecord, [[Double]]) {
  var run = PreparedRun(settings, world, "", replication, StepPool(), { false }, isTraced: false)
  run.learning = learning
  run.looks = times
  let (record, trace) = try run.whole()
  return (record, trace.looks)
}

/// The same run with what it has held at most; for tests of what is said beforehand (`MemoryNeed`).
///
/// - Parameters:
///   - memory: what the machine has, for runs that take much.
///   - mostEvents: that the run may make; nothing means far more than are to be expected.
package func simulateCountingMemory(
  _ settings: SimulationSettings, in world: World, replication: Int = 0, steps: StepPool = StepPool(),
  memory: @escaping () -> MachineMemory = { .present }, mostEvents: Double? = nil
) throws(SimulationError) -> (RunRecord, MemoryUse) {
  var run = PreparedRun(settings, world, "", replication, steps, { false }, isTraced: false)
  run.memory = memory
  run.mostEvents = mostEvents
  let (record, trace) = try run.whole()
  return (record, trace.memory)
}

/// A run but for its strategy.
private struct RunParts<Scalar: ParameterScalar>: ~Copyable {
  let run: RunState<Scalar>
  let recorder: Recorder
  let watch: RunWatch
  let listeners: Listeners
}

/// The arguments of a run on their way to the compiled code.
struct PreparedRun {
  let settings: SimulationSettings
  let world: World
  let arm: String
  let replication: Int
  let steps: StepPool
  let isCancelled: @Sendable () -> Bool
  let isTraced: Bool
  var memory: () -> MachineMemory = { .present }
  var mostEvents: Double?
  var progress: (@Sendable (Double) -> Void)?
  /// Makes the agents in place of the learner that the settings name.
  var learning: ((LearningContext) -> AnyStepBank?)?
  /// Nothing for the whole run.
  var span: RunSpan?
  /// Who hears what happens; nothing for nobody.
  var observer: RunObserver?
  /// When parameters are looked at, ascending.
  var looks: [VirtualTime] = []
  /// What the learner tells of why the run cannot go on.
  let trouble = RunTrouble()

  init(
    _ settings: SimulationSettings, _ world: World, _ arm: String, _ replication: Int,
    _ steps: StepPool, _ isCancelled: @escaping @Sendable () -> Bool, isTraced: Bool
  ) {
    self.settings = settings
    self.world = world
    self.arm = arm
    self.replication = replication
    self.steps = steps
    self.isCancelled = isCancelled
    self.isTraced = isTraced
    trouble.isCancelled = isCancelled
  }

  typealias Outcome = (RunOutcome, RunTrace)

  /// The run from its start to its end.
  func whole() throws(SimulationError) -> (RunRecord, RunTrace) {
    let (outcome, trace) = try record()
    guard case .ended(let record) = outcome else { preconditionFailure("A run without a limit comes to its end.") }
    return (record, trace)
  }

  func record() throws(SimulationError) -> Outcome {
    let context = LearningContext(
      settings.learner, task: world.task, nodes: world.network.keys, agentCount: world.agentCount,
      testEpisodes: settings.measurement.testEpisodes, seed: settings.seed, replication: UInt32(replication),
      steps: steps, names: world.network.names, trouble: trouble)
    let made: AnyStepBank? = if let learning { learning(context) } else { context.bank }
    guard let bank = consume made else {
      throw SimulationError(
        "Learner '\(settings.learner.algorithm.name)' does not go with task '\(settings.task.definition.name)'.")
    }
    if let message = trouble.message { throw SimulationError(message) }
    let strategy = settings.strategy
    guard let form = strategy.kind.forms.first(where: { $0.timings.contains(strategy.timing) }) else {
      throw SimulationError(
        "Strategy '\(strategy.kind.name)' does not go with timing '\(strategy.timing.rawValue)'.")
    }
    switch consume bank {
    case .single(let bank): return try form.single(self, bank)
    case .double(let bank): return try form.double(self, bank)
    }
  }

  /// What a strategy is made from, for agents that learn so.
  func context<Scalar: ParameterScalar>(_ bank: borrowing StepBank<Scalar>) -> StrategyContext {
    StrategyContext(
      settings: settings, world: world, replication: UInt32(replication), layout: bank.layout,
      bytesPerParameter: MemoryLayout<Scalar>.size)
  }

  /// Runs a strategy.
  func record<Strategy: Cooperation & ~Copyable>(
    _ cooperation: consuming Strategy, _ bank: consuming StepBank<Strategy.Scalar>
  ) throws(SimulationError) -> Outcome {
    if Strategy.sharesGradients, !bank.givesGradients {
      throw SimulationError("Strategy '\(settings.strategy.kind.name)' does not go with this learner.")
    }
    let isMeant = bank.takesTurns == settings.learner.algorithm.takesTurns
    if !isMeant || bank.takesTurns && !settings.strategy.facts.takesTurns {
      throw SimulationError(
        "Strategy '\(settings.strategy.kind.name)' does not go with this learner, which takes turns.")
    }
    let depth = Strategy.mailboxDepth(phases: bank.layout.phases.count)
    let ofSome = Strategy.numbersOfSome(settings, shared: bank.layout.sharedCount)
    let parts = try parts(
      bank, numbersBeside: Strategy.numbersBeside, numbersOfSome: ofSome, mailboxDepth: depth)
    let listeners = parts.listeners
    var loop = RunLoop(
      cooperation: cooperation, run: parts.run, recorder: parts.recorder,
      until: VirtualTime(settings.measurement.until), watch: parts.watch, span: span, audit: listeners.audit,
      conservedSums: isTraced ? [] : nil, keeping: settings.measurement.keeping, names: world.network.names)
    var trace = RunTrace()
    let stopped = try carryOut(&loop, &trace)
    trace.memory = MemoryUse(loop.run, loop.recorder, loop.kept)
    if isTraced {
      trace.events = listeners.events
      trace.parameters = loop.run.parametersOfAll
      trace.conservedSums = loop.conservedSums ?? []
      trace.snapshotsInUse = loop.run.snapshots.inUse
    }
    if let stopped { return (.stopped(stopped), trace) }
    return (.ended(record(of: loop.run, loop.recorder, loop.kept, loop.ending, at: loop.endTime)), trace)
  }

  /// Makes all that a strategy finds. It is compiled for each number that parameters are made of, and not again for each
  /// strategy.
  ///
  /// - Parameters:
  ///   - numbersBeside: as `Cooperation` says.
  ///   - numbersOfSome: likewise.
  ///   - mailboxDepth: likewise.
  @inline(never)
  private func parts<Scalar: ParameterScalar>(
    _ bank: consuming StepBank<Scalar>, numbersBeside: Int, numbersOfSome: Int, mailboxDepth: Int
  ) throws(SimulationError) -> RunParts<Scalar> {
    let layout = bank.layout
    if layout.phases.count > 1, !settings.strategy.goesInPhases {
      throw SimulationError("Steps with phases do not go with strategy '\(settings.strategy.kind.name)' so timed.")
    }
    let recorder = Recorder(
      settings.measurement, metrics: settings.metrics, dimension: layout.sharedCount, agents: world.agentCount)
    let load = ExpectedLoad(settings, in: world, replication: UInt32(replication))
    let watch = RunWatch(
      load, MemoryNeed(load), memory: memory, mostEvents: mostEvents, saving: span?.saving, trouble: trouble,
      isCancelled: isCancelled)
    watch.progress = progress
    let bytesPerParameter = MemoryLayout<Scalar>.size
    if let obstacle = settings.precisionObstacle(bytesPerParameter: bytesPerParameter) {
      throw SimulationError("conditions.links.message-precision: \(obstacle.reason).")
    }
    let outbox = Outbox(
      settings.conditions.links, layout: layout, numbersBeside: numbersBeside, numbersOfSome: numbersOfSome,
      bytesPerParameter: bytesPerParameter)
    let timeline = try Timeline(settings, world: world, replication: UInt32(replication))
    if timeline.joiners.count == world.agentCount { throw SimulationError("All agents join later, so nobody starts.") }
    let speeds = ChangingSpeeds(settings, in: world, replication: UInt32(replication))
    let present = PresentGraph(
      changes: settings.changesNetwork, rule: try settings.changingWeights(in: world), network: world.network,
      agentCount: world.agentCount)
    let moving =
      world.network.nodeCount == world.agentCount
      ? try world.movingAgents(settings, replication: UInt32(replication)) : nil
    let listeners = Listeners(self)
    var links = try settings.linkPlan(of: world)
    try timeline.addEvents(to: &links, settings, settings.linkDraw(of: world, replication: UInt32(replication)))
    let run = try RunState(
      settings, world: world, links: links, learner: bank, outbox: outbox, timeline: timeline, speeds: speeds,
      present: present, moving: moving, mailboxDepth: mailboxDepth,
      replication: UInt32(replication), account: watch.account, observer: listeners.observer)
    return RunParts(run: run, recorder: recorder, watch: watch, listeners: listeners)
  }

  /// Goes from where the run is to start to where it is to stop.
  ///
  /// - Returns: what is kept of a run that has not come to its end.
  private func carryOut<Strategy: Cooperation & ~Copyable>(
    _ loop: inout RunLoop<Strategy>, _ trace: inout RunTrace
  ) throws(SimulationError) -> StoppedRun? {
    do {
      if let span, let start = span.start {
        try start.recall(as: span.isBranch ? start.label : span.label()) { (memory) throws(RunMemoryFault) in
          try loop.visit(&memory)
        }
        if span.isBranch { try loop.branch(after: start.time) }
      } else {
        loop.start()
      }
      for time in looks {
        if try loop.execute(until: time) { return nil }
        trace.looks.append(loop.run.parametersOfAll)
      }
      guard try !loop.execute(until: span?.limit ?? .never), let span else { return nil }
      // Also where the last event was before it: nothing happens until then.
      defer { loop.run.abandonSteps() }
      let stopped = try StoppedRun(span.label(), at: span.limit, fingerprint: loop.run.scheduler.fingerprint) {
        (memory) throws(RunMemoryFault) in try loop.visit(&memory)
      }
      if let message = trouble.message { throw SimulationError(message) }
      return stopped
    } catch let fault as RunMemoryFault {
      if let message = trouble.message { throw SimulationError(message) }
      throw SimulationError("The run cannot go on from where it was stopped: \(fault).")
    } catch let error as SimulationError {
      throw error
    } catch {
      throw SimulationError("\(error)")
    }
  }

  /// What a run leaves behind.
  ///
  /// - Parameter endTime: when nobody could proceed any more; else it is the time of the last event.
  @inline(never)
  private func record<Scalar: ParameterScalar>(
    of run: borrowing RunState<Scalar>, _ recorder: borrowing Recorder, _ kept: [KeptParameters],
    _ ending: RunRecord.Ending, at endTime: VirtualTime?
  ) -> RunRecord {
    let (grid, series) = recorder.series()
    let measurement = settings.measurement
    let end = run.now
    return RunRecord(
      identity: RunRecord.Identity(arm: arm, replication: replication, seed: settings.seed),
      fingerprint: run.scheduler.fingerprint, ending: ending, endTime: (endTime ?? end).seconds,
      grid: grid,
      series: series, finals: finalMeans(grid: grid, series: series, from: measurement.windowStart(end: end)),
      target: targetReached(measurement.target, grid: grid, series: series), messages: run.finalFates(),
      staleness: run.staleness.record,
      agents: run.accounts(
        names: world.network.names, finals: recorder.agentFinals(), haveEpisodes: recorder.areReturns,
        settings),
      engine: engineCounts(run.scheduler),
      taskReturns: measurement.testsAllTasks
        ? run.learner.taskReturns(at: measurement.gridCount, of: UnsafePointer(run.parameters.base)) : nil,
      parameters: kept,
      windows: run.realised.closed.windows(on: world.network), links: run.linkAccounts())
  }

  private func engineCounts(_ scheduler: borrowing Scheduler) -> EngineCounts {
    var counts = EngineCounts()
    for kind in EventKind.allCases { counts.events["\(kind)"] = scheduler.handled(kind) }
    counts.ties = scheduler.ties
    counts.tiesAtOneAgent = scheduler.tiesAtOneAgent
    counts.cancelled = scheduler.cancelled
    counts.highWater = UInt64(scheduler.highWater)
    return counts
  }
}
