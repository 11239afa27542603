// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Simulation

/// Gathers from a trace what a replay draws, and writes no bytes.
struct ReplayWriter: TraceWriter {
  private let subject: TraceSubject
  private let limits: Replay.Limits
  private let span: ClosedRange<Double>
  /// The place of each link among those that are drawn; negative of the others.
  private var places: [Int] = []
  private(set) var links: [SIMD2<Int>] = []
  /// Messages that are on their links, by link and number.
  private var flights: [UInt64: (start: Double, order: Int)] = [:]
  private var messages: [(order: Int, message: Replay.Message)] = []
  /// One in two to the power of this is kept.
  private var thinning = 0
  private(set) var messageCount = 0
  private(set) var changes: [Replay.Change] = []
  private(set) var end: Double
  private var hasTooManyChanges = false
  private(set) var hasAcknowledgements = false
  /// Since when each agent computes; nothing of one that does not.
  private var stepStarts: [Double?]
  private var computing: [[Double]]
  let count = 0
  let trouble: (any Error)? = nil

  init(_ subject: TraceSubject, into sink: ByteSink) {
    self.init(subject, limits: Replay.Limits(), span: 0...Double.greatestFiniteMagnitude)
  }

  /// - Parameter span: of virtual time; what happens outside only changes the world.
  init(_ subject: TraceSubject, limits: Replay.Limits, span: ClosedRange<Double>) {
    (self.subject, self.limits, self.span) = (subject, limits, span)
    end = span.upperBound
    let network = subject.network
    let nodes = min(network.nodeCount, limits.agents)
    stepStarts = Array(repeating: nil, count: nodes)
    computing = Array(repeating: Array(repeating: 0, count: nodes), count: limits.bins)
    for rank in 0..<network.linkCount {
      let link = SIMD2(network.senders[rank].index, network.receivers[rank].index)
      let isDrawn = link.x < nodes && link.y < nodes && links.count < limits.links
      places.append(isDrawn ? links.count : -1)
      if isDrawn { links.append(link) }
    }
  }

  mutating func write(_ occurrences: UnsafeBufferPointer<Occurrence>) {
    for occurrence in occurrences { write(occurrence) }
  }

  mutating func finish() {
    for rank in stepStarts.indices { endStep(rank, at: end) }
    for (key, flight) in flights { keep(flight, link: Int(key >> 40), end: end, .inFlight) }
    flights = [:]
  }

  private mutating func write(_ occurrence: Occurrence) {
    let time = occurrence.time.seconds
    switch occurrence.kind {
    case .stepBegins: beginStep(occurrence, at: time)
    case .stepEnds, .stepDiscarded: endStep(Int(occurrence.agentRank), at: time)
    case .starts: begin(occurrence, at: time)
    case .acknowledgementStarts: hasAcknowledgements = true
    case .delivered, .used: settle(occurrence, at: time, .delivered)
    case .lost: settle(occurrence, at: time, .lost)
    case .toDeadAgent, .late, .overtaken, .superseded, .duplicate, .replacedUnread, .unreadAtEnd:
      settle(occurrence, at: time, .useless)
    case .inFlightAtEnd: settle(occurrence, at: time, .inFlight)
    case .ends: end = min(end, time)
    default: change(occurrence, at: time)
    }
  }

  // MARK: - Messages

  private func key(_ occurrence: Occurrence) -> UInt64 { UInt64(occurrence.linkRank) << 40 | occurrence.number }

  private mutating func begin(_ occurrence: Occurrence, at time: Double) {
    guard span.contains(time), time <= end, places[Int(occurrence.linkRank)] >= 0 else { return }
    let order = messageCount
    messageCount += 1
    if Self.isKept(order, thinning: thinning) { flights[key(occurrence)] = (time, order) }
  }

  private mutating func settle(_ occurrence: Occurrence, at time: Double, _ fate: Replay.Fate) {
    guard let flight = flights.removeValue(forKey: key(occurrence)) else { return }
    keep(flight, link: Int(occurrence.linkRank), end: time, fate)
  }

  private mutating func keep(_ flight: (start: Double, order: Int), link: Int, end: Double, _ fate: Replay.Fate) {
    guard Self.isKept(flight.order, thinning: thinning) else { return }
    messages.append((flight.order, Replay.Message(link: places[link], start: flight.start, end: end, fate: fate)))
    guard messages.count > limits.messages else { return }
    while messages.count > limits.messages {
      thinning += 1
      let thinning = thinning
      messages.removeAll { !Self.isKept($0.order, thinning: thinning) }
    }
  }

  /// By a digest of the place, since every eighth message of rounds would be on the same links again and again.
  private static func isKept(_ order: Int, thinning: Int) -> Bool {
    // The finaliser of splitmix64.
    var bits = UInt64(order) &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return (bits ^ bits >> 31) & (1 << thinning - 1) == 0
  }

  var oneInSoMany: Int { 1 << thinning }

  var keptMessages: [Replay.Message] { messages.sorted { $0.order < $1.order }.map(\.message) }

  // MARK: - Agents

  private mutating func beginStep(_ occurrence: Occurrence, at time: Double) {
    let rank = Int(occurrence.agentRank)
    if stepStarts.indices.contains(rank) { stepStarts[rank] = time }
  }

  private mutating func endStep(_ rank: Int, at time: Double) {
    guard stepStarts.indices.contains(rank), let start = stepStarts[rank] else { return }
    stepStarts[rank] = nil
    let (from, to) = (max(start, span.lowerBound), min(time, span.upperBound))
    guard from < to else { return }
    let first = bin(from)
    for index in first...max(first, bin(to)) {
      let bounds = binBounds(index)
      computing[index][rank] += max(0, min(to, bounds.upperBound) - max(from, bounds.lowerBound))
    }
  }

  private var binWidth: Double { (span.upperBound - span.lowerBound) / Double(limits.bins) }

  private func bin(_ time: Double) -> Int {
    min(limits.bins - 1, max(0, Int((time - span.lowerBound) / binWidth)))
  }

  private func binBounds(_ index: Int) -> ClosedRange<Double> {
    let start = span.lowerBound + Double(index) * binWidth
    return start...(start + binWidth)
  }

  /// What share of each bin agents compute, in per cent; nothing where no step takes time.
  var shares: [[Int]] {
    guard computing.contains(where: { $0.contains { $0 > 0 } }) else { return [] }
    return computing.enumerated().map { index, row in
      let length = min(binBounds(index).upperBound, end) - binBounds(index).lowerBound
      return row.map { length > 0 ? min(100, Int((100 * $0 / length).rounded())) : 0 }
    }
  }

  // MARK: - The world

  private mutating func change(_ occurrence: Occurrence, at time: Double) {
    guard let kind = Self.kinds[occurrence.kind], !hasTooManyChanges, time <= span.upperBound else { return }
    let link = occurrence.link.map { places[$0.index] }
    if let agent = occurrence.agent, agent.index >= stepStarts.count { return }
    if let link, link < 0 { return }
    guard changes.count < limits.changes else {
      hasTooManyChanges = true
      end = min(end, time)
      return
    }
    changes.append(
      Replay.Change(
        time: max(time, span.lowerBound), kind: kind, agent: link == nil ? occurrence.agent?.index : nil, link: link,
        factor: kind == .slow ? occurrence.value : nil,
        cause: occurrence.causeNumber > 0 ? Int(occurrence.causeNumber) - 1 : nil))
  }

  private static let kinds: [Occurrence.Kind: Replay.Kind] = [
    .crashes: .crash, .recovers: .recover, .joins: .join, .leaves: .leave, .pauses: .pause, .resumes: .resume,
    .changesSpeed: .slow, .cut: .cut, .restored: .restore, .edgeGoes: .edgeGoes, .edgeComes: .edgeComes,
    .changes: .change, .changesBack: .changeBack,
  ]

  // MARK: - What is missing

  /// What is not drawn, each as a sentence.
  var leftOut: [String] {
    let network = subject.network
    var sentences: [String] = []
    let nodes = stepStarts.count
    if nodes < network.nodeCount {
      sentences.append("Of \(network.nodeCount) agents the first \(nodes) are drawn, with the links between them.")
    } else if links.count < network.linkCount {
      sentences.append("Of \(network.linkCount) links the first \(links.count) are drawn.")
    }
    if thinning > 0 {
      sentences.append("Of \(messageCount) messages about one in \(oneInSoMany) is drawn.")
    }
    if hasTooManyChanges {
      sentences.append("The replay ends after \(limits.changes) changes of the world; the run went on.")
    }
    if hasAcknowledgements { sentences.append("Acknowledgements are not drawn.") }
    return sentences
  }
}
