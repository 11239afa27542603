// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// Rounds around a fusion centre: agents take a step each and send it what they have learnt, the centre averages over all
/// samples, takes one step of its own optimiser and sends the parameters back.
///
///     agents    ─ step ─┬▶ upload ──▶ │ wait ...........................│ adopt ─ step ─▶
///     centre            └───────────▶ │ all are here ─ step ─▶ broadcast┘
///
/// A round waits for all live agents; the barrier is ideal, as with agents alone: the centre knows who is alive. One that
/// recovers gets the centre's parameters sent, and takes part in the present round as long as the centre gathers. It has
/// forgotten what it was about, whatever it keeps otherwise. One whose links are cut is left out in the same way until they are
/// whole again. While the centre is down nothing reaches it, and everybody waits.
///
/// Round r is the step from the parameters of version r; the centre's messages carry the version, and those of agents
/// the round. Everybody has version 0 from the start.
///
/// *Randomness*: that of `CentreTerms`. Latency and loss are keyed by (link, round and outages of the agent so far, attempt).
struct FusionCentre<Scalar: ParameterScalar>: Cooperation, ~Copyable {
  /// One agent's place in the rounds.
  struct Worker: BitwiseCopyable {
    /// The version of the step under way or just sent.
    var round: UInt32 = 0
    /// The newest version received since the last crash, plus one; zero means none.
    var known: UInt32 = 1
    /// Whether the centre waits for it.
    var isAwaited = true
  }

  static var sharesGradients: Bool { true }

  static var numbersBeside: Int { 1 }

  static func mailboxDepth(phases: Int) -> Int { 1 }

  private let terms: CentreTerms
  private let messenger: RoundMessenger<Scalar>
  private let workers: Column<Worker>
  /// The links over which uploads of a round are here.
  private let gathered: Column<Int>
  /// Ones: all count by their samples alone.
  private let factors: Column<Double>
  /// Whether a round waits for agents whose links are cut.
  private let waitsForLinks: Bool

  /// The version of the centre's parameters.
  private var version: UInt32 = 0
  private var isGathering = true
  /// Agents whose uploads of the present round are still to come.
  private var awaited: Int
  /// Uploads of the present round that are here.
  private var uploads = 0
  /// Samples behind the step of the centre that is under way.
  private var samples = 0.0

  init(_ context: StrategyContext) {
    let (settings, world) = (context.settings, context.world)
    terms = CentreTerms(context)
    messenger = RoundMessenger(
      settings, world: world,
      messageSize: CentreTerms.greatestMessage(context, numbersBeside: Self.numbersBeside))
    workers = Column(repeating: Worker(), count: world.agentCount)
    gathered = Column(repeating: 0, count: world.agentCount)
    factors = Column(repeating: 1, count: world.agentCount)
    awaited = world.agentCount
    waitsForLinks = settings.strategy.missingNeighbour == .wait
  }

  // MARK: - The round of an agent

  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>) {
    // Two versions that arrive at one instant ask for a step each.
    if !run.agents[node.index].isComputing { run.launchStep(node) }
  }

  mutating func stepEnded(_ node: NodeID, _ gradient: SnapshotHandle, _ run: inout RunState<Scalar>) {
    let worker = workers[node.index]
    if worker.known > worker.round + 1 {
      // The centre has gone on meanwhile: an upload of before a crash has served the round.
      adopt(node, &run)
    } else {
      let link = run.upwards(node)
      // The number of samples behind the gradient is a whole number, and stays it.
      run.outbox.round(run.snapshots.values(gradient), 0..<run.layout.sharedCount)
      guard run.present.has(link.index) else { return run.snapshots.release(gradient) }
      messenger.send(
        gradient, round: worker.round, over: link, index: run.indexOfMessage(about: worker.round, node),
        bytes: terms.bytesOfUpload(samples: run.samples(of: gradient), run), &run)
    }
    run.snapshots.release(gradient)
  }

  /// Makes the newest version that an agent has its own, and lets it begin.
  private mutating func adopt(_ node: NodeID, _ run: inout RunState<Scalar>) {
    workers[node.index].round = workers[node.index].known - 1
    run.adoptNewest(on: run.downwards(node).index, node)
    run.scheduleBegin(node)
  }

  // MARK: - The round of the centre

  /// Steps if everybody's upload is here, once all news of this instant are.
  private func reviewAwaited(_ run: inout RunState<Scalar>) {
    if isGathering, awaited == 0, uploads > 0, run.centreIsUp { run.requestCombine(run.centre) }
  }

  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>) {
    guard isGathering, awaited == 0, uploads > 0 else { return }
    isGathering = false
    var count = 0
    for link in run.topology.incoming(run.centre) where run.holds(link, round: version) {
      gathered[count] = link
      count += 1
    }
    samples = run.gatherGradients(gathered, count: count, factors: factors)
    run.launchCentreStep(terms.duration(samples: samples, version: version))
  }

  /// Ends the centre's step and begins the next round.
  private mutating func stepped(_ run: inout RunState<Scalar>) {
    run.stepCentre()
    version += 1
    run.tellRound(UInt64(version))
    isGathering = true
    uploads = 0
    awaited = 0
    let parameters = run.parcel(of: run.centre)
    for rank in 0..<run.agentCount {
      workers[rank].isAwaited = canTakePart(NodeID(rank), run)
      guard workers[rank].isAwaited else { continue }
      awaited += 1
      send(parameters, to: NodeID(rank), &run)
    }
    run.snapshots.release(parameters)
  }

  private func send(_ parameters: SnapshotHandle, to node: NodeID, _ run: inout RunState<Scalar>) {
    messenger.send(
      parameters, round: version, over: run.downwards(node), index: run.indexOfMessage(about: version, node),
      bytes: terms.bytesOfParameters, &run)
  }

  private mutating func stopAwaiting(_ node: NodeID) {
    guard workers[node.index].isAwaited else { return }
    workers[node.index].isAwaited = false
    awaited -= 1
  }

  // MARK: - Messages

  mutating func received(_ message: Message, _ run: inout RunState<Scalar>) {
    messenger.answer(message, &run)
    let sender = run.topology.senders[message.link.index]
    if sender == run.centre {
      receivedParameters(message, at: run.topology.receivers[message.link.index], &run)
    } else {
      receivedUpload(message, from: sender, &run)
    }
  }

  private mutating func receivedUpload(_ message: Message, from node: NodeID, _ run: inout RunState<Scalar>) {
    if run.holds(message.link.index, round: message.round) {
      run.note(.duplicate, message)
    } else if message.round != version || !isGathering {
      run.note(.late, message)
    } else {
      run.keep(message, round: message.round)
      guard run.holds(message.link.index, round: version) else { return }
      uploads += 1
      stopAwaiting(node)
      reviewAwaited(&run)
    }
  }

  private mutating func receivedParameters(_ message: Message, at node: NodeID, _ run: inout RunState<Scalar>) {
    let known = workers[node.index].known
    if message.round + 1 == known {
      run.note(.duplicate, message)
    } else if message.round + 1 < known {
      run.note(.late, message)
    } else {
      run.keep(message, round: message.round)
      // An agent that kept its mailbox over a crash may have a newer one there.
      workers[node.index].known = run.mailboxes[message.link.index].round + 1
      if !run.agents[node.index].isComputing { adopt(node, &run) }
    }
  }

  mutating func acknowledged(_ acknowledgement: Message, _ run: inout RunState<Scalar>) {
    messenger.acknowledged(acknowledgement, &run)
  }

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {
    if tag == TimerTag.centreStep {
      stepped(&run)
      return
    }
    let position = Int(payload)
    let round = messenger.round(at: position)
    let receiver = run.topology.receivers[position / 2]
    // What an agent hears of the next round tells it that its upload is here.
    let isWanted =
      node == run.centre
      ? round == version && run.agents[receiver.index].isUp : workers[node.index].known == round + 1
    messenger.timeout(position, from: node, isWanted: isWanted, &run)
  }

  // MARK: - Crashes and recoveries

  mutating func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    if node == run.centre { return centreChanged(change, &run) }
    switch change {
    case .crash, .departure:
      workers[node.index].known = 0
      messenger.abandon(node, &run)
      stopAwaiting(node)
      reviewAwaited(&run)
    case .recovery, .arrival:
      takeIn(node, &run)
    }
  }

  /// The centre keeps what it has, and begins the step anew that it was at. Whoever has come to want its parameters meanwhile
  /// gets them when it is back.
  private mutating func centreChanged(_ change: LifeChange, _ run: inout RunState<Scalar>) {
    guard case .recovery = change else { return messenger.suspend(run.centre, &run) }
    messenger.resume(run.centre, &run)
    if !isGathering { return run.launchCentreStep(terms.duration(samples: samples, version: version)) }
    for rank in 0..<run.agentCount where !workers[rank].isAwaited { takeIn(NodeID(rank), &run) }
    reviewAwaited(&run)
  }

  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {
    let node = run.worker(of: link)
    if change == .removal {
      messenger.abandon(link, &run)
      // What was heard over the edge is forgotten at both ends, so the agent takes this version anew.
      workers[node.index].known = 0
      if isGathering { uploads = uploadsHeld(run) }
    }
    // Parameters that came over a way back which was there all the time have led to an upload that had no way.
    if change == .appearance { workers[node.index].known = 0 }
    if canTakePart(node, run) {
      if !workers[node.index].isAwaited { takeIn(node, &run) }
    } else {
      stopAwaiting(node)
      reviewAwaited(&run)
    }
  }

  /// How many uploads of the present round the centre has.
  private func uploadsHeld(_ run: borrowing RunState<Scalar>) -> Int {
    (0..<run.agentCount).count { run.holds(run.upwards(NodeID($0)).index, round: version) }
  }

  /// Whether a round waits for an agent: it is up, and so are its links, unless rounds wait for these.
  private func canTakePart(_ node: NodeID, _ run: borrowing RunState<Scalar>) -> Bool {
    run.reachesCentre(node, heedingCuts: !waitsForLinks)
  }

  /// Lets an agent take part again that was down or cut off.
  private mutating func takeIn(_ node: NodeID, _ run: inout RunState<Scalar>) {
    // Where its upload is here or the centre is at its step, the next broadcast brings the agent in.
    guard isGathering, run.centreIsUp, !run.holds(run.upwards(node).index, round: version), canTakePart(node, run)
    else { return }
    workers[node.index].isAwaited = true
    awaited += 1
    let parameters = run.parcel(of: run.centre)
    send(parameters, to: node, &run)
    run.snapshots.release(parameters)
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try messenger.visit(&memory)
    try memory.column("workers", workers)
    try memory.value("version", &version)
    try memory.value("is gathering", &isGathering)
    try memory.value("awaited", &awaited)
    try memory.value("uploads", &uploads)
    try memory.value("samples of the step", &samples)
  }
}

extension StrategyDefinition {
  package static let centralised = StrategyDefinition(
    "centralised", "agents send episodes or gradients to a fusion centre, which steps and sends its parameters back",
    source: "the centralised actor-critic of Diff-DAC",
    facts: StrategyFacts(
      audience: .centre, recursion: .none(model: "a fusion centre"), usualTiming: .synchronousGlobal,
      keys: ["upload", "centre"]),
    forms: [
      StrategyForm([.synchronousGlobal], FusionCentre<Float>.self, FusionCentre<Double>.self),
      StrategyForm([.asynchronous], AsynchronousCentre<Float>.self, AsynchronousCentre<Double>.self),
    ])
}
