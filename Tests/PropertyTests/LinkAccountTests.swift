// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import RandomScenarios
import Records
import Scenarios
import Simulation
import Testing
import Workers

private let energy = EnergySettings(computing: 10, waiting: 1, sending: 1e-6, hearing: 5e-7)

/// Accounts of links and energy change no bit of a run; the accounts of all links add up to that of the run in every fate
/// and cause, and to what was told of each link; those of agents add up to theirs. Over 500 random scenarios of all
/// strategies, timings and learners.
@Test func accountsOfLinksAndAgentsAddUpAndTheRunIsTheSame() {
  let trials = inParallel(count: 500, jobs: 2) { AccountTrial(RandomScenario(seed: 41_000 + UInt64($0))) }
  for fault in trials.flatMap(\.faults).prefix(10) { Issue.record("\(fault)") }
  let strategies = Set(trials.map(\.strategy))
  for definition in StrategyDefinition.all where definition != .randomNeighbourPush {
    for timing in definition.timings { #expect(strategies.contains("\(definition.name) \(timing)")) }
  }
  #expect(Set(trials.map(\.learner)).count == 6)
  #expect(trials.count { $0.hasAges } > 300)
  #expect(trials.reduce(0) { $0 + $1.agesCompared } > 1000)
  #expect(trials.count { $0.hasCauses } > 100)
  #expect(trials.count { $0.hasPauses } > 10)
  #expect(trials.count { $0.missedMessages > 0 } > 50)
}

private struct AccountTrial: Sendable {
  var faults: [String] = []
  var strategy = ""
  var learner = ""
  var hasAges = false
  var agesCompared = 0
  var hasCauses = false
  var hasPauses = false
  var missedMessages = 0

  init(_ scenario: RandomScenario) {
    do {
      var settings = try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings
      strategy = "\(settings.strategy.kind.name) \(settings.strategy.timing)"
      learner = settings.learner.algorithm.name
      let world = try World(settings, replication: 0)
      settings.measurement.records = RecordSettings()
      settings.measurement.also = []
      let plain = try simulate(settings, in: world)
      settings.measurement.records = RecordSettings(links: true, energy: energy)
      if settings.strategy.facts.passesShares { settings.measurement.also = ["mass", "mass-least"] }
      let told = ToldOfLinks(links: world.network.linkCount, agents: world.agentCount)
      let kept = try simulate(settings, in: world, observer: RunObserver { told.hear($0) })
      try check(kept, isLike: plain)
      let links = try #require(kept.links?.links)
      checkSums(links, of: kept)
      checkTold(links, told)
      if !settings.changesNetwork, settings.recoveries.allSatisfy({ $0 == .keep }) { checkAges(links, told) }
      checkAgents(kept, links)
      if settings.strategy.timing != .slotted { checkMissed(kept) }
      checkMass(kept, settings)
    } catch {
      faults.append("\(error)")
    }
    faults = faults.map { "\(scenario.title): \($0)\n\(scenario.text)" }
  }

  /// A message to a dead agent belongs to the cause of its outage; in slots agents that sleep count as dead too.
  private mutating func checkMissed(_ record: RunRecord) {
    let missed = record.agents.flatMap { $0.causes ?? [] }.reduce(0) { $0 + ($1.messages ?? 0) }
    if missed != record.messages.toDeadAgent {
      faults.append("\(missed) messages by cause, and \(record.messages.toDeadAgent) to dead agents")
    }
    if missed > 0 { missedMessages += 1 }
  }

  private mutating func check(_ record: RunRecord, isLike plain: RunRecord) throws {
    if record.fingerprint != plain.fingerprint { faults.append("the fingerprints differ") }
    var bare = record
    bare.links = nil
    bare.target?.joules = nil
    bare.series.removeAll { ["joules", "mass", "mass-least"].contains($0.metric) }
    for name in ["joules", "mass", "mass-least"] { bare.finals[name] = nil }
    for agent in bare.agents.indices {
      (bare.agents[agent].messages, bare.agents[agent].causes) = (nil, nil)
      (bare.agents[agent].waits, bare.agents[agent].joules) = (nil, nil)
    }
    if try bare.text != plain.text { faults.append("the records differ") }
  }

  /// Every fate and cause, bytes and acknowledgements.
  private mutating func checkSums(_ links: [LinkAccount], of record: RunRecord) {
    let sum = links.reduce(MessageFates()) { $0.adding($1.fates) }
    var expected = record.messages
    expected.recoveryBytes = 0
    if sum != expected { faults.append("links sum to \(sum), not to \(expected)") }
    if links.contains(where: { $0.fates.accounted != $0.fates.sent }) {
      faults.append("the fates of a link do not sum")
    }
    if links.contains(where: { $0.retransmissions + $0.fates.copies > $0.fates.sent }) {
      faults.append("a link has sent more again than in all")
    }
  }

  private mutating func checkTold(_ links: [LinkAccount], _ told: ToldOfLinks) {
    for (number, link) in links.enumerated() {
      if told.fates[number] != link.fates {
        faults.append("link \(number) was told \(told.fates[number]) of \(link.fates)")
      }
      guard let age = link.age else { continue }
      hasAges = true
      if !(age.mean <= age.largest && age.mean >= 0) { faults.append("a mean age of \(age.mean) of \(age.largest)") }
      if !(age.quantile95 <= age.largest) { faults.append("a quantile of \(age.quantile95) of \(age.largest)") }
      if let peak = age.meanPeak, peak > age.largest { faults.append("a mean peak of \(peak) of \(age.largest)") }
    }
  }

  /// Where nobody forgets what was heard, ages are those of what was told.
  private mutating func checkAges(_ links: [LinkAccount], _ told: ToldOfLinks) {
    for (number, link) in links.enumerated() {
      let (age, expected) = (link.age, told.age(of: number, to: link.receiver))
      guard let age, let expected else {
        if age?.time ?? 0 != expected?.time ?? 0 { faults.append("link \(number) has an age of \(age?.time ?? 0) s") }
        continue
      }
      let seen: [Double] = [age.time, age.mean, Double(age.peaks), age.meanPeak ?? 0, age.largest]
      let exact: [Double] = [
        expected.time, expected.mean, Double(expected.peaks), expected.meanPeak ?? 0, expected.largest,
      ]
      if !zip(seen, exact).allSatisfy({ isClose($0, $1) }) {
        faults.append("the age of link \(number) is \(age), not \(expected)")
      }
      // A quantile is exact to the bin, whose bounds are a factor of 2^(1/4) apart.
      let quantile = told.quantile(0.95, of: number, to: link.receiver)
      if age.quantile95 > quantile * 1.1893 + 2e-6 || age.quantile95 * 1.1893 + 2e-6 < quantile {
        faults.append("the quantile of link \(number) is \(age.quantile95), not \(quantile)")
      }
      agesCompared += 1
    }
  }

  private mutating func checkAgents(_ record: RunRecord, _ links: [LinkAccount]) {
    for (rank, agent) in record.agents.enumerated() {
      let (own, incoming) = (links.filter { $0.sender == rank }, links.filter { $0.receiver == rank })
      let sums = AgentMessages(
        sent: own.reduce(0) { $0 + $1.fates.sent - $1.fates.copies }, bytesSent: own.reduce(0) { $0 + $1.fates.bytes },
        heard: incoming.reduce(0) { $0 + $1.heard }, bytesHeard: incoming.reduce(0) { $0 + $1.bytesHeard })
      if agent.messages != sums { faults.append("\(agent.name) has \(String(describing: agent.messages)) of \(sums)") }
      let causes = agent.causes ?? []
      hasCauses = hasCauses || !causes.isEmpty
      if !isClose(causes.reduce(0) { $0 + $1.wasted }, agent.wasted)
        || !isClose(causes.reduce(0) { $0 + $1.down }, agent.down)
      {
        faults.append("\(agent.name) lost \(agent.wasted) and \(agent.down) to \(causes)")
      }
      let waits = agent.waits ?? AgentWaits()
      hasPauses = hasPauses || waits.paused > 0
      if !isClose(waits.all, agent.waiting)
        || [waits.neighbours, waits.centre, waits.clock].contains(where: { $0 < -1e-9 })
      {
        faults.append("\(agent.name) waited \(agent.waiting) for \(waits)")
      }
      let bytes = 1e-6 * Double(sums.bytesSent) + 5e-7 * Double(sums.bytesHeard)
      let expected = 10 * (agent.useful + agent.wasted + agent.unfinished) + agent.waiting + bytes
      if !isClose(agent.joules ?? .nan, expected) {
        faults.append("\(agent.name) took \(String(describing: agent.joules)) J")
      }
    }
    let joules = record.series.first { $0.metric == "joules" }?.values ?? []
    if zip(joules, joules.dropFirst()).contains(where: { $0 > $1 * (1 + 1e-12) }) { faults.append("joules fall") }
  }

  private mutating func checkMass(_ record: RunRecord, _ settings: SimulationSettings) {
    let masses = record.series.first { $0.metric == "mass" }?.values ?? []
    if masses.isEmpty == settings.strategy.facts.passesShares { faults.append("masses are \(masses)") }
    let doubles = settings.conditions.links.duplication != nil
    // Shares of learners with single precision are rounded to it.
    if !doubles, let most = masses.max(), most > 1 + 1e-6 { faults.append("the mass is \(most)") }
    if settings.strategy.pushSum.runningSums, masses.contains(where: { abs($0 - 1) > 1e-6 }) {
      faults.append("running sums have masses \(masses)")
    }
  }
}

private func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-9 * max(1, abs(other)) }

extension MessageFates {
  fileprivate func adding(_ other: MessageFates) -> MessageFates {
    var sum = self
    func add(_ path: WritableKeyPath<MessageFates, UInt64>) { sum[keyPath: path] += other[keyPath: path] }
    let paths: [WritableKeyPath<MessageFates, UInt64>] = [
      \.sent, \.used, \.replacedUnread, \.unreadAtEnd, \.overtaken, \.lost, \.losses.noise, \.losses.burst,
      \.losses.cut,
      \.losses.edgeGone, \.losses.senderCrashed, \.losses.waiting, \.superseded, \.toDeadAgent, \.late, \.duplicate,
      \.inFlightAtEnd, \.neverStarted, \.bytes, \.acknowledgements, \.copies,
    ]
    for path in paths { add(path) }
    return sum
  }
}

/// Counts for each link what is told of it, and notes what it brings.
private final class ToldOfLinks {
  /// A piece of time over which an age has grown, in seconds.
  private struct Piece {
    var from: Double
    var to: Double
  }

  private(set) var fates: [MessageFates]
  private var started: [Set<UInt64>]
  /// When newer estimates came over each link and were made, in nanoseconds.
  private var heard: [[(time: Int64, birth: Int64)]]
  /// When each agent has gone down and come up, in turn; the last is the end of the run where it is up.
  private var turns: [[Int64]]

  init(links: Int, agents: Int) {
    fates = Array(repeating: MessageFates(), count: links)
    started = Array(repeating: [], count: links)
    heard = Array(repeating: [], count: links)
    turns = Array(repeating: [], count: agents + 1)
  }

  func hear(_ occurrence: Occurrence) {
    let time = occurrence.time.nanoseconds
    switch occurrence.kind {
    case .crashes, .recovers: if let agent = occurrence.agent?.index { turns[agent].append(time) }
    case .ends: for agent in turns.indices where turns[agent].count.isMultiple(of: 2) { turns[agent].append(time) }
    default: break
    }
    guard let link = occurrence.link?.index else { return }
    fates[link].bytes += UInt64(occurrence.bytes ?? 0)
    count(occurrence, link)
    let isHeard = occurrence.kind == .delivered || occurrence.kind == .weighs && occurrence.novelty == .arriving
    if isHeard, occurrence.birth.nanoseconds > heard[link].last?.birth ?? -1 {
      heard[link].append((time, occurrence.birth.nanoseconds))
    }
  }

  private func count(_ occurrence: Occurrence, _ link: Int) {
    switch occurrence.kind {
    case .sent: fates[link].sent += 1
    case .copied: (fates[link].sent, fates[link].copies) = (fates[link].sent + 1, fates[link].copies + 1)
    case .starts: started[link].insert(occurrence.number)
    case .acknowledgementStarts: fates[link].acknowledgements += 1
    case .used: fates[link].used += 1
    case .replacedUnread: fates[link].replacedUnread += 1
    case .unreadAtEnd: fates[link].unreadAtEnd += 1
    case .overtaken: fates[link].overtaken += 1
    case .superseded: fates[link].superseded += 1
    case .toDeadAgent: fates[link].toDeadAgent += 1
    case .late: fates[link].late += 1
    case .duplicate: fates[link].duplicate += 1
    case .inFlightAtEnd: fates[link].inFlightAtEnd += 1
    case .neverStarted: fates[link].neverStarted += 1
    case .lost: lose(occurrence, link)
    default: break
    }
  }

  private func lose(_ occurrence: Occurrence, _ link: Int) {
    fates[link].lost += 1
    switch occurrence.loss {
    case .noise: fates[link].losses.noise += 1
    case .burst: fates[link].losses.burst += 1
    case .cut: fates[link].losses.cut += 1
    case .edgeGone: fates[link].losses.edgeGone += 1
    case .senderCrashed: fates[link].losses.senderCrashed += 1
    case nil: break
    }
    if !started[link].contains(occurrence.number) { fates[link].losses.waiting += 1 }
  }

  /// What the newest estimate's age was, piece by piece, while the receiver was up.
  private func pieces(of link: Int, to receiver: Int) -> [Piece] {
    let bounds = [0] + turns[receiver]
    let up = stride(from: 0, to: bounds.count - 1, by: 2).map { (bounds[$0], bounds[$0 + 1]) }
    return heard[link].indices.flatMap { index in
      let (start, birth) = heard[link][index]
      let end = index + 1 < heard[link].count ? heard[link][index + 1].time : Int64.max
      return up.compactMap { interval -> Piece? in
        let (from, to) = (max(start, interval.0), min(end, interval.1))
        return from < to ? Piece(from: Double(from - birth) / 1e9, to: Double(to - birth) / 1e9) : nil
      }
    }
  }

  func age(of link: Int, to receiver: Int) -> LinkAge? {
    let pieces = pieces(of: link, to: receiver)
    guard !pieces.isEmpty else { return nil }
    let time = pieces.reduce(0) { $0 + $1.to - $1.from }
    let area = pieces.reduce(0) { $0 + ($1.to * $1.to - $1.from * $1.from) / 2 }
    let peaks = zip(heard[link], heard[link].dropFirst()).map { Double($1.time - $0.birth) / 1e9 }
    return LinkAge(
      time: time, mean: area / time, peaks: UInt64(peaks.count),
      meanPeak: peaks.isEmpty ? nil : peaks.reduce(0, +) / Double(peaks.count),
      largest: (pieces.map(\.to) + peaks).max() ?? 0,
      quantile95: 0)
  }

  /// The age below which it was for a share of the time, by halving.
  func quantile(_ level: Double, of link: Int, to receiver: Int) -> Double {
    let pieces = pieces(of: link, to: receiver)
    let time = pieces.reduce(0) { $0 + $1.to - $1.from }
    var (low, high) = (0.0, pieces.map(\.to).max() ?? 0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let below = pieces.reduce(0) { $0 + min($1.to, middle) - min($1.from, middle) }
      if below < level * time { low = middle } else { high = middle }
    }
    return high
  }
}
