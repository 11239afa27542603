// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// A fusion centre that waits for nobody in particular: it steps along the gradients that have come, b at a time and in the order
/// in which they came, and answers those whose gradients these were with its new parameters.
///
///     an agent    ─ step at version v ─┬▶ gradient ─▶ │ ......................│ adopt ─ step ─▶
///     the centre   ─ other steps ──────┴────────────▶ │ step ─▶ version u + 1 ┘
///
/// A gradient at version v with which the centre makes version u + 1 is τ = u − v versions old: the staleness that results keep.
/// It counts n_k / n times what `GradientWeights` says, with n_k samples of the n of the step.
///
/// Agents wait for the answer (`missing-neighbour: wait`), or go on with what they have heard last (`last-heard`); then a newer
/// gradient takes the place of one that the centre has not used, and messages are not sent again. A centre waits for b gradients
/// as long as there is anybody left to send one. An agent that comes back is told the present version. While the centre is down
/// nothing reaches it; it keeps what it has, and begins the step anew that it was at.
///
/// With n agents that are always at a step or waiting, b = 1 and nothing dropped, the staleness of all steps so far and that of
/// what is under way sum to n − 1 times the steps: each step makes the gradients of all others older by one.
///
/// Source: Zhang, Gupta, Lian and Liu, "Staleness-aware async-SGD for distributed deep learning", 2016, for gradients that count
/// the less the staler they are; Mnih et al., "Asynchronous methods for deep reinforcement learning", 2016.
///
/// *Randomness*: that of `CentreTerms`. Latency and loss are keyed by (link, version and outages of the agent so far, attempt)
/// where agents wait, else by the number of the message on its link.
struct AsynchronousCentre<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  /// One agent, as it is and as the centre sees it.
  struct Worker: BitwiseCopyable {
    /// The version of its parameters, at which the step under way is taken.
    var held: UInt32 = 0
    /// The newest version received since the last crash, plus one; zero means none.
    var known: UInt32 = 1
    /// The newest version that the centre has sent to it.
    var sent: UInt32 = 0
    /// The newest version at which a gradient has come, plus one; zero means none.
    var heard: UInt32 = 0
    /// Whether its gradient waits for the centre's step.
    var isQueued = false
    /// Whether it can be hoped to send one.
    var isAble = true
  }

  static var sharesGradients: Bool { true }

  static var numbersBeside: Int { 1 }

  static func mailboxDepth(phases: Int) -> Int { 1 }

  private let inPlace = InPlace()
  private let terms: CentreTerms
  private let messenger: RoundMessenger<Scalar>
  private let buffer: Int
  private let oldest: UInt32
  private let waits: Bool
  /// Whether nothing can disturb the sum of staleness.
  private let isPlain: Bool

  private let workers: Column<Worker>
  private var line: GradientLine
  private var weights: GradientWeights
  /// Agents that can be hoped to send a gradient, and whose gradients do not wait.
  private var outside: Int
  /// The links of the gradients of the centre's step, and what each counts.
  private let batch: Column<Int>
  private let factors: Column<Double>
  private var batchCount = 0
  /// Samples behind it, and the sum of its gradients' staleness.
  private var samples = 0.0
  private var stalenessOfStep: UInt64 = 0
  private var isStepping = false
  private var version: UInt32 = 0
  /// The sum of the staleness of all steps so far.
  private var staleness: UInt64 = 0

  init(_ context: StrategyContext) {
    let (settings, world) = (context.settings, context.world)
    let centre = settings.strategy.centre
    let isUndisturbed = Self.isUndisturbed(settings)
    terms = CentreTerms(context)
    messenger = RoundMessenger(
      settings, world: world,
      messageSize: CentreTerms.greatestMessage(context, numbersBeside: Self.numbersBeside))
    buffer = min(centre.buffer, world.agentCount)
    oldest = centre.oldestGradient.map { UInt32($0) } ?? .max
    waits = settings.strategy.waitsForAnswers
    isPlain = isUndisturbed
    workers = Column(repeating: Worker(), count: world.agentCount)
    line = GradientLine(agents: world.agentCount)
    weights = GradientWeights(centre, agents: world.agentCount)
    batch = Column(repeating: 0, count: buffer)
    factors = Column(repeating: 0, count: buffer)
    outside = world.agentCount
  }

  /// Whether one gradient after the other makes a step, and none gets lost. Asked before anything is `self`: Swift 6.3 frees a
  /// half-made value twice that a condition captures.
  private static func isUndisturbed(_ settings: SimulationSettings) -> Bool {
    let strategy = settings.strategy
    return strategy.waitsForAnswers && strategy.centre.buffer == 1 && strategy.centre.oldestGradient == nil
      && settings.messageLosses.isEmpty && settings.conditions.links.duplication == nil && !settings.changesNetwork
  }

  // MARK: - Agents

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if !run.agents[node.index].isComputing { run.launchStep(node) }
  }

  mutating func stepEnded(_ node: NodeID, _ gradient: SnapshotHandle, _ run: inout RunState<Scalar>) {
    defer { run.snapshots.release(gradient) }
    let worker = workers[node.index]
    // One of before a crash has been answered already.
    if waits, worker.known > worker.held + 1 { return adopt(node, &run) }
    if !waits { run.requestCombine(node) }
    let link = run.upwards(node)
    let bytes = terms.bytesOfUpload(samples: run.samples(of: gradient), run)
    run.outbox.round(run.snapshots.values(gradient), 0..<run.layout.sharedCount)
    guard run.present.has(link.index) else { return }
    send(gradient, about: worker.held, of: node, over: link, bytes: bytes, &run)
  }

  /// Sends what belongs to a version to or from an agent.
  private func send(
    _ vector: SnapshotHandle, about version: UInt32, of node: NodeID, over link: LinkID, bytes: UInt32,
    _ run: inout RunState<Scalar>
  ) {
    if waits {
      let index = run.indexOfMessage(about: version, node)
      messenger.send(vector, round: version, over: link, index: index, bytes: bytes, &run)
    } else {
      run.send(
        vector, over: link, round: version, attempt: 0, index: run.transmissions.sent(over: link), birth: run.now,
        updates: run.agents[run.topology.senders[link.index].index].updates, bytes: bytes)
    }
  }

  /// Makes the newest version that an agent has heard its own, if it is newer, and lets the agent begin.
  private mutating func adopt(_ node: NodeID, _ run: inout RunState<Scalar>) {
    if workers[node.index].known > workers[node.index].held + 1 {
      workers[node.index].held = workers[node.index].known - 1
      run.adoptNewest(on: run.downwards(node).index, node)
    }
    run.scheduleBegin(node)
  }

  private mutating func receivedParameters(_ message: Message, at node: NodeID, _ run: inout RunState<Scalar>) {
    let known = workers[node.index].known
    if message.round + 1 == known { return run.note(.duplicate, message) }
    if message.round + 1 < known { return run.note(.late, message) }
    run.keep(message, round: message.round)
    // An agent that kept its mailbox over a crash may have a newer one there.
    let isFirst = known == 0
    workers[node.index].known = run.mailboxes[message.link.index].round + 1
    guard waits, !run.agents[node.index].isComputing else { return }
    // Told the version that it had, it takes it anew.
    if isFirst { workers[node.index].held = 0 }
    adopt(node, &run)
  }

  // MARK: - The centre

  private mutating func receivedGradient(_ message: Message, of node: NodeID, _ run: inout RunState<Scalar>) {
    if waits {
      guard message.round >= workers[node.index].heard else { return run.note(.duplicate, message) }
      workers[node.index].heard = message.round + 1
    }
    if version - message.round > oldest {
      run.note(.late, message)
      return answer(node, &run)
    }
    run.keep(message, round: message.round)
    guard !workers[node.index].isQueued, run.mailboxes[message.link.index].isFresh else { return }
    enqueue(node)
    review(&run)
  }

  private mutating func enqueue(_ node: NodeID) {
    line.append(node)
    workers[node.index].isQueued = true
    if workers[node.index].isAble { outside -= 1 }
  }

  /// Steps if enough gradients are here, once all news of this instant are.
  private func review(_ run: inout RunState<Scalar>) {
    if !isStepping, run.centreIsUp, isEnough { run.requestCombine(run.centre) }
  }

  private var isEnough: Bool { line.count >= buffer || line.count > 0 && outside == 0 }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard node == run.centre else { return adopt(node, &run) }
    guard !isStepping, isEnough else { return }
    isStepping = true
    batchCount = 0
    stalenessOfStep = 0
    while batchCount < buffer, line.count > 0 { takeNext(&run) }
    samples = run.gatherGradients(batch, count: batchCount, factors: factors)
    run.launchCentreStep(terms.duration(samples: samples, version: version))
  }

  /// Takes the gradient that has waited longest into the batch.
  private mutating func takeNext(_ run: inout RunState<Scalar>) {
    let node = line.takeFirst()
    noteOutside(node)
    let link = run.upwards(node).index
    let age = UInt64(version - run.mailboxes[link].round)
    stalenessOfStep += age
    run.staleness.stepped(afterUpdates: age)
    batch[batchCount] = link
    factors[batchCount] = weights.weigh(node, age: age)
    batchCount += 1
  }

  /// Takes note that the gradient of an agent waits no longer.
  private mutating func noteOutside(_ node: NodeID) {
    workers[node.index].isQueued = false
    if workers[node.index].isAble { outside += 1 }
  }

  /// Ends the centre's step and answers those whose gradients it was made of.
  private mutating func stepped(_ run: inout RunState<Scalar>) {
    run.stepCentre()
    staleness += stalenessOfStep
    version += 1
    run.tellRound(UInt64(version))
    isStepping = false
    for place in 0..<batchCount { answer(run.worker(of: LinkID(batch[place])), &run) }
    review(&run)
  }

  /// Sends an agent the present parameters, if it is there to receive them.
  private func answer(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let link = run.downwards(node)
    guard run.centreIsUp, run.agents[node.index].isUp, run.present.has(link.index) else { return }
    workers[node.index].sent = version
    let parameters = run.parcel(of: run.centre)
    send(parameters, about: version, of: node, over: link, bytes: terms.bytesOfParameters, &run)
    run.snapshots.release(parameters)
  }

  // MARK: - Events

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    if waits { messenger.answer(message, &run) }
    let sender = run.topology.senders[message.link.index]
    if sender == run.centre {
      receivedParameters(message, at: run.topology.receivers[message.link.index], &run)
    } else {
      receivedGradient(message, of: sender, &run)
    }
  }

  mutating func acknowledged(_ acknowledgement: Message, _ run: inout RunState<Scalar>) {
    messenger.acknowledged(acknowledgement, &run)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    if tag == TimerTag.centreStep { return stepped(&run) }
    let position = Int(payload)
    let version = messenger.round(at: position)
    let worker = run.worker(of: LinkID(position / 2))
    // A gradient at a version tells the centre that its parameters are there, and newer ones tell an agent the same of its
    // gradient.
    let isWanted =
      node == run.centre
      ? workers[worker.index].sent == version && workers[worker.index].heard <= version
        && run.agents[worker.index].isUp
      : workers[worker.index].known == version + 1
    messenger.timeout(position, from: node, isWanted: isWanted, &run)
  }

  // MARK: - Crashes and recoveries

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    if node == run.centre { return centreChanged(change, &run) }
    switch change {
    case .crash, .departure:
      workers[node.index].known = 0
      messenger.abandon(node, &run)
    case .recovery, .arrival:
      if !run.keepsMemory(node) || change == .arrival { workers[node.index].held = 0 }
      if !waits { run.scheduleBegin(node) }
      takeIn(node, &run)
    }
    recount(node, &run)
  }

  private mutating func centreChanged(_ change: LifeChange, _ run: inout RunState<Scalar>) {
    guard case .recovery = change else { return messenger.suspend(run.centre, &run) }
    messenger.resume(run.centre, &run)
    if isStepping { run.launchCentreStep(terms.duration(samples: samples, version: version)) }
    for rank in 0..<run.agentCount where workers[rank].known == 0 { takeIn(NodeID(rank), &run) }
    review(&run)
  }

  /// Tells an agent that has come, or come back, the present version, unless an answer to it is due.
  private func takeIn(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard run.reachesCentre(node, heedingCuts: false), !isAboutToBeAnswered(node, run) else { return }
    answer(node, &run)
  }

  private func isAboutToBeAnswered(_ node: NodeID, _ run: borrowing RunState<Scalar>) -> Bool {
    if workers[node.index].isQueued { return true }
    guard isStepping else { return false }
    let link = run.upwards(node).index
    return (0..<batchCount).contains { batch[$0] == link }
  }

  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {
    let node = run.worker(of: link)
    switch change {
    case .removal:
      messenger.abandon(link, &run)
      // What was heard over the edge is forgotten at both ends.
      workers[node.index].known = 0
      workers[node.index].heard = 0
      // So a gradient that waits may have gone with its edge.
      if workers[node.index].isQueued, run.mailboxes[run.upwards(node).index].isEmpty {
        line.remove(node)
        noteOutside(node)
      }
    case .appearance:
      // An answer that came over a way back which was there all the time has led to a gradient that had no way.
      workers[node.index].known = 0
      workers[node.index].heard = 0
      takeIn(node, &run)
    case .cut, .restoration:
      break
    }
    recount(node, &run)
  }

  /// Takes note of whether a gradient of an agent can be hoped for: the centre knows at once.
  private mutating func recount(_ node: NodeID, _ run: inout RunState<Scalar>) {
    let isAble = run.reachesCentre(node, heedingCuts: true)
    if isAble != workers[node.index].isAble {
      workers[node.index].isAble = isAble
      if !workers[node.index].isQueued { outside += isAble ? 1 : -1 }
    }
    review(&run)
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try messenger.visit(&memory)
    try memory.column("workers", workers)
    try line.visit(&memory)
    try weights.visit(&memory)
    try memory.value("agents outside", &outside)
    try memory.column("gradients of the step", batch)
    try memory.column("what they count", factors)
    try memory.value("how many the step has", &batchCount)
    try memory.value("samples of the step", &samples)
    try memory.value("staleness of the step", &stalenessOfStep)
    try memory.value("is stepping", &isStepping)
    try memory.value("version", &version)
    try memory.value("staleness of steps", &staleness)
  }

  /// The staleness of all steps so far and of what is under way, over (n − 1) times the steps.
  borrowing func conservedSums(_ run: borrowing RunState<Scalar>) -> [Double] {
    guard isPlain else { return [] }
    var sum = Int(staleness)
    for rank in 0..<workers.count { sum += Int(version - workers[rank].sent) }
    return [Double(sum - (workers.count - 1) * Int(version))]
  }
}
