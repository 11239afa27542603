// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Schema

extension OutageDefinition {
  /// Agents that are there for a session a period, mostly while it is day for them.
  ///
  /// The availability of an agent with phase φ at t is
  ///
  ///     a(t) = low + (high − low) (1 − cos 2π(t / period − φ)) / 2,
  ///
  /// and in the period number ⌊t / period − φ⌋ the agent is up while a(t) exceeds one uniform number, so that
  /// P(up at t) = a(t).
  ///
  /// *Randomness*: `diurnalPhase` of the agent, one draw at index 0, once per study; `diurnal` of the agent, one uniform
  /// number per period, indexed by the period's number plus one (that of the period under way at 0 may be −1).
  package static let diurnal = OutageDefinition(
    name: "diurnal", meaning: "each agent is up for one session a period, and more probably by day than by night",
    parameters: [
      Parameter("low", .probability, "probability to be up when it is least", .otherwise(.number(0.1))),
      Parameter("high", .probability, "probability to be up when it is greatest", .otherwise(.number(0.8))),
      Parameter(
        "period", .multipliedDuration(.positiveDuration), "of the probability",
        .otherwise(.duration(VirtualDuration(nanoseconds: 86_400_000_000_000)))),
      Parameter(
        "phase", .law(LawRule(kind: .number, bounds: .share)), "by which share of a period an agent is late",
        .otherwise(.special(Distribution.constant(0)))),
    ],
    check: { arguments in
      let wave = DiurnalWave(arguments)
      return wave.low < wave.high ? nil : Fault("low", "is not below high")
    },
    facts: { arguments, question in
      let wave = DiurnalWave(arguments)
      return OutageFacts(
        interval: Double(wave.period) / 1e9, shareDown: 1 - (wave.low + wave.high) / 2, varies: true)
    },
    make: { arguments, context in
      let keys = context.agents.map { context.keys[$0] }
      let family = StreamFamily(seed: context.seed, replication: StreamFamily.study, purpose: .diurnalPhase)
      let law = arguments["phase"]?.law ?? .constant(0)
      return DiurnalOutages(
        agents: context.agents.map { NodeID($0) }, wave: DiurnalWave(arguments),
        phases: keys.map { law.sample(family.key($0).attempt(context.position), at: 0) },
        sessionKeys: context.streams(.diurnal, of: keys), until: context.until.nanoseconds)
    })
}

/// How probable it is to be up.
struct DiurnalWave: Sendable {
  let low: Double
  let high: Double
  /// Nanoseconds.
  let period: Int64

  init(_ arguments: Arguments) {
    low = arguments.number("low") ?? 0.1
    high = arguments.number("high") ?? 0.8
    period = arguments["period"]?.duration?.nanoseconds ?? 86_400_000_000_000
  }

  /// a(t), by the place in the period of the agent: 0 and 1 where it is least.
  func availability(at place: Double) -> Double { low + (high - low) * (1 - cos(2 * .pi * place)) / 2 }

  /// While the availability exceeds a number: places in the period; nothing where it never does.
  func session(exceeding number: Double) -> (begin: Double, end: Double)? {
    if number < low { return (0, 1) }
    guard number < high else { return nil }
    let begin = acos(1 - 2 * (number - low) / (high - low)) / (2 * .pi)
    return (begin, 1 - begin)
  }
}

private struct DiurnalOutages: OutageProcess {
  let agents: [NodeID]
  let wave: DiurnalWave
  let phases: [Double]
  let sessionKeys: [StreamKey]
  /// Nanoseconds; nobody asks for what comes later.
  let until: Int64

  var lineCount: Int { agents.count }

  func agent(_ position: Int, of line: Int) -> NodeID { agents[line] }

  /// The session of a period in nanoseconds, the period before time 0 having the number −1; it may be empty.
  private func session(_ number: Int64, of line: Int) -> Range<Int64>? {
    let uniform = sessionKeys[line].uniform(at: UInt64(number + 1))
    guard let (begin, end) = wave.session(exceeding: uniform) else { return nil }
    // The ends of neighbouring periods are one number, so that sessions that meet go on.
    func nanoseconds(_ place: Double) -> Int64? {
      let time = ((Double(number) + phases[line] + place) * Double(wave.period)).rounded()
      return time < 0x1p62 ? Int64(time) : nil
    }
    let last = end == 1 ? nanosecondsOfEnd(number, line) : nanoseconds(end)
    let first = begin == 0 ? nanosecondsOfEnd(number - 1, line) : nanoseconds(begin)
    guard let first, let last, first < last else { return nil }
    return first..<last
  }

  /// Where a period ends and the next begins.
  private func nanosecondsOfEnd(_ number: Int64, _ line: Int) -> Int64? {
    let time = ((Double(number + 1) + phases[line]) * Double(wave.period)).rounded()
    return time < 0x1p62 ? Int64(time) : nil
  }

  /// The number of the period that a time is in, or of the one before.
  private func period(at nanoseconds: Int64, _ line: Int) -> Int64 {
    max(-1, Int64((Double(nanoseconds) / Double(wave.period) - phases[line]).rounded(.down)) - 1)
  }

  func begin(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    var end = time.nanoseconds
    // Sessions that meet are one.
    while let session = nextSession(after: end, of: line), session.lowerBound <= end { end = session.upperBound }
    return end <= until ? VirtualTime(nanoseconds: end) : nil
  }

  func end(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    nextSession(after: time.nanoseconds, of: line)
      .map { VirtualTime(nanoseconds: max(time.nanoseconds, $0.lowerBound)) }
  }

  /// The first session that ends after a time; nothing where there is none within the run.
  private func nextSession(after nanoseconds: Int64, of line: Int) -> Range<Int64>? {
    var number = period(at: nanoseconds, line)
    while let start = nanosecondsOfEnd(number - 1, line), start <= until {
      if let session = session(number, of: line), session.upperBound > nanoseconds { return session }
      number += 1
    }
    return nil
  }

  func availability(of agent: NodeID, at seconds: Double) -> Double? {
    guard let line = agents.position(of: agent) else { return 1 }
    guard seconds < .infinity else { return (wave.low + wave.high) / 2 }
    return wave.availability(at: seconds * 1e9 / Double(wave.period) - phases[line])
  }

  func title(of line: Int) -> String { "diurnal" }
}
