// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Learners
import Quantities
import Randomness
import Records
import Workers

/// Runs one replication of one arm in a given world.
///
/// The one place that chooses the compiled code: a strategy in a timing, for a learner.
///
/// - Parameters:
///   - arm: the name under which the run is recorded.
///   - steps: where the steps of agents go that may be computed on other threads.
///   - isCancelled: asked now and then; a cancelled run throws.
/// - Throws: if the settings do not fit the world, the run was cancelled, or virtual time stands still.
package func simulate(
  _ settings: SimulationSettings, in world: World, arm: String = "", replication: Int = 0,
  steps: StepPool = StepPool(), isCancelled: @escaping @Sendable () -> Bool = { false }
) throws(SimulationError) -> RunRecord {
  try PreparedRun(settings, world, arm, replication, steps, isCancelled, isTraced: false).record().0
}

/// What a traced run shows beside its record, for tests of what happens when.
package struct RunTrace: Sendable {
  /// Every event that was handled.
  package fileprivate(set) var events: [TracedEvent] = []
  /// The final parameters of all agents, one after the other.
  package fileprivate(set) var parameters: [Double] = []
  /// What the run has held at most.
  package fileprivate(set) var memory = MemoryUse()
  /// Parameter vectors still held when the run ended.
  package fileprivate(set) var snapshotsInUse = 0
  /// After every event the sums that the strategy conserves: in push-sum one for each parameter, then the mass.
  package fileprivate(set) var conservedSums: [[Double]] = []
}

/// The same run with all that a trace shows.
package func simulateWithTrace(
  _ settings: SimulationSettings, in world: World, replication: Int = 0, steps: StepPool = StepPool()
) throws(SimulationError) -> (RunRecord, RunTrace) {
  try PreparedRun(settings, world, "", replication, steps, { false }, isTraced: true).record()
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
  let (record, trace) = try run.record()
  return (record, trace.memory)
}

/// The arguments of a run on their way to the compiled code.
private struct PreparedRun {
  let settings: SimulationSettings
  let world: World
  let arm: String
  let replication: Int
  let steps: StepPool
  let isCancelled: @Sendable () -> Bool
  let isTraced: Bool
  var memory: () -> MachineMemory = { .present }
  var mostEvents: Double?

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
  }

  typealias Outcome = (RunRecord, RunTrace)

  func record() throws(SimulationError) -> Outcome {
    let number = UInt32(replication)
    let keys = world.network.keys
    let initial = settings.learner.initial
    switch (world.task, settings.learner.algorithm) {
    case (.linearRegression(let task), .leastMeanSquares):
      return try record(
        with: LeastMeanSquares(task, initial: initial, agents: keys, seed: settings.seed, replication: number))
    case (.linearRegression(let task), .steepestDescent):
      return try record(
        with: SteepestDescent(
          task, noiseVariance: settings.learner.gradientNoiseVariance, initial: initial, agents: keys,
          seed: settings.seed, replication: number))
    case (.averaging(let task), .none):
      return try record(
        with: PureAveraging(task, initial: initial, agents: keys, seed: settings.seed, replication: number))
    case (.control(let task), .actorCritic):
      return try record(
        with: ActorCritic(
          settings.learner.actorCritic, task: task, agents: keys, learners: world.learnerCount,
          testEpisodes: settings.measurement.testEpisodes, seed: settings.seed, replication: number, steps: steps))
    case (.finite(let tasks), .policyGradient):
      return try record(
        with: TabularPolicyGradient(
          tasks, relativeEntropyWeight: settings.learner.relativeEntropyWeight, initial: initial, agents: keys,
          learners: world.learnerCount, seed: settings.seed, replication: number))
    case (.finite(let tasks), .dualAscent):
      return try record(
        with: TabularDualAscent(
          tasks, initial: initial, agents: keys, learners: world.learnerCount, seed: settings.seed,
          replication: number))
    case (.linearRegression, _), (.averaging, _), (.control, _), (.finite, _):
      throw SimulationError("Learner '\(settings.learner.algorithm.rawValue)' does not go with this task.")
    }
  }

  private func record<Learner: LearnerBank & ~Copyable>(
    with learner: consuming Learner
  ) throws(SimulationError) -> Outcome {
    let size = settings.conditions.links.messageSize(numbers: learner.parameterCount, of: Learner.Scalar.self)
    let strategy = settings.strategy
    let number = UInt32(replication)
    let phases = learner.phases.count
    switch (strategy.kind, strategy.timing) {
    case (.nonCooperative, .asynchronous), (.nonCooperative, .synchronousGlobal), (.nonCooperative, .synchronousLocal):
      return try record(NonCooperative(), learner)
    case (.diffusionATC, .asynchronous), (.diffusionCTA, .asynchronous), (.consensus, .asynchronous):
      return try record(AsynchronousDiffusion(settings, world: world, replication: number), learner)
    case (.diffusionATC, .synchronousLocal), (.diffusionCTA, .synchronousLocal), (.consensus, .synchronousLocal):
      return try record(
        SynchronousDiffusion(settings, barrier: .local, phases: phases, world: world, messageSize: size), learner)
    case (.diffusionATC, .synchronousGlobal), (.diffusionCTA, .synchronousGlobal), (.consensus, .synchronousGlobal):
      return try record(
        SynchronousDiffusion(settings, barrier: .global, phases: phases, world: world, messageSize: size), learner)
    case (.diffusionATC, .slotted), (.diffusionCTA, .slotted), (.consensus, .slotted), (.nonCooperative, .slotted):
      return try record(SlottedDiffusion(settings, world: world, replication: number), learner)
    case (.gossip, .asynchronous):
      return try record(Gossip(settings, world: world, replication: number), learner)
    case (.pushSum, .asynchronous):
      return try record(
        AsynchronousPushSum(settings, parameters: learner.parameterCount, world: world, replication: number), learner)
    case (.pushSum, .slotted):
      return try record(SlottedPushSum(settings, parameters: learner.parameterCount, world: world), learner)
    case (.centralised, .synchronousGlobal):
      guard Learner.givesGradients else {
        throw SimulationError("Strategy 'centralised' does not go with this learner.")
      }
      return try record(
        FusionCentre(settings, parameters: learner.parameterCount, world: world, replication: number), learner)
    default:
      throw SimulationError(
        "Strategy '\(strategy.kind.rawValue)' does not go with timing '\(strategy.timing.rawValue)'.")
    }
  }

  private func record<Strategy: Cooperation & ~Copyable, Learner: LearnerBank & ~Copyable>(
    _ cooperation: consuming Strategy, _ learner: consuming Learner
  ) throws(SimulationError) -> Outcome {
    let parameterCount = learner.parameterCount
    let recorder = Recorder(
      settings.measurement, metrics: Learner.metrics, dimension: parameterCount, agents: world.learnerCount)
    let load = ExpectedLoad(settings, in: world, replication: UInt32(replication))
    let watch = RunWatch(load, MemoryNeed(load), memory: memory, mostEvents: mostEvents, isCancelled: isCancelled)
    let run = try RunState(
      settings, world: world, learner: learner,
      payloadLength: Strategy.payloadLength(parameters: parameterCount),
      mailboxDepth: Strategy.mailboxDepth(phases: learner.phases.count),
      replication: UInt32(replication), account: watch.account)
    var loop = RunLoop(
      cooperation: cooperation, run: run, recorder: recorder, until: VirtualTime(settings.measurement.until),
      watch: watch, trace: isTraced ? [] : nil, keeping: settings.measurement.keeping,
      names: world.network.names)
    try loop.execute()
    var trace = RunTrace()
    trace.memory = MemoryUse(loop)
    if isTraced {
      trace.events = loop.trace ?? []
      trace.parameters = (0..<loop.run.parameters.count).map { Double(loop.run.parameters[$0]) }
      trace.conservedSums = loop.conservedSums
      trace.snapshotsInUse = loop.run.snapshots.inUse
    }
    return (outcome(of: loop), trace)
  }

  private func outcome<Strategy: Cooperation & ~Copyable, Learner: LearnerBank & ~Copyable>(
    of loop: borrowing RunLoop<Strategy, Learner>
  ) -> RunRecord {
    let (grid, series) = loop.recorder.series()
    let measurement = settings.measurement
    let end = loop.run.now
    return RunRecord(
      identity: RunRecord.Identity(arm: arm, replication: replication, seed: settings.seed),
      fingerprint: loop.run.scheduler.fingerprint, ending: loop.ending, endTime: (loop.endTime ?? end).seconds,
      grid: grid,
      series: series, finals: finalMeans(grid: grid, series: series, from: measurement.windowStart(end: end)),
      target: targetReached(measurement.target, grid: grid, series: series), messages: loop.run.finalFates(),
      staleness: loop.run.staleness.record,
      agents: loop.run.accounts(
        names: world.network.names, finals: loop.recorder.agentFinals(), areReturns: loop.recorder.areReturns),
      engine: engineCounts(loop.run.scheduler),
      taskReturns: measurement.testsAllTasks
        ? loop.run.learner.taskReturns(at: measurement.gridCount, of: UnsafePointer(loop.run.parameters.base)) : nil,
      parameters: loop.kept)
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
