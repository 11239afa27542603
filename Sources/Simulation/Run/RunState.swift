// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities
import Randomness
import Records

/// Everything that one run consists of while it is under way.
///
/// Cooperations change it through its verbs (`RunState+Steps.swift`, `+Messages`, `+Combine`, `+Appointments`), the loop
/// through what follows from events (`RunState+Links.swift`, `RunState+Lifecycle.swift`).
struct RunState<Scalar: ParameterScalar>: ~Copyable {
  private let inPlace = InPlace()
  var scheduler: Scheduler
  let topology: RunTopology
  let learner: StepBank<Scalar>
  /// The number M of parameters of each agent, as the learner says.
  let dimension: Int
  /// Which of these are shared, and what the phases of a local step change, as the learner says.
  let layout: RunLayout
  /// The agents that learn; whoever else is on the network comes behind them.
  let agentCount: Int
  let agents: Column<AgentState>
  let downStates: Column<DownState>
  /// w_k of all agents, one after the other (N × M).
  let parameters: Column<Scalar>
  /// The increment of each agent's step under way (N × M).
  let increments: Column<Scalar>
  var snapshots: SnapshotPool<Scalar>
  var messages: Pool<Message>
  let mailboxes: Mailboxes
  let computeTimes: ComputeTimes
  /// Estimates older than that count as missing.
  let forgetAfter: VirtualDuration
  let speeds: ChangingSpeeds
  let pauses: Pauses
  /// Whether an arrival asks how its receiver stands, as in rounds, even where all are up.
  let arrivalsAskReceivers: Bool
  /// Whether agents are charged for gradients; else the fusion centre is, to which they send episodes.
  let agentsComputeGradients: Bool
  var transmissions: Transmissions
  let acknowledgementsCanBeLost: Bool
  let cuts: LinkCuts
  var present: PresentGraph
  var edgeSpells: EdgeSpells
  let peers: ActivePeers
  let moving: MovingAgents?
  /// Whether the ends of each link are near each other, where agents move.
  let isNear: Column<Bool>
  var linkOutages: LinkOutages
  var outages: Outages
  /// What events of the timeline let agents forget that do not say it.
  let usualRecovery: FailureSettings.Recovery
  let usualCheckpoint: VirtualDuration?
  var checkpoints: Checkpoints<Scalar>
  var realised: RealisedRecord
  var linkRecord: LinkRecord
  var timeRecord: TimeRecord
  var timeline: Timeline
  /// The event of its next instant.
  var timelineEvent = EventHandle.none
  /// Whether another run may take up the state of this one with more in its timeline.
  let isBranchable: Bool
  let recoveryPeers: StreamFamily
  let entityKeys: [EntityKey]
  let outbox: Outbox
  /// Room for the point of a step whose shared parameters are not those of the agent's row (M).
  let stepPoint: Column<Scalar>
  /// Who hears what happens; usually nobody.
  let observer: RunObserver?
  /// Where it hears it; asked everywhere.
  let tape: UnsafeMutablePointer<OccurrenceTape>?
  /// Whether anything is to be done before an event is handled: somebody hears of it, or windows may end.
  let isAttended: Bool
  /// Room for the neighbours of one combination.
  let combination: CombinationWorkspace<Scalar>

  var fates = MessageFates()
  /// Messages whose transmission has started.
  var departures: UInt64 = 0
  var staleness = StalenessAccount()
  var liveAgents: Int
  /// Updates, samples and episodes of all agents together. What a crashed agent has spent stays spent.
  var updates: UInt64 = 0
  var samples: UInt64 = 0
  var episodes: UInt64 = 0
  var budget: MeasurementSettings.Budget?
  var hasSpentBudget = false

  @inline(never)
  init(
    _ settings: SimulationSettings, world: World, links plan: LinkPlan, learner: consuming StepBank<Scalar>,
    outbox: consuming Outbox, timeline: consuming Timeline, speeds: consuming ChangingSpeeds,
    present: consuming PresentGraph,
    moving: consuming MovingAgents?,
    mailboxDepth: Int,
    replication: UInt32, account: GrowthAccount? = nil, observer: RunObserver? = nil
  ) throws(SimulationError) {
    let network = world.network
    let conditions = settings.conditions
    let seed = settings.seed
    let count = network.nodeCount
    let dimension = learner.parameterCount
    layout = RunLayout(learner.layout)
    agentCount = world.agentCount
    scheduler = Scheduler(ties: settings.ties, account: account)
    topology = RunTopology(network)
    agents = Column(repeating: AgentState(), count: count)
    downStates = Column(repeating: DownState(), count: count)
    parameters = Column(repeating: 0, count: count * dimension)
    increments = Column(repeating: 0, count: count * dimension)
    snapshots = SnapshotPool(length: outbox.payloadLength, account: account)
    messages = Pool(account: account)
    mailboxes = Mailboxes(links: network.linkCount, depth: mailboxDepth)
    computeTimes = ComputeTimes(
      conditions.compute, typical: world.typicalStepDurations, network: network, seed: seed, replication: replication)
    forgetAfter = settings.strategy.forgetAfter ?? VirtualDuration(nanoseconds: .max)
    arrivalsAskReceivers = settings.strategy.timing.hasRounds
    agentsComputeGradients = settings.agentsComputeGradients
    acknowledgementsCanBeLost = settings.strategy.retransmission.losesAcknowledgements
    transmissions = Transmissions(
      conditions.links, plan: plan, network: network,
      acknowledges: settings.usesAcknowledgements, seed: seed, replication: replication)
    let changes = settings.changesNetwork
    cuts = LinkCuts(
      canCut: settings.canCutLinks || changes || settings.isBranchable, links: network.linkCount)
    edgeSpells = EdgeSpells(
      world.agentCount == count ? settings.network.edgesComeAndGo : nil, network: network, seed: seed,
      replication: replication)
    self.present = present
    isNear = Column(repeating: true, count: moving == nil ? 0 : network.linkCount)
    self.moving = moving
    peers = ActivePeers(settings, network: network, replication: replication)
    linkOutages = LinkOutages(conditions.links.outages, network: network, seed: seed, replication: replication)
    do {
      outages = try Outages(conditions.outageCauses, settings.outageContext(in: world, replication: replication))
    } catch {
      throw SimulationError(error.description)
    }
    usualRecovery = conditions.usualRecovery
    usualCheckpoint = conditions.usualCheckpoint
    checkpoints = Checkpoints(every: settings.checkpointIntervals, agents: world.agentCount, dimension: dimension)
    realised = RealisedRecord(settings, network: network, phases: learner.layout.phases.count, growth: account)
    linkRecord = LinkRecord(settings, links: network.linkCount)
    timeRecord = TimeRecord(settings, agents: count, outages: outages, timeline: timeline)
    self.timeline = timeline
    isBranchable = settings.isBranchable
    self.speeds = speeds
    pauses = Pauses(settings, nodeCount: count)
    recoveryPeers = StreamFamily(seed: seed, replication: replication, purpose: .recoveryPeer)
    entityKeys = network.keys
    self.outbox = outbox
    stepPoint = Column(repeating: 0, count: layout.ownCount > 0 ? dimension : 0)
    let widest = (0..<count).map { network.degree(NodeID($0)) }.max() ?? 0
    combination = CombinationWorkspace(neighbours: widest, isObserved: observer != nil)
    self.observer = observer
    tape = observer?.tape
    isAttended = observer?.began != nil || settings.realised != nil
    liveAgents = agentCount
    budget = settings.measurement.budget
    self.dimension = dimension
    self.learner = learner
    for rank in 0..<count { self.learner.initialise(NodeID(rank), into: parameters.base + rank * dimension) }
    if settings.strategy.mailboxStart == .initial { fillMailboxes() }
  }

  /// Virtual time now.
  @inline(__always)
  var now: VirtualTime { scheduler.now }

  /// Whether everybody is up, so that nobody need be asked; never said with a fusion centre, which is no live agent.
  @inline(__always)
  var areAllUp: Bool { liveAgents == agents.count }

  /// w_k of an agent.
  @inline(__always)
  func row(_ node: NodeID) -> UnsafeMutablePointer<Scalar> { parameters.base + node.index &* dimension }

  /// w_k of all agents, one after the other (N × M).
  var parametersOfAll: [Double] { (0..<parameters.count).map { Double(parameters[$0]) } }
}
