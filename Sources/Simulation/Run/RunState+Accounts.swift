// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// How an agent has spent its time up to now.
struct SpentTime {
  var useful: VirtualDuration
  var wasted: VirtualDuration
  var unfinished: VirtualDuration
  var waiting: VirtualDuration
  var down: VirtualDuration

  /// In steps, whatever became of them.
  var computing: VirtualDuration { useful + wasted + unfinished }
}

/// How agents have spent their time, and what they have sent and heard.
extension RunState {
  /// How each agent spent its time, and how far it got.
  ///
  /// - Parameters:
  ///   - finals: what is kept of each agent.
  ///   - haveEpisodes: whether agents act in episodes.
  ///   - settings: of the run.
  @inline(never)
  func accounts(
    names: [String], finals: [AgentFinals], haveEpisodes: Bool, _ settings: SimulationSettings
  ) -> [AgentAccount] {
    let messages = timeRecord.isOn ? messagesOfAgents() : []
    let causes = timeRecord.isOn ? timeRecord.causes(agents: agentCount) { presentOutage(of: $0) } : []
    return (0..<agentCount).map { rank in
      let (agent, node) = (agents[rank], NodeID(rank))
      let time = spentTime(node)
      var account = AgentAccount(
        name: names[rank], updates: agent.updates, useful: time.useful.seconds, wasted: time.wasted.seconds,
        unfinished: time.unfinished.seconds, waiting: time.waiting.seconds, down: time.down.seconds,
        slowed: settings.hasChangingSpeeds ? slowed(node) : nil, finalMSD: finals[rank].squaredError,
        task: learner.taskName(of: node),
        episodes: haveEpisodes ? agent.episodes : nil, samples: haveEpisodes ? agent.samples : nil,
        finalReturn: finals[rank].testReturn, finals: finals[rank].further)
      if timeRecord.isOn {
        account.messages = messages[rank]
        account.causes = causes[rank]
        account.waits = waits(node, time.waiting, settings.strategy)
        account.joules = settings.measurement.records.energy?.joules(time, messages[rank])
      }
      return account
    }
  }

  /// How an agent has spent its time up to now.
  func spentTime(_ node: NodeID) -> SpentTime {
    let agent = agents[node.index]
    let unfinished = agent.isUp && agent.isComputing ? computingTime(node) : .zero
    let wasted = downStates[node.index].wasted
    let down = downStates[node.index].down + (presentOutage(of: node) ?? .zero)
    let waiting = present.span(of: node, until: now).length - agent.useful - wasted - unfinished - down
    return SpentTime(useful: agent.useful, wasted: wasted, unfinished: unfinished, waiting: waiting, down: down)
  }

  /// How long the present outage of an agent has lasted; nothing where it is up, or not there.
  private func presentOutage(of node: NodeID) -> VirtualDuration? {
    agents[node.index].isUp || !present.has(node) ? nil : now - agents[node.index].since
  }

  /// What an agent has waited for: what is neither a pause nor sleep is what its strategy lets it wait for.
  private func waits(_ node: NodeID, _ waiting: VirtualDuration, _ strategy: StrategySettings) -> AgentWaits {
    let pause = pauses.isPaused(node) && agents[node.index].isUp ? pauses.since(node) : nil
    let (paused, asleep) = (timeRecord.paused(node, since: pause, at: now), timeRecord.asleep(node, at: now))
    var waits = AgentWaits(asleep: asleep.seconds, paused: paused.seconds)
    let rest = (waiting - paused - asleep).seconds
    switch strategy.reasonToWait {
    case .neighbours: waits.neighbours = rest
    case .centre: waits.centre = rest
    case .clock: waits.clock = rest
    }
    return waits
  }

  /// The joules that all agents have taken up to now.
  @inline(never)
  func joules(_ energy: EnergySettings) -> Double {
    let messages = messagesOfAgents()
    return (0..<agentCount).reduce(0) { $0 + energy.joules(spentTime(NodeID($1)), messages[$1]) }
  }
}

extension EnergySettings {
  /// What an agent has taken.
  func joules(_ time: SpentTime, _ messages: AgentMessages) -> Double {
    computing * time.computing.seconds + waiting * time.waiting.seconds + sending * Double(messages.bytesSent)
      + hearing * Double(messages.bytesHeard)
  }
}

extension StrategySettings {
  /// What an agent waits for that could go on.
  enum ReasonToWait {
    case neighbours, centre, clock
  }

  /// What lets agents wait; the time until they begin first counts as that too.
  var reasonToWait: ReasonToWait {
    if facts.hasCentre { return .centre }
    if timing.hasRounds { return .neighbours }
    let waits = timing == .asynchronous && facts.combinesNeighbourhood && missingNeighbour == .wait
    return waits ? .neighbours : .clock
  }
}
