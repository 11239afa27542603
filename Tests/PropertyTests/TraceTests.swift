// SPDX-License-Identifier: GPL-3.0-or-later
import RandomScenarios
import Records
import Scenarios
import Simulation
import Testing
import Workers

/// What is told of a run adds up to what the run says of itself, on random scenarios of all strategies and timings. The audit
/// of traced runs, which debug builds make of every run, looks on.
@Test func whatIsToldAddsUpToTheAccounts() {
  let found = inParallel(count: 300, jobs: 2) { faults(of: RandomScenario(seed: 11_000 + UInt64($0))) }
  for fault in found.joined().prefix(10) { Issue.record("\(fault)") }
}

private func faults(of scenario: RandomScenario) -> [String] {
  func sentence(_ text: String) -> String { "\(scenario.title): \(text)\n\(scenario.text)" }
  do {
    let settings = try Scenario.parse(text: scenario.text, file: scenario.title).arms[0].settings
    let world = try World(settings, replication: 0)
    let sums = Sums(settings)
    let record = try simulate(settings, in: world, observer: RunObserver { sums.hear($0) })
    // Nobody's hearing changes anything.
    let (audited, _) = try simulateWithTrace(settings, in: world)
    let alone = try simulate(settings, in: world)
    var faults = sums.faults(of: record, settings)
    if Set([record, audited, alone].map(\.fingerprint)).count > 1 { faults.append("observers change fingerprints") }
    return faults.map(sentence)
  } catch {
    return [sentence("\(error)")]
  }
}

/// Counts for itself.
private final class Sums {
  private var counts: [Occurrence.Kind: UInt64] = [:]
  private var bytes: UInt64 = 0
  /// The estimates of combinations, and messages that are used as they arrive.
  private var novelties: [Occurrence.Novelty: UInt64] = [:]
  private var openCombination: (parts: Int, weight: Double)?
  /// Whether a fusion centre counts some gradients more than others.
  private let weighsGradients: Bool
  private var began: [UInt32: Int64] = [:]
  private var useful: [UInt32: Int64] = [:]
  private var steps: [UInt32: UInt64] = [:]
  private var down: Set<UInt32> = []
  private var paused: [UInt32: Int64] = [:]
  private var cut: Set<UInt32> = []
  /// What was told of agents that were down, or of outages within outages.
  private var impossible: [String] = []
  /// What nobody does, and what becomes of no message at a receiver, while it is down. A link's copy of a message is a
  /// duplicate wherever it comes.
  private let ofTheLiving: Set<Occurrence.Kind>

  init(_ settings: SimulationSettings) {
    let centre = settings.strategy.centre
    weighsGradients = centre.stalenessExponent > 0 || centre.compensatesFrequency
    let always: Set<Occurrence.Kind> = [.stepBegins, .stepEnds, .combines, .used, .overtaken, .late]
    // Edges go with what was heard over them, also by who is down.
    ofTheLiving = settings.changesNetwork ? always : always.union([.replacedUnread])
  }

  func hear(_ occurrence: Occurrence) {
    counts[occurrence.kind, default: 0] += 1
    bytes += UInt64(occurrence.bytes ?? 0)
    hearOfWeights(occurrence)
    if let link = occurrence.link { hear(occurrence.kind, of: link.rank) }
    guard let agent = occurrence.agent?.rank else { return }
    hearOfPauses(occurrence, agent)
    let isDown = down.contains(agent)
    if isDown && ofTheLiving.contains(occurrence.kind)
      || isDown == (occurrence.kind == .crashes)
        && (occurrence.kind == .crashes || occurrence.kind == .recovers)
    {
      impossible.append(
        "\(occurrence.kind.rawValue) at \(occurrence.time.seconds) s of an agent that is \(isDown ? "down" : "up")")
    }
    if occurrence.kind == .crashes { down.insert(agent) }
    if occurrence.kind == .recovers { down.remove(agent) }
    if occurrence.kind == .stepBegins { began[agent] = occurrence.time.nanoseconds }
    if occurrence.kind == .stepEnds {
      useful[agent, default: 0] += occurrence.time.nanoseconds - (began[agent] ?? 0)
      steps[agent, default: 0] += 1
    }
  }

  /// What a combination is of is told at once, and its weights sum to one; where a mass has no digit left they are none.
  private func hearOfWeights(_ occurrence: Occurrence) {
    let isPart = occurrence.kind == .weighs
    if isPart || occurrence.kind == .delivered && occurrence.novelty == .arriving {
      novelties[occurrence.novelty, default: 0] += 1
    }
    if isPart != (openCombination != nil) { impossible.append("an estimate outside of a combination") }
    if occurrence.kind == .combines {
      openCombination = (Int(occurrence.size), occurrence.value.isNaN ? 0 : occurrence.value)
    } else if isPart, let combination = openCombination {
      openCombination = (combination.parts - 1, combination.weight + occurrence.value)
    }
    guard let combination = openCombination, combination.parts == 0 else { return }
    // Weights are as exact as the numbers of the learner.
    if abs(combination.weight - 1) > 1e-5, !weighsGradients {
      impossible.append("weights sum to \(combination.weight)")
    }
    openCombination = nil
  }

  private func hear(_ kind: Occurrence.Kind, of link: UInt32) {
    guard kind == .cut || kind == .restored else { return }
    if cut.contains(link) == (kind == .cut) { impossible.append("link \(link) is \(kind.rawValue) when it is") }
    if kind == .cut { cut.insert(link) } else { cut.remove(link) }
  }

  /// The time that an agent stands still is none of its step.
  private func hearOfPauses(_ occurrence: Occurrence, _ agent: UInt32) {
    let now = occurrence.time.nanoseconds
    if paused[agent] != nil, [.stepBegins, .stepEnds, .pauses].contains(occurrence.kind) {
      impossible.append("\(occurrence.kind.rawValue) at \(occurrence.time.seconds) s of an agent that stands still")
    }
    switch occurrence.kind {
    case .pauses: paused[agent] = now
    case .resumes: began[agent, default: 0] += now - (paused.removeValue(forKey: agent) ?? now)
    default: break
    }
  }

  func faults(of record: RunRecord, _ settings: SimulationSettings) -> [String] {
    var faults = impossible
    func compare(_ kind: Occurrence.Kind, _ expected: UInt64) {
      let told = counts[kind] ?? 0
      if told != expected { faults.append("\(kind.rawValue): \(told) told of \(expected)") }
    }
    let fates = record.messages
    // Links make copies, and nobody sends them.
    compare(.sent, fates.sent - fates.copies)
    compare(.copied, fates.copies)
    compare(.ends, 1)
    compare(.used, fates.used)
    compare(.replacedUnread, fates.replacedUnread)
    compare(.unreadAtEnd, fates.unreadAtEnd)
    compare(.overtaken, fates.overtaken)
    compare(.lost, fates.lost)
    compare(.superseded, fates.superseded)
    compare(.toDeadAgent, fates.toDeadAgent)
    compare(.late, fates.late)
    compare(.duplicate, fates.duplicate)
    compare(.inFlightAtEnd, fates.inFlightAtEnd)
    compare(.neverStarted, fates.neverStarted)
    compare(.acknowledgementStarts, fates.acknowledgements)
    compare(.starts, fates.started)
    compare(.measured, UInt64(record.grid.count))
    let told = novelties[.fresh, default: 0] + novelties[.arriving, default: 0]
    if told != fates.used { faults.append("combinations use \(told) messages of \(fates.used)") }
    if bytes != fates.bytes { faults.append("\(bytes) B told of \(fates.bytes)") }
    for (rank, agent) in record.agents.enumerated() {
      let told = Double(useful[UInt32(rank)] ?? 0) / 1e9
      if abs(told - agent.useful) > 1e-9 * (1 + told) {
        faults.append("\(agent.name) computes \(told) of \(agent.useful) s")
      }
      if settings.phaseCount == 1, steps[UInt32(rank)] ?? 0 != agent.updates {
        faults.append("\(agent.name) ends \(steps[UInt32(rank)] ?? 0) of \(agent.updates) steps")
      }
    }
    return faults
  }
}
