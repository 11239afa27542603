// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness

/// What the timeline puts in the place of what the conditions say of links, known before the run begins.
extension Timeline {
  /// The intervals of all links, for each thing that events replace.
  private struct Intervals {
    var loss: [[LinkInterval]]
    var latency: [[LinkInterval]]
    var bandwidth: [[LinkInterval]]
    var duplication: [[LinkInterval]]

    init(links: Int) {
      let none = [[LinkInterval]](repeating: [], count: links)
      (loss, latency, bandwidth, duplication) = (none, none, none, none)
    }
  }

  /// One occurrence of an event.
  private struct Coming {
    let begin: Int64
    let plan: Int
    let occurrence: Int
  }

  /// Adds the events that change links to a plan of links.
  ///
  /// - Throws: if an event names agents or regions that are not there, or lacks what links need.
  func addEvents(
    to plan: inout LinkPlan, _ settings: SimulationSettings, _ draw: LinkDraw
  ) throws(SimulationError) {
    guard !settings.timeline.replacements.isEmpty else { return }
    let until = settings.measurement.until.nanoseconds
    var sets: [Int: (loss: Int?, latency: Int?, bandwidth: Int?, duplication: Int?)] = [:]
    var comings: [Coming] = []
    for number in plans.indices {
      guard case .links(_, _, .replace(let replacement)) = plans[number].change else { continue }
      do {
        sets[number] = try plan.add(settings.having(replacement), of: plans[number].name, draw)
      } catch {
        throw SimulationError(error.description)
      }
      comings += plans[number].occurrences.begins(before: until).enumerated().map { occurrence, begin in
        Coming(begin: begin, plan: number, occurrence: occurrence)
      }
    }
    comings.sort { ($0.begin, $0.plan) < ($1.begin, $1.plan) }
    var intervals = Intervals(links: draw.network.linkCount)
    for coming in comings {
      guard let own = sets[coming.plan] else { continue }
      let (end, overflows) = coming.begin.addingReportingOverflow(plans[coming.plan].occurrences.length ?? .max)
      for link in links(of: coming.plan, at: coming.begin) {
        func add(_ set: Int?, to list: inout [[LinkInterval]]) {
          guard let set else { return }
          list[link].append(
            LinkInterval(
              begin: coming.begin, end: overflows ? .max : end, set: set, occurrence: coming.occurrence))
        }
        add(own.loss, to: &intervals.loss)
        add(own.latency, to: &intervals.latency)
        add(own.bandwidth, to: &intervals.bandwidth)
        add(own.duplication, to: &intervals.duplication)
      }
    }
    plan.windows.loss = intervals.loss.map(\.windows)
    plan.windows.latency = intervals.latency.map(\.windows)
    plan.windows.bandwidth = intervals.bandwidth.map(\.windows)
    plan.windows.duplication = intervals.duplication.map(\.windows)
  }

  // MARK: - Whom an event chooses, known beforehand

  /// The links that a plan chooses when it comes latest up to a time.
  private func links(of plan: Int, at time: Int64) -> [Int] {
    guard case .links(let selector, let direction, _) = plans[plan].change,
      let occurrence = latest(plan, at: time)
    else { return [] }
    let draw = draw(plan, occurrence: occurrence)
    return ground.links(
      selector, direction, in: network, draw,
      chosenAgents: { selector in
        ground.ranks(selector, draw, chosenBefore: { agents(ofEvent: $0, at: time) })
      },
      chosenBefore: { name in
        plans.indices.first { plans[$0].name == name && $0 != plan }.map { links(of: $0, at: time) } ?? []
      })
  }

  private func agents(ofEvent name: String, at time: Int64) -> [Int] {
    guard let plan = plans.firstIndex(where: { $0.name == name }), let occurrence = latest(plan, at: time),
      !plans[plan].change.isAboutLinks, let selector = plans[plan].change.agentSelector
    else { return [] }
    return ground.ranks(
      selector, draw(plan, occurrence: occurrence),
      chosenBefore: { other in other == name ? [] : agents(ofEvent: other, at: time) })
  }

  /// The number of the occurrence of a plan that has come last up to a time.
  private func latest(_ plan: Int, at time: Int64) -> Int? {
    let count = plans[plan].occurrences.count(before: time + 1)
    return count > 0 ? count - 1 : nil
  }
}

extension Occurrences {
  /// When it begins before a time, in order.
  fileprivate func begins(before end: Int64) -> [Int64] {
    var begins: [Int64] = []
    for first in firsts where first < end {
      begins.append(first)
      guard let every else { continue }
      var (time, number) = (first, 1)
      while number < times ?? .max, time < end - every {
        time += every
        number += 1
        begins.append(time)
      }
    }
    return begins.sorted()
  }
}

extension SimulationSettings {
  /// What an event brings, with the region of the fusion centre where latencies ask for it.
  fileprivate func having(_ replacement: LinkReplacement) -> LinkReplacement {
    guard let latency = replacement.latency else { return replacement }
    var links = conditions.links
    links.latency = latency
    var replacement = replacement
    replacement.latency = strategy.latency(links)
    return replacement
  }
}
