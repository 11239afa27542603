// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Workers

/// Kind `age-of-information`: how old the newest estimate is that was heard over links that send at times of their own and
/// lose messages in bursts.
struct AgeOfInformationVerification: ReferenceCase {
  static let kind = "age-of-information"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let meanAge: Double
      let meanPeakAge: Double
      let shareOfTimeAbove: [ReferencePoint<Double>]
    }

    struct Bars: Decodable, Sendable {
      let meanAge: Double
      let meanPeakAge: Double
      let shareOfTimeAbove: Double
    }

    let burst: BurstReference
    /// Seconds.
    let latency: Double
    let expected: Expected
    let tolerance: Bars

    enum CodingKeys: String, CodingKey { case latency, expected, tolerance }

    init(from decoder: any Decoder) throws {
      burst = try BurstReference(from: decoder)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      latency = try values.decode(Double.self, forKey: .latency)
      expected = try values.decode(Expected.self, forKey: .expected)
      tolerance = try values.decode(Bars.self, forKey: .tolerance)
    }
  }

  struct Watch: Decodable, Sendable {
    let links: Int
    let seconds: Double
  }

  let id: String
  let entries: [Entry]
  let `protocol`: Watch

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let reports = try inParallel(count: entries.count, jobs: verifier.jobs) { index in
      Result { try checks(of: entries[index], verifier) }
    }
    return VerificationReport(checks: try reports.flatMap { try $0.get() })
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    let count = verifier.runs(`protocol`.links)
    let widening = (Double(`protocol`.links) / Double(count)).squareRoot()
    let ages = try ages(of: entry, links: count, seed: verifier.seed)
    let (expected, bars) = (entry.expected, entry.tolerance)
    func check(_ quantity: String, _ expected: Double, _ seen: Double, _ bar: Double) -> VerificationReport.Check {
      .init(
        reference: "\(id)/\(entry.burst.name)", quantity: quantity, runs: count, expected: expected, seen: seen,
        bar: bar * widening)
    }
    let closed = try entry.burst.closedForm(latency: entry.latency)
    // Numbers of the file have nine digits.
    let rounding = 1e-8
    return [
      .init(
        reference: "\(id)/\(entry.burst.name)", quantity: "mean age by the closed form",
        expected: expected.meanAge, seen: closed.meanAge, bar: rounding * expected.meanAge),
      .init(
        reference: "\(id)/\(entry.burst.name)", quantity: "mean peak age by the closed form",
        expected: expected.meanPeakAge, seen: closed.meanPeakAge, bar: rounding * expected.meanPeakAge),
      check("mean age", expected.meanAge, ages.meanAge, bars.meanAge),
      check("mean peak age", expected.meanPeakAge, ages.meanPeak, bars.meanPeakAge),
      check("mean age by the record", expected.meanAge, ages.recorded?.mean ?? .nan, bars.meanAge),
      check("mean peak age by the record", expected.meanPeakAge, ages.recorded?.meanPeak ?? .nan, bars.meanPeakAge),
    ]
      + zip(expected.shareOfTimeAbove, ages.sharesAbove).map { point, seen in
        check("share of time above \(point.at) s", point.value, seen, bars.shareOfTimeAbove)
      }
  }

  /// What a run of agents that hardly ever step says of its links.
  private func ages(of entry: Entry, links: Int, seed: UInt64) throws -> AgeAccount {
    let network = try BurstReference.line(links: links)
    guard entry.latency >= 0, entry.latency.isFinite, `protocol`.seconds > 0,
      `protocol`.seconds <= ReferenceLimits.latest
    else { throw ReferenceError("entry '\(entry.burst.name)' has no latency, or the protocol no time.") }
    var settings = try network.averagingSettings(
      initial: (0..<network.nodeCount).map { Double($0) },
      strategy: StrategySettings(
        timing: .asynchronous, message: .combined, exchange: .link, linkInterval: try entry.burst.interval()),
      until: `protocol`.seconds, seed: seed)
    settings.conditions.links = LinkSettings(latency: .law(.constant(entry.latency)), loss: try entry.burst.loss())
    settings.measurement.every = settings.measurement.until
    settings.measurement.records.links = true
    let world = World(
      network: network, task: AveragingSettings(dimension: 1),
      typicalStepDurations: Array(repeating: `protocol`.seconds, count: network.nodeCount),
      latencies: try LinkLatencies(settings.conditions.links.latency, network: network))
    let account = AgeAccount(
      links: network.linkCount, latency: VirtualDuration(seconds: entry.latency),
      until: VirtualTime(settings.measurement.until), levels: entry.expected.shareOfTimeAbove.map(\.at))
    let record = try simulate(settings, in: world, observer: RunObserver(account.hear))
    account.end()
    account.recorded = record.links?.age
    return account
  }
}

/// The ages of what was heard over links, from the first delivery of each to its last.
private final class AgeAccount {
  private let latency: VirtualDuration
  private let until: VirtualTime
  private let levels: [Double]
  /// The latest message of each link of which nothing is known but that it was sent.
  private var pending: [VirtualTime?]
  /// When the newest estimate was made that each link has delivered.
  private var births: [VirtualTime?]
  private var time = 0.0
  private var area = 0.0
  private var peaks = 0.0
  private var peakCount = 0.0
  private var timeAbove: [Double]
  /// What the run itself keeps of them.
  var recorded: LinkAge?

  init(links: Int, latency: VirtualDuration, until: VirtualTime, levels: [Double]) {
    (self.latency, self.until, self.levels) = (latency, until, levels)
    pending = Array(repeating: nil, count: links)
    births = Array(repeating: nil, count: links)
    timeAbove = levels.map { _ in 0 }
  }

  var meanAge: Double { area / time }
  var meanPeak: Double { peaks / peakCount }
  var sharesAbove: [Double] { timeAbove.map { $0 / time } }

  /// A message that is lost is so at the instant at which it is sent; every other arrives after the latency.
  func hear(_ occurrence: Occurrence) {
    guard let link = occurrence.link?.index else { return }
    switch occurrence.kind {
    case .sent:
      deliver(link)
      pending[link] = occurrence.time
    case .lost: pending[link] = nil
    default: break
    }
  }

  func end() {
    for link in pending.indices { deliver(link) }
  }

  private func deliver(_ link: Int) {
    guard let birth = pending[link], birth + latency <= until else { return }
    pending[link] = nil
    if let earlier = births[link] {
      // The age has grown from the latency to what it is just before this delivery.
      let peak = (birth + latency - earlier).seconds
      let least = latency.seconds
      time += peak - least
      area += (peak * peak - least * least) / 2
      peaks += peak
      peakCount += 1
      for (index, level) in levels.enumerated() { timeAbove[index] += max(0, peak - max(level, least)) }
    }
    births[link] = birth
  }
}
