// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What links do where it is more than one law of latencies, one probability of loss and one bandwidth for all: values
/// that differ between links, change in time or come in bursts, and messages that arrive twice.
///
/// A message meets what holds when its transmission starts.
struct LinkWeather: ~Copyable {
  struct Latency: BitwiseCopyable {
    var law: Distribution
    /// Where the typical values by link begin, or −1.
    var scales = -1
    /// The number of its trace, or −1.
    var trace = -1
  }

  private let inPlace = InPlace()
  private var losses: LinkLosses
  private let lossWindows: LinkWindows
  private let latencies: Column<Latency>
  private let scales: Column<Double>
  private let latencyTraces: LinkFunctions
  private let latencyWindows: LinkWindows
  let rates: LinkRates
  private let duplications: Column<Double>
  private let duplicationWindows: LinkWindows
  private let duplicationKeys: Column<StreamKey>
  private let copyKeys: Column<StreamKey>
  /// Whether messages can be doubled.
  let doubles: Bool
  /// Whether the one that comes second is delivered, too.
  let deliversTwice: Bool

  init(_ plan: LinkPlan, network: Network, seed: UInt64, replication: UInt32) {
    losses = LinkLosses(plan.losses, network: network, seed: seed, replication: replication)
    lossWindows = LinkWindows(plan.windows.loss)
    var (latencies, scales, traces) = ([Latency](), [Double](), [LinkSeries]())
    for set in plan.latencies {
      var latency = Latency(law: set.law)
      if let trace = set.trace {
        latency.trace = traces.count
        traces.append(trace)
      } else if !set.scales.isEmpty {
        latency.scales = scales.count
        scales += set.scales
      }
      latencies.append(latency)
    }
    self.latencies = Column(latencies)
    self.scales = Column(scales)
    latencyTraces = LinkFunctions(traces)
    latencyWindows = LinkWindows(plan.windows.latency)
    rates = LinkRates(plan.bandwidths, windows: plan.windows.bandwidth)
    doubles = plan.duplications.contains { $0 > 0 }
    deliversTwice = plan.deliversTwice
    duplications = Column(plan.duplications)
    duplicationWindows = LinkWindows(plan.windows.duplication)
    let count = doubles ? network.linkCount : 0
    func keys(_ purpose: Purpose) -> Column<StreamKey> {
      let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
      return Column((0..<count).map { family.key(network.key(LinkID($0))) })
    }
    duplicationKeys = keys(.duplication)
    copyKeys = keys(.copyLatency)
  }

  /// The latency of what starts on a link now.
  func latency(_ link: Int, key: StreamKey, index: UInt64, at now: VirtualTime) -> VirtualDuration {
    let latency = latencies[latencyWindows.holding(link, at: now.nanoseconds).set]
    let draw = latency.law.sample(key, at: index)
    if latency.trace >= 0 {
      return VirtualDuration(seconds: draw * latencyTraces.value(latency.trace, link, at: now))
    }
    return VirtualDuration(seconds: latency.scales < 0 ? draw : draw * scales[latency.scales + link])
  }

  /// Why what starts on a link now is lost, if it is.
  ///
  /// - Parameter number: of the message on its link, from one; 0 for an acknowledgement.
  func lossCause(_ link: Int, number: UInt64, key: StreamKey, index: UInt64, at now: VirtualTime) -> LossCause? {
    let window = lossWindows.holding(link, at: now.nanoseconds)
    return losses.cause(
      on: link, set: (window.set, window.since, window.occurrence), number: number, key: key, index: index, at: now)
  }

  /// The latency of the copy of a message that starts now, if it is doubled.
  func copyLatency(_ link: Int, index: UInt64, attempt: UInt32, at now: VirtualTime) -> VirtualDuration? {
    let probability = duplications[duplicationWindows.holding(link, at: now.nanoseconds).set]
    guard probability > 0, duplicationKeys[link].attempt(attempt).uniform(at: index) < probability else { return nil }
    return latency(link, key: copyKeys[link].attempt(attempt), index: index, at: now)
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) { try losses.visit(&memory) }
}

/// What links do in a run: the sets of values of the conditions, numbered 0, and of events that replace these for a while.
package struct LinkPlan: Sendable {
  /// When which set holds, by link; empty where no event changes any.
  package struct Windows: Sendable {
    package var loss: [[LinkWindow]] = []
    package var latency: [[LinkWindow]] = []
    package var bandwidth: [[LinkWindow]] = []
    package var duplication: [[LinkWindow]] = []

    package init() {}

    var isEmpty: Bool { loss.isEmpty && latency.isEmpty && bandwidth.isEmpty && duplication.isEmpty }
  }

  package var losses: [(layers: [LossLayer], event: String?)]
  package var latencies: [LinkLatencies]
  package var bandwidths: [LinkBandwidths?]
  package var duplications: [Double]
  package var deliversTwice: Bool
  package var windows = Windows()

  /// The plan of conditions alone.
  package init(
    losses: [LossLayer], latencies: LinkLatencies, bandwidths: LinkBandwidths?, duplication: DuplicationSettings?
  ) {
    self.losses = [(losses, nil)]
    self.latencies = [latencies]
    self.bandwidths = [bandwidths]
    duplications = [duplication?.probability.value ?? 0]
    deliversTwice = duplication?.deliver == .twice
  }

  /// The same with other latencies where no event changes any.
  package func having(_ latencies: LinkLatencies) -> LinkPlan {
    var plan = self
    plan.latencies[0] = latencies
    return plan
  }

  /// Whether one law of latencies, one probability of loss and one bandwidth say it all.
  var isPlain: Bool {
    guard windows.isEmpty, duplications == [0], losses[0].layers.count == 1 else { return false }
    let loss = losses[0].layers[0]
    guard loss.probability.isSame, loss.burst == nil, loss.trace == nil, latencies[0].trace == nil else { return false }
    return bandwidths[0].map { $0.same != nil } ?? true
  }

  /// Whether a link may be busy, so that messages can wait.
  var isLimited: Bool { bandwidths.contains { $0 != nil } }
}

extension LinkSettings {
  /// What the links of a network do.
  ///
  /// - Throws: if the conditions name agents or regions that are not there, or lack what links need.
  package func plan(_ draw: LinkDraw) throws(ConditionError) -> LinkPlan {
    LinkPlan(
      losses: try loss.layers(draw), latencies: try latency.links(draw), bandwidths: try bandwidth?.links(draw),
      duplication: duplication)
  }
}
