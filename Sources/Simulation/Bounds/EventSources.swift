// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness

/// Something that makes events again and again, and the key of scenarios that says how often.
package struct EventSource: Sendable, Equatable {
  package let path: String
  /// Seconds between two occurrences where they are most frequent.
  package let interval: Double
  /// Events a second at the busiest agent, one of its links included: they follow each other.
  package let perLine: Double
  /// Events a second of the whole run.
  package let total: Double
  /// The rank of the busiest agent, where agents were drawn.
  package var busiest: Int?

  fileprivate init(_ path: String, every interval: Double, events: Double, total: Double, busiest: Int? = nil) {
    self.path = path
    self.interval = interval
    perLine = interval > 0 ? events / interval : .infinity
    self.total = total
    self.busiest = busiest
  }
}

/// Why a run would make more events than can be waited for, and the key that says so.
package struct Flood: Error, Sendable, Equatable {
  package let path: String
  package let message: String
  /// What the interval of the key would have to be at least, in the mean.
  package let leastInterval: VirtualDuration
}

extension ExpectedLoad {
  /// Events that may follow each other at one agent: more take hours at a million a second and make virtual time all but
  /// stand still.
  private static let mostInLine = 1e10
  /// Events of a whole run: a schedule numbers them in 44 bits.
  private static let most = 1e13

  /// Everything that makes events, and how many are to be expected of it.
  package var eventSources: [EventSource] {
    let strategy = settings.strategy
    var sources: [EventSource] = [
      EventSource(
        "measure.every", every: settings.measurement.every.seconds, events: 1,
        total: 1 / settings.measurement.every.seconds)
    ]
    if case .every(let keeping) = settings.measurement.keeping {
      let interval = max(keeping, settings.measurement.every).seconds
      sources.append(EventSource("measure.keep-parameters", every: interval, events: 0, total: 0))
    }
    sources.append(turnSource)
    if strategy.exchange == .link, strategy.timing == .asynchronous, let law = strategy.linkInterval {
      let interval = law.mean(within: settings.measurement.until.seconds)
      sources.append(EventSource("strategy.link-interval", every: interval, events: 2, total: 2 * links / interval))
    }
    if let repetition = repetitionSource { sources.append(repetition) }
    sources += burstSources
    sources += settings.conditions.outageCauses.map(outageSource)
    if let outages = settings.conditions.links.outages { sources.append(linkOutageSource(outages)) }
    sources += settings.checkpointIntervals.map(checkpointSource)
    if let spells = settings.conditions.compute.spells, settings.heedsSpeeds { sources.append(spellSource(spells)) }
    if let spells = settings.network.edgesComeAndGo { sources.append(edgeSource(spells)) }
    if let movement = MovementSettings(settings.network.topology) {
      let interval = movement.every.seconds
      sources.append(EventSource("network.every", every: interval, events: 1, total: 1 / interval))
      sources.append(stretchSource(movement))
    }
    if settings.conditions.compute.trace != nil, settings.heedsSpeeds { sources.append(speedTraceSource) }
    if !settings.timeline.isEmpty { sources.append(timelineSource) }
    return sources
  }

  /// Events that a run is to be expected to make.
  package var events: Double { eventSources.reduce(0) { $0 + $1.total } * seconds }

  /// Why the run would not end in any time; nothing where it does.
  ///
  /// - Parameter names: of the agents, where these were drawn.
  package func flood(names: [String] = []) -> Flood? {
    let sources = eventSources
    let until = settings.measurement.until.seconds
    let inLine = sources.reduce(0) { $0 + $1.perLine } * until
    let all = sources.reduce(0) { $0 + $1.total } * until
    let isInLine = !(inLine <= Self.mostInLine)
    guard isInLine || !(all <= Self.most) else { return nil }
    guard let worst = sources.max(by: { isInLine ? $0.perLine < $1.perLine : $0.total < $1.total }) else { return nil }
    var message =
      "\(worst.path) makes more than ten \(isInLine ? "billion" : "trillion") events of a run of "
      + settings.measurement.until.text
    if let rank = worst.busiest, names.indices.contains(rank), groups.count > 1 {
      let interval = VirtualDuration(seconds: worst.interval)
      message += ": as drawn, agent '\(names[rank])' "
      message += interval == .zero ? "takes no time for it" : "does it every \(interval.text)"
    }
    let factor = isInLine ? inLine / Self.mostInLine : all / Self.most
    let least = worst.interval > 0 ? worst.interval * factor : until / Self.mostInLine
    let nanoseconds = (least * 1e9 * (1 - 1e-9)).rounded(.up)
    return Flood(
      path: worst.path, message: message,
      leastInterval: VirtualDuration(nanoseconds: nanoseconds < 0x1p63 ? Int64(nanoseconds) : .max))
  }

  // MARK: - Sources

  /// Steps, rounds, slots or clocks, with the messages that follow from each.
  private var turnSource: EventSource {
    let strategy = settings.strategy
    let (perTurn, isPush) = (eventsPerTurn, strategy.exchange == .push)
    var (most, total) = (0.0, 0.0)
    var busiest: Int?
    for group in groups {
      let turns = turnsPerSecond(group)
      let messages = isPush ? messagesPerSecond(group) : 0
      if turns > most { (most, busiest) = (turns, group.rank) }
      total += group.count * (turns * perTurn + messages * group.links)
    }
    // One clock of all agents rings for one after the other.
    let lines = settings.usesOneClock ? agents : 1
    let interval = 1 / (most * lines)
    let inLine = perTurn + (strategy.exchange == .push && strategy.facts.cooperates ? 1 : 0)
    if strategy.timing == .slotted {
      let duration = strategy.slots.duration.seconds
      return EventSource("strategy.slots.duration", every: duration, events: inLine, total: agents * inLine / duration)
    }
    return EventSource(
      settings.usesClock ? "strategy.clock" : "conditions.compute", every: interval, events: inLine, total: total,
      busiest: roundsPerSecond == nil ? busiest : nil)
  }

  /// Begin, end and combination of every phase of a step, or the ring of a clock and the end of the step that follows.
  private var eventsPerTurn: Double { settings.usesClock ? 2 : 3 * Double(settings.phaseCount) }

  /// What is sent again until it is acknowledged, with timers and acknowledgements.
  private var repetitionSource: EventSource? {
    guard settings.usesAcknowledgements else { return nil }
    let repetitions = Repetitions(self)
    let rounds = groups.map { messagesPerSecond($0) }.max() ?? 0
    let total = groups.reduce(0) { $0 + $1.count * $1.links * messagesPerSecond($1) } * (2 + 3 * repetitions.count)
    let down = repetitions.whileDown * links
    let perLine = rounds * (2 + 3 * repetitions.count) + 3 * repetitions.whileDown
    return EventSource(
      "strategy.retransmission.timeout", every: 3 / max(perLine, .leastNormalMagnitude), events: 3,
      total: total + 3 * down)
  }

  /// Changes of the states of bursts in time: no events, but as many draws.
  private var burstSources: [EventSource] {
    settings.conditions.links.loss.bursts.compactMap { burst in
      burst.meanSojourn.map {
        EventSource("conditions.links.loss", every: $0, events: 1, total: burst.scope.sharers(agents, links) / $0)
      }
    }
  }

  /// Scripted changes of the world and their ends, each with the begin of new steps.
  private var timelineSource: EventSource {
    let until = settings.measurement.until
    let changes = settings.timeline.map { entry in
      let count = entry.occurrences(in: until).count(in: until.nanoseconds) * (entry.length == nil ? 1 : 2)
      return (count, count * (1 + 3 * (entry.change?.agentsAtMost(of: agents) ?? agents)))
    }
    let (count, total) = changes.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    return EventSource("timeline", every: until.seconds / count, events: 4, total: total / until.seconds)
  }

  /// Nor do the entries of a trace.
  private var speedTraceSource: EventSource {
    let rate = settings.conditions.compute.tracedChangesPerSecond(until: settings.measurement.until.seconds)
    return EventSource("conditions.compute.trace", every: 1 / rate, events: 1, total: agents * rate)
  }

  /// Slow spells make no events, but each takes about as long as one.
  private func spellSource(_ spells: SlowSpellSettings) -> EventSource {
    let until = settings.measurement.until.seconds
    let cycle = max(2e-9, spells.normal.mean(within: until) + spells.slow.mean(within: until))
    let count = spells.agents.atMost(of: agents)
    return EventSource("conditions.compute.spells", every: cycle, events: 2, total: 2 * count / cycle)
  }

  /// Crashes and recoveries by one cause, each with the begin of a new step.
  private func outageSource(_ cause: FailureSettings.Cause) -> EventSource {
    let cycle = cause.facts(settings.outageQuestion).interval
    let count = cause.agents.atMost(of: agents)
    return EventSource("conditions.failures", every: cycle, events: 4, total: 4 * count / cycle)
  }

  /// Edges that come and go: both ends make their weights anew, and look whether there is anything to wait for.
  private func edgeSource(_ spells: NetworkSettings.EdgeSpells) -> EventSource {
    let until = settings.measurement.until.seconds
    let cycle = max(2e-9, spells.present.mean(within: until) + spells.absent.mean(within: until))
    return EventSource("network.edges-come-and-go", every: cycle, events: 4, total: 2 * links / cycle)
  }

  /// Stretches of agents that move make no events, but each takes about as long as one.
  private func stretchSource(_ movement: MovementSettings) -> EventSource {
    let seconds = max(1e-9, movement.secondsOfStretch(within: settings.measurement.until.seconds))
    let path = movement.movement == .randomDirection ? "network.turn" : "network.crossing"
    return EventSource(path, every: seconds, events: 1, total: agents / seconds)
  }

  /// Links that go down and come up, with what waits for them.
  private func linkOutageSource(_ outages: LinkOutageSettings) -> EventSource {
    let cycle = outages.facts(settings.outageQuestion).interval
    let count = links / (outages.scope == .edge ? 2 : 1)
    return EventSource("conditions.links.outages", every: cycle, events: 2, total: 2 * count / cycle)
  }

  private func checkpointSource(_ interval: VirtualDuration) -> EventSource {
    let isDrawn = settings.conditions.outageCauses.contains { $0.checkpointEvery == interval }
    return EventSource(
      isDrawn ? "conditions.failures" : "timeline", every: interval.seconds, events: 1, total: 1 / interval.seconds)
  }
}

/// How often estimates of rounds are sent again.
struct Repetitions {
  /// Of each estimate, in the mean, where its receiver is there.
  let count: Double
  /// A second over a link whose receiver is down, times the share of time that it is.
  let whileDown: Double

  init(_ load: ExpectedLoad) {
    let settings = load.settings
    let retransmission = settings.strategy.retransmission
    let links = settings.conditions.links
    let scale = load.groups.map(\.latencyScale).max() ?? 1
    let perByte = links.bandwidth == nil ? 0 : 1 / max(load.groups.map(\.leastBandwidth).min() ?? 1, 1e-9)
    let bytes = Double(settings.messageBytes + retransmission.acknowledgementSize.bytes)
    let roundTrip =
      2 * scale * load.latency.mean(within: settings.measurement.until.seconds / max(scale, 1e-9)) + bytes * perByte
    let automatic = retransmission.firstTimeout(roundTrip: roundTrip, step: settings.meanStepSeconds)
    let first = max(automatic, .nanosecond).seconds
    let backOff = retransmission.backOff
    // Timeouts that pass before the answer can be there: a growing one first, then the longest again and again.
    var (passed, timeout, before) = (0.0, first, 0.0)
    for _ in 0..<10 where passed + timeout < roundTrip {
      passed += timeout
      timeout *= backOff
      before += 1
    }
    if timeout > 0 { before += max(0, ((roundTrip - passed) / timeout).rounded(.down)) } else { before = .infinity }
    let loss = links.loss.mean
    let back = retransmission.losesAcknowledgements ? loss : 0
    count = before + (loss < 1 ? 1 / ((1 - loss) * (1 - back)) - 1 : 1e3)
    let causes = settings.conditions.outageCauses
    let cuts = links.outages?.facts(settings.outageQuestion).shareDown ?? 0
    if !causes.isEmpty || cuts > 0 {
      // That of causes which hold agents and links down by themselves is at most their sum.
      let share = causes.reduce(cuts) { $0 + $1.facts(settings.outageQuestion).shareDown }
      let longest = (0..<10).reduce(first) { value, _ in value * backOff }
      whileDown = min(1, share) / max(longest, 1e-12)
    } else if settings.hasOutages {
      whileDown = 1 / max((0..<10).reduce(first) { value, _ in value * backOff }, 1e-12)
    } else {
      whileDown = 0
    }
  }
}

extension BurstLaw.Scope {
  /// How many share a state among so many agents and links.
  fileprivate func sharers(_ agents: Double, _ links: Double) -> Double {
    switch self {
    case .link: links
    case .edge: links / 2
    case .sender, .receiver: agents
    case .network: 1
    }
  }
}
