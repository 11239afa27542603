// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import RandomScenarios
import Records
import Scenarios
import Simulation
import Studies
import Testing
import Workers

/// The sums over written traces are the accounts of the run, on random scenarios of all strategies and timings, and the same
/// run gives the same bytes.
@Test(arguments: [TraceFormat.lines, .tracks]) func whatIsWrittenAddsUpToTheAccounts(_ format: TraceFormat) {
  let found = inParallel(count: 80, jobs: 2) { faults(of: RandomScenario(seed: 23_000 + UInt64($0)), format) }
  for fault in found.joined().prefix(10) { Issue.record("\(fault)") }
}

private func faults(of random: RandomScenario, _ format: TraceFormat) -> [String] {
  do {
    let scenario = try Scenario.parse(text: random.text, file: random.title)
    let study = try Study(scenario)
    let (run, bytes) = try traced(study, format, jobs: 1)
    var faults = try traced(study, format, jobs: 2).bytes == bytes ? [] : ["the same run gives other bytes"]
    let settings = scenario.arms[0].settings
    if format.name == TraceFormat.lines.name {
      faults += LineSums(bytes).faults(of: run.record, settings)
      if bytes.count(where: { $0 == UInt8(ascii: "\n") }) != run.count { faults.append("not \(run.count) lines") }
    } else {
      let tracks = TrackReader(bytes)
      faults += tracks.faults + tracks.faults(of: run.record)
      if tracks.packetCount != run.count { faults.append("not \(run.count) packets") }
    }
    let alone = try simulate(settings, in: World(settings, replication: 0))
    if alone.fingerprint != run.record.fingerprint { faults.append("a trace changes the run") }
    return faults.map { "\(random.title): \($0)\n\(random.text)" }
  } catch {
    return ["\(random.title): \(error)\n\(random.text)"]
  }
}

private func traced(_ study: Study, _ format: TraceFormat, jobs: Int) throws -> (run: TracedRun, bytes: [UInt8]) {
  final class Gathering { var bytes: [UInt8] = [] }
  let gathering = Gathering()
  let run = try study.trace(study.plan[0], as: format, jobs: jobs) { gathering.bytes += $0 }
  return (run, gathering.bytes)
}

/// Counts what lines of JSON say.
private struct LineSums {
  private var counts: [String: UInt64] = [:]
  private var used: UInt64 = 0
  private var bytes: UInt64 = 0
  private var steps: [String: UInt64] = [:]
  private var down: [String: Double] = [:]
  private var downSince: [String: Double] = [:]
  private var latest = 0.0
  private var faults: [String] = []

  init(_ text: [UInt8]) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        let time = object["t"] as? Double, let event = object["event"] as? String
      else {
        faults.append("no object: \(String(decoding: line, as: UTF8.self))")
        continue
      }
      add(object, event, time)
    }
  }

  private mutating func add(_ line: [String: Any], _ event: String, _ time: Double) {
    if time < latest { faults.append("\(event) at \(time) s comes after \(latest) s") }
    latest = time
    let word = event == "lose" ? line["cause"] : line["fate"] ?? line["what"]
    counts[[event, word as? String].compactMap(\.self).joined(separator: " "), default: 0] += 1
    bytes += line["bytes"] as? UInt64 ?? 0
    used += line["fate"] as? String == "used" ? 1 : 0
    let isChange = ["crash", "recover", "join", "leave", "cut", "restore", "pause", "slow", "change"].contains(event)
    if isChange || line["fate"] as? String == "to-dead-agent", line["cause"] == nil {
      faults.append("\(event) at \(time) s has no cause")
    }
    if event == "combine" {
      let parts = line["of"] as? [[String: Any]] ?? []
      used += UInt64(parts.count { $0["fresh"] as? Bool == true || $0["arrives"] as? Bool == true })
    }
    guard let agent = line["agent"] as? String else { return }
    if event == "step", ["ends", "at-once"].contains(line["what"] as? String) { steps[agent, default: 0] += 1 }
    if event == "crash" { downSince[agent] = time }
    if event == "recover" || event == "leave", let since = downSince.removeValue(forKey: agent) {
      down[agent, default: 0] += time - since
    }
  }

  private func count(_ words: String...) -> UInt64 { words.reduce(0) { $0 + counts[$1, default: 0] } }

  func faults(of record: RunRecord, _ settings: SimulationSettings) -> [String] {
    var faults = faults
    func compare(_ what: String, _ told: UInt64, _ expected: UInt64) {
      if told != expected { faults.append("\(what): \(told) written of \(expected)") }
    }
    let fates = record.messages
    compare("sent", count("send"), fates.sent - fates.copies)
    compare("copies", count("send copy"), fates.copies)
    compare("acknowledgements", count("send acknowledgement"), fates.acknowledgements)
    compare("used", used, fates.used)
    compare("replaced", count("drop replaced-unread"), fates.replacedUnread)
    compare("unread", count("drop unread-at-end"), fates.unreadAtEnd)
    compare("overtaken", count("drop overtaken"), fates.overtaken)
    compare("superseded", count("drop superseded"), fates.superseded)
    compare("to dead", count("drop to-dead-agent"), fates.toDeadAgent)
    compare("late", count("drop late"), fates.late)
    compare("duplicate", count("drop duplicate"), fates.duplicate)
    compare("in flight", count("drop in-flight-at-end"), fates.inFlightAtEnd)
    compare("never started", count("drop never-started"), fates.neverStarted)
    compare("noise", count("lose noise"), fates.losses.noise)
    compare("burst", count("lose burst"), fates.losses.burst)
    compare("cut", count("lose cut"), fates.losses.cut)
    compare("edge gone", count("lose edge-gone"), fates.losses.edgeGone)
    compare("sender crashed", count("lose sender-crashed"), fates.losses.senderCrashed)
    compare("bytes", bytes, fates.bytes)
    compare("measurements", count("measure"), UInt64(record.grid.count))
    compare("ends", count("end"), 1)
    for agent in record.agents {
      if settings.phaseCount == 1 { compare("steps of \(agent.name)", steps[agent.name] ?? 0, agent.updates) }
      let seconds = (down[agent.name] ?? 0) + (downSince[agent.name].map { latest - $0 } ?? 0)
      if abs(seconds - agent.down) > 1e-9 * (1 + latest) {
        faults.append("\(agent.name) is down for \(seconds) of \(agent.down) s")
      }
    }
    return faults
  }

}
