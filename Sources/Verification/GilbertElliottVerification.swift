// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Workers

/// Kind `gilbert-elliott`: what a link loses in bursts, of messages that are offered to it one after another.
struct GilbertElliottVerification: ReferenceCase {
  static let kind = "gilbert-elliott"

  struct Entry: Decodable, Sendable {
    struct Runs: Decodable, Sendable {
      let mean: Double
      let atLeast: [ReferencePoint<Double>]
    }

    struct Expected: Decodable, Sendable {
      let meanLoss: Double
      let lossAutocorrelation: [ReferencePoint<Double>]
      let runOfLosses: Runs
      let runOfDeliveries: Runs
      let lostOf20: [Double]
    }

    struct Bars: Decodable, Sendable {
      let meanLoss: Double
      let lossAutocorrelation: Double
      let runOfLossesMean: Double
      let runOfLossesAtLeast: Double
      let runOfDeliveriesMean: Double
      let runOfDeliveriesAtLeast: Double
      let lostOf20: Double
    }

    let burst: BurstReference
    let expected: Expected
    let tolerance: Bars

    enum CodingKeys: String, CodingKey { case expected, tolerance }

    init(from decoder: any Decoder) throws {
      burst = try BurstReference(from: decoder)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      expected = try values.decode(Expected.self, forKey: .expected)
      tolerance = try values.decode(Bars.self, forKey: .tolerance)
    }
  }

  struct Offers: Decodable, Sendable {
    let links: Int
    let messages: Int
    let window: Int
  }

  let id: String
  let entries: [Entry]
  let `protocol`: Offers

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try ReferenceLimits.checkRuns(`protocol`.messages, "protocol.messages")
    guard (1...`protocol`.messages).contains(`protocol`.window) else {
      throw ReferenceError("protocol.window is \(`protocol`.window), not from 1 to the number of messages.")
    }
    let reports = try inParallel(count: entries.count, jobs: verifier.jobs) { index in
      Result { try checks(of: entries[index], verifier) }
    }
    return VerificationReport(checks: try reports.flatMap { try $0.get() })
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    let (burst, expected, bars) = (entry.burst, entry.expected, entry.tolerance)
    let name = "\(id)/\(burst.name)"
    let count = verifier.runs(`protocol`.links)
    // Fewer links make every standard deviation larger.
    let widening = (Double(`protocol`.links) / Double(count)).squareRoot()
    let losses = try losses(burst, links: count, seed: verifier.seed)
    func check(_ quantity: String, _ expected: Double, _ seen: Double, _ bar: Double) -> VerificationReport.Check {
      .init(
        reference: name, quantity: quantity, runs: count, expected: expected, seen: seen, bar: bar * widening)
    }
    var checks = try transitionChecks(burst, name)
    let account = LossAccount(losses, lags: expected.lossAutocorrelation.map(\.index), window: `protocol`.window)
    checks.append(check("mean loss", expected.meanLoss, account.mean, bars.meanLoss))
    for (point, seen) in zip(expected.lossAutocorrelation, account.autocorrelations) {
      checks.append(
        check("correlation of losses at lag \(point.index)", point.value, seen, bars.lossAutocorrelation))
    }
    for (what, runs, seen, mean, atLeast) in [
      ("losses", expected.runOfLosses, account.runsOfLosses, bars.runOfLossesMean, bars.runOfLossesAtLeast),
      (
        "deliveries", expected.runOfDeliveries, account.runsOfDeliveries, bars.runOfDeliveriesMean,
        bars.runOfDeliveriesAtLeast
      ),
    ] {
      checks.append(check("mean run of \(what)", runs.mean, seen.mean, mean))
      for point in runs.atLeast {
        checks.append(
          check("share of runs of at least \(point.index) \(what)", point.value, seen.atLeast(point.index), atLeast))
      }
    }
    for (lost, expected) in expected.lostOf20.enumerated() {
      let seen = lost < account.lostInWindows.count ? account.lostInWindows[lost] : 0
      checks.append(
        check("share of windows of \(`protocol`.window) that lose \(lost)", expected, seen, bars.lostOf20))
    }
    return checks
  }

  /// The probabilities with which messages move the state, as far as they follow from mean and length.
  private func transitionChecks(_ burst: BurstReference, _ name: String) throws -> [VerificationReport.Check] {
    guard let law = try burst.loss().bursts.first, case .messages(let goodToBad, let badToGood) = law.course else {
      return []
    }
    return [("from good to bad", burst.goodToBad, goodToBad), ("from bad to good", burst.badToGood, badToGood)]
      .compactMap { what, expected, seen in
        expected.map { .init(reference: name, quantity: "probability \(what)", expected: $0, seen: seen, bar: 1e-9) }
      }
  }

  /// Whether each message of each link is lost, through the links of a run.
  private func losses(_ burst: BurstReference, links: Int, seed: UInt64) throws -> [[Bool]] {
    let network = try BurstReference.line(links: links)
    let settings = LinkSettings(loss: try burst.loss())
    let transmissions = Transmissions(
      settings, plan: try settings.plan(LinkDraw(network: network, seed: seed)), network: network, acknowledges: false,
      seed: seed, replication: 0)
    let interval = try burst.interval()
    let family = StreamFamily(seed: seed, replication: 0, purpose: .linkClock)
    return (0..<links).map { link in
      let clock = family.key(network.key(LinkID(link)))
      var now = VirtualTime.zero
      return (0..<UInt64(`protocol`.messages)).map { index in
        now += VirtualDuration(seconds: interval.sample(clock, at: index))
        return transmissions.passage(LinkID(link), number: index + 1, index: index, attempt: 0, startingAt: now).isLost
      }
    }
  }
}

/// Statistics of the losses of several links.
private struct LossAccount {
  /// The lengths of runs, those that the ends cut off left out.
  struct Runs {
    /// By the length.
    private var counts: [Int] = []
    private var number = 0.0
    private var sum = 0.0

    mutating func add(_ length: Int) {
      while counts.count <= length { counts.append(0) }
      counts[length] += 1
      number += 1
      sum += Double(length)
    }

    var mean: Double { sum / number }

    func atLeast(_ length: Int) -> Double { Double(counts.dropFirst(length).reduce(0, +)) / number }
  }

  private(set) var mean = 0.0
  private(set) var autocorrelations: [Double] = []
  private(set) var runsOfLosses = Runs()
  private(set) var runsOfDeliveries = Runs()
  /// The share of disjoint windows that lose so many.
  private(set) var lostInWindows: [Double]

  init(_ links: [[Bool]], lags: [Int], window: Int) {
    lostInWindows = Array(repeating: 0, count: window + 1)
    let number = links.reduce(0) { $0 + $1.count }
    mean = Double(links.reduce(0) { $0 + $1.count { $0 } }) / Double(number)
    autocorrelations = lags.map { lag in
      var (both, pairs) = (0, 0)
      for link in links where link.count > lag {
        for position in lag..<link.count where link[position] && link[position - lag] { both += 1 }
        pairs += link.count - lag
      }
      return (Double(both) / Double(pairs) - mean * mean) / (mean * (1 - mean))
    }
    for link in links { countRuns(link) }
    var windows = 0.0
    for link in links {
      for start in stride(from: 0, through: link.count - window, by: window) {
        lostInWindows[link[start..<start + window].count { $0 }] += 1
        windows += 1
      }
    }
    lostInWindows = lostInWindows.map { $0 / windows }
  }

  private mutating func countRuns(_ link: [Bool]) {
    var start = 0
    for position in 1..<max(1, link.count) where link[position] != link[position - 1] {
      if start > 0 {
        if link[start] { runsOfLosses.add(position - start) } else { runsOfDeliveries.add(position - start) }
      }
      start = position
    }
  }
}
