// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Simulation

extension TraceFormat {
  /// Slices, instants and arrows on a track for each agent, for the trace viewer Perfetto.
  package static let tracks = TraceFormat(
    name: "TrackEvent", suffix: ".pftrace", unit: "packet", starts: [TrackEvents.start],
    make: { TraceTracks($0, into: $1) })
}

/// What happens in a run on tracks: of each agent when it computes, waits, stands still and is down, as slices; messages as
/// arrows from the instant of their sending to that of their end; and what changes the world on a track of its own.
///
/// Two things that an agent is for no time are left out: slices of no length would only hide others.
struct TraceTracks: TraceWriter {
  /// What an agent is, in the order of the numbers of its names.
  private enum Stage: UInt64 {
    case absent = 0
    case waiting = 1
    case computing = 2
    case paused = 3
    case down = 4
  }

  /// An agent, and the slice on its track.
  private struct Place {
    var isThere = true
    var isDown = false
    var isPaused = false
    var isComputing = false
    var open = Stage.absent
    /// What it has been since a time that is not written yet.
    var next: Stage? = .waiting
    var since = VirtualTime.zero

    var stage: Stage {
      if !isThere { return .absent }
      if isDown { return .down }
      return isPaused ? .paused : isComputing ? .computing : .waiting
    }
  }

  private enum Track {
    static let run: UInt64 = 1
    static let world: UInt64 = 2
    static let rounds: UInt64 = 3
    static let firstAgent: UInt64 = 4
  }

  private var events: TrackEvents
  private let subject: TraceSubject
  private var places: [Place]
  private var names = TraceNames()
  /// Messages that links have doubled and of which neither has come to its end.
  private var doubled: Set<UInt64> = []
  /// Messages in mailboxes that nobody has used: their arrows have ended, whatever becomes of them.
  private var unread: Set<UInt64> = []
  private var latest = VirtualTime.zero
  /// The combination of which nothing is written yet.
  private var combination: Occurrence?

  init(_ subject: TraceSubject, into sink: ByteSink) {
    self.subject = subject
    events = TrackEvents(sink)
    let network = subject.network
    places = Array(repeating: Place(), count: network.nodeCount)
    events.describe(track: Track.run, subject.title, isProcess: true)
    events.describe(track: Track.world, "timeline and conditions", parent: Track.run, rank: 0)
    events.describe(track: Track.rounds, "rounds and measurements", parent: Track.run, rank: 1)
    for (rank, name) in network.names.enumerated() {
      events.describe(
        track: Track.firstAgent + UInt64(rank), name, parent: Track.run, rank: UInt64(rank) + 2)
    }
    events.intern(TraceNames.fixed)
  }

  var count: Int { events.count }

  var trouble: (any Error)? { events.sink.trouble }

  mutating func write(_ occurrences: UnsafeBufferPointer<Occurrence>) {
    for index in 0..<occurrences.count { write(occurrences[index]) }
  }

  mutating func finish() {
    settleCombination(isArrival: false)
    for rank in places.indices {
      places[rank].isThere = false
      change(rank, at: latest)
      settle(rank)
    }
    events.flush()
  }

  private mutating func write(_ occurrence: Occurrence) {
    let isArrival = occurrence.kind == .weighs && occurrence.novelty == .arriving
    settleCombination(isArrival: isArrival)
    latest = occurrence.time
    if isArrival { end(occurrence, .deliver) }
    if occurrence.kind == .weighs, occurrence.novelty == .fresh { unread.remove(flow(occurrence)) }
    switch occurrence.kind {
    case .stepBegins, .stepEnds, .stepDiscarded, .crashes, .recovers, .joins, .leaves, .pauses, .resumes:
      writeLife(occurrence)
    case .changesSpeed, .changes, .changesBack, .cut, .restored, .edgeGoes, .edgeComes: writeWorld(occurrence)
    case .combines: combination = occurrence
    case .weighs, .used, .ends: break
    case .rings: mark(occurrence, .ring)
    case .roundBegins: writeRound(occurrence)
    case .measured: events.event(.instant, at: nanoseconds, on: Track.rounds, name: TraceNames.Fixed.measure.rawValue)
    default: writeMessage(occurrence)
    }
  }

  private var nanoseconds: UInt64 { UInt64(latest.nanoseconds) }

  // MARK: - Agents

  private mutating func writeLife(_ occurrence: Occurrence) {
    let rank = Int(occurrence.agentRank)
    switch occurrence.kind {
    case .stepBegins: places[rank].isComputing = true
    case .stepEnds: places[rank].isComputing = false
    case .stepDiscarded:
      places[rank].isComputing = false
      mark(occurrence, .discarded)
    case .crashes: places[rank].isDown = true
    case .recovers: places[rank].isDown = false
    case .joins: (places[rank].isThere, places[rank].isDown) = (true, false)
    case .leaves: (places[rank].isThere, places[rank].isComputing, places[rank].isDown) = (false, false, false)
    case .pauses: places[rank].isPaused = true
    default: places[rank].isPaused = false
    }
    change(rank, at: occurrence.time)
    switch occurrence.kind {
    case .stepBegins, .stepEnds, .stepDiscarded: break
    default: writeWorld(occurrence)
    }
  }

  /// Has an agent be something else from a time on, which is written when time has passed.
  private mutating func change(_ rank: Int, at time: VirtualTime) {
    let stage = places[rank].stage
    if places[rank].since < time { settle(rank) }
    // A step is a slice of its own also where one ends as the next begins.
    let goesOn = stage == places[rank].open && stage != .computing
    places[rank].next = goesOn ? nil : stage
    places[rank].since = time
  }

  /// Writes down what an agent has been since it last became something else.
  private mutating func settle(_ rank: Int) {
    guard let stage = places[rank].next else { return }
    let (track, time) = (Track.firstAgent + UInt64(rank), UInt64(places[rank].since.nanoseconds))
    if places[rank].open != .absent { events.event(.end, at: time, on: track) }
    if stage != .absent { events.event(.begin, at: time, on: track, name: stage.rawValue) }
    places[rank].open = stage
    places[rank].next = nil
  }

  /// Writes an instant on the track of an agent.
  private mutating func mark(_ rank: UInt32, _ name: UInt64, _ flow: TrackEvents.Flow = .none) {
    if places[Int(rank)].since < latest { settle(Int(rank)) }
    events.event(.instant, at: nanoseconds, on: Track.firstAgent + UInt64(rank), name: name, flow)
  }

  private mutating func mark(_ occurrence: Occurrence, _ name: TraceNames.Fixed) {
    let rank =
      occurrence.agentRank == Occurrence.nobody
      ? subject.network.senders[Int(occurrence.linkRank)].rank : occurrence.agentRank
    mark(rank, name.rawValue)
  }

  /// A combination of what has just arrived is the end of its arrow, and needs no instant of its own.
  private mutating func settleCombination(isArrival: Bool) {
    guard let combination else { return }
    self.combination = nil
    if !isArrival { mark(combination, .combine) }
  }

  // MARK: - Messages

  private mutating func writeMessage(_ occurrence: Occurrence) {
    switch occurrence.kind {
    case .sent: mark(occurrence.agentRank, TraceNames.Fixed.send.rawValue, .passes(flow(occurrence)))
    case .copied: doubled.insert(flow(occurrence))
    // It is the arrow that tells.
    case .starts, .acknowledgementStarts, .inFlightAtEnd, .neverStarted, .unreadAtEnd: break
    case .delivered:
      end(occurrence, .deliver)
      if occurrence.novelty != .arriving { unread.insert(flow(occurrence)) }
    case .replacedUnread:
      unread.remove(flow(occurrence))
      mark(occurrence, .replaced)
    case .overtaken: end(occurrence, .overtaken)
    case .superseded: end(occurrence, .superseded)
    case .late: end(occurrence, .late)
    case .duplicate: end(occurrence, .duplicate)
    case .toDeadAgent:
      // What its receiver forgets in a crash has come to the end of its arrow before.
      if unread.remove(flow(occurrence)) != nil { return mark(occurrence, .toDeadAgent) }
      end(occurrence, .toDeadAgent)
    default: end(occurrence, TraceNames.Fixed(occurrence.loss))
    }
  }

  /// The number of a message's flow.
  private func flow(_ occurrence: Occurrence) -> UInt64 {
    UInt64(occurrence.linkRank) << 40 | (occurrence.number & (1 << 40 - 1))
  }

  /// Ends the arrow of a message; of one that its link has doubled with the second of the two.
  private mutating func end(_ occurrence: Occurrence, _ name: TraceNames.Fixed) {
    let flow = flow(occurrence)
    let isFirstOfTwo = !doubled.isEmpty && doubled.remove(flow) != nil
    mark(occurrence.agentRank, name.rawValue, isFirstOfTwo ? .passes(flow) : .ends(flow))
  }

  // MARK: - Everybody

  private mutating func writeRound(_ occurrence: Occurrence) {
    if occurrence.agent != nil { return mark(occurrence, .round) }
    events.event(.instant, at: nanoseconds, on: Track.rounds, name: TraceNames.Fixed.round.rawValue)
  }

  private mutating func writeWorld(_ occurrence: Occurrence) {
    let network = subject.network
    let place =
      occurrence.link.map {
        "\(network.names[network.senders[$0.index].index]) > \(network.names[network.receivers[$0.index].index])"
      } ?? occurrence.agent.map { network.names[$0.index] } ?? ""
    let cause = subject.causes.name(occurrence.causeNumber).map { "\($0): " } ?? ""
    let (name, isNew) = names.number(of: "\(cause)\(TraceNames.word(occurrence.kind)) \(place)")
    if isNew { events.intern([(name, "\(cause)\(TraceNames.word(occurrence.kind)) \(place)")]) }
    events.event(.instant, at: nanoseconds, on: Track.world, name: name)
  }
}
