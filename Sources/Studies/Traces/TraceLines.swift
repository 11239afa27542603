// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Quantities
import Simulation

extension TraceFormat {
  /// A JSON object for each thing that happens, a line each (docs/traces.md).
  package static let lines = TraceFormat(
    name: "JSON Lines", suffix: "", unit: "line",
    // Traces of earlier versions began otherwise.
    starts: [Array(TraceLines.start.utf8), Array("{\"time\":".utf8)],
    make: { TraceLines($0, into: $1) })
}

/// What happens in a run as lines of JSON.
struct TraceLines: TraceWriter {
  /// How every line begins.
  static let start = "{\"t\":"

  private var sink: ByteSink
  private(set) var count = 0
  private let subject: TraceSubject
  /// The names of nodes, and sender and receiver of each link, as values of JSON.
  private let nodes: TextTable
  private let links: TextTable
  private let senders: [UInt32]
  private var numbers = DecimalTexts()
  /// The names of causes so far, in the same way.
  private var causes: [[UInt8]] = []
  private var blame: TraceBlame
  /// What makes one line with what comes next, if that is of the same message or step.
  private var held: Occurrence?
  /// How many estimates of a combination are still to come.
  private var partsLeft: UInt32 = 0

  init(_ subject: TraceSubject, into sink: ByteSink) {
    self.subject = subject
    self.sink = sink
    let network = subject.network
    let names = network.names.map(Self.quoted)
    nodes = TextTable(names)
    links = TextTable(
      (0..<network.linkCount).map {
        "[\(names[network.senders[$0].index]),\(names[network.receivers[$0].index])]"
      })
    senders = (0..<network.linkCount).map { network.senders[$0].rank }
    blame = TraceBlame(network)
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return visibleJSON(String(decoding: data, as: UTF8.self))
  }

  var trouble: (any Error)? { sink.trouble }

  mutating func write(_ occurrences: UnsafeBufferPointer<Occurrence>) {
    for index in 0..<occurrences.count { write(occurrences[index]) }
  }

  mutating func finish() {
    if let held { writeLine(held) }
    held = nil
    sink.flush()
  }

  private mutating func write(_ occurrence: Occurrence) {
    if let first = held {
      held = nil
      let isSame =
        first.linkRank == occurrence.linkRank && first.agentRank == occurrence.agentRank
        && first.number == occurrence.number
      if isSame, first.kind == .sent, occurrence.kind == .starts { return writeSending(occurrence, isAtOnce: true) }
      if isSame, first.kind == .stepBegins, occurrence.kind == .stepEnds, first.time == occurrence.time {
        return writeStep(occurrence, ",\"what\":\"at-once\"")
      }
      writeLine(first)
    }
    switch occurrence.kind {
    case .sent, .stepBegins: held = occurrence
    default: writeLine(occurrence)
    }
  }

  // MARK: - Lines

  private mutating func writeLine(_ occurrence: Occurrence) {
    switch occurrence.kind {
    case .sent: writeSending(occurrence, isAtOnce: false)
    case .starts: writeMessage("start", occurrence)
    case .copied: writeMessage("send", occurrence, more: ",\"what\":\"copy\"")
    case .acknowledgementStarts: writeMessage("send", occurrence, more: ",\"what\":\"acknowledgement\"")
    case .delivered:
      writeMessage("deliver", occurrence, more: occurrence.novelty == .arriving ? ",\"fate\":\"used\"" : "")
    // The combination says it.
    case .used: break
    case .lost: writeLoss(occurrence)
    case .replacedUnread: writeMessage("drop", occurrence, more: ",\"fate\":\"replaced-unread\"")
    case .unreadAtEnd: writeMessage("drop", occurrence, more: ",\"fate\":\"unread-at-end\"")
    case .overtaken: writeMessage("drop", occurrence, more: ",\"fate\":\"overtaken\"")
    case .superseded: writeMessage("drop", occurrence, more: ",\"fate\":\"superseded\"")
    case .late: writeMessage("drop", occurrence, more: ",\"fate\":\"late\"")
    case .duplicate: writeMessage("drop", occurrence, more: ",\"fate\":\"duplicate\"")
    case .inFlightAtEnd: writeMessage("drop", occurrence, more: ",\"fate\":\"in-flight-at-end\"")
    case .neverStarted: writeMessage("drop", occurrence, more: ",\"fate\":\"never-started\"")
    case .toDeadAgent: writeDeadEnd(occurrence)
    case .combines: writeCombination(occurrence)
    case .weighs: writePart(occurrence)
    case .stepBegins: writeStep(occurrence, ",\"what\":\"begins\"")
    case .stepEnds: writeStep(occurrence, ",\"what\":\"ends\"")
    case .stepDiscarded: writeStep(occurrence, ",\"what\":\"discarded\"")
    case .rings: writePlace("ring", occurrence)
    case .roundBegins: writeRound(occurrence)
    case .measured: writePlace("measure", occurrence)
    case .ends: writePlace("end", occurrence)
    default: writeChange(occurrence)
    }
  }

  /// Of a change of the world, which has a cause.
  private mutating func writeChange(_ occurrence: Occurrence) {
    blame.hear(occurrence)
    switch occurrence.kind {
    case .crashes: writePlace("crash", occurrence, hasCause: true)
    case .recovers: writePlace("recover", occurrence, hasCause: true)
    case .joins: writePlace("join", occurrence, hasCause: true)
    case .leaves: writePlace("leave", occurrence, hasCause: true)
    case .pauses: writePlace("pause", occurrence, hasCause: true)
    case .resumes: writePlace("resume", occurrence, hasCause: true)
    case .changesSpeed: writePlace("slow", occurrence, factor: occurrence.value, hasCause: true)
    case .cut: writePlace("cut", occurrence, hasCause: true)
    case .restored: writePlace("restore", occurrence, hasCause: true)
    case .edgeGoes: writePlace("change", occurrence, ",\"what\":\"edge-goes\"", hasCause: true)
    case .edgeComes: writePlace("change", occurrence, ",\"what\":\"edge-comes\"", hasCause: true)
    case .changes: writePlace("change", occurrence, ",\"what\":\"begins\"", hasCause: true)
    case .changesBack: writePlace("change", occurrence, ",\"what\":\"ends\"", hasCause: true)
    default: preconditionFailure("What is no change of the world has a line of its own.")
    }
  }

  @inline(__always)
  private mutating func begin(_ event: StaticString, at time: VirtualTime) {
    count += 1
    sink.append("{\"t\":")
    appendTime(time)
    sink.append(",\"event\":\"")
    sink.append(event)
    sink.append("\"")
  }

  @inline(__always)
  private mutating func end() { sink.append("}\n") }

  private mutating func appendTime(_ instant: VirtualTime) {
    sink.append(seconds: UInt64(instant.nanoseconds))
  }

  private mutating func writePlace(
    _ event: StaticString, _ occurrence: Occurrence, _ more: StaticString = "", factor: Double? = nil,
    hasCause: Bool = false
  ) {
    begin(event, at: occurrence.time)
    if let agent = occurrence.agent { appendAgent(agent) }
    if let link = occurrence.link { appendLink(link) }
    sink.append(more)
    if let factor {
      sink.append(",\"factor\":")
      append(factor)
    }
    if hasCause { appendCause(",\"cause\":", occurrence.causeNumber) }
    end()
  }

  private mutating func writeStep(_ occurrence: Occurrence, _ what: StaticString) {
    begin("step", at: occurrence.time)
    appendAgent(NodeID(rank: occurrence.agentRank))
    sink.append(what)
    end()
  }

  private mutating func writeRound(_ occurrence: Occurrence) {
    begin("round", at: occurrence.time)
    if let agent = occurrence.agent { appendAgent(agent) }
    sink.append(",\"number\":")
    sink.append(decimal: occurrence.number)
    end()
  }

  // MARK: - Messages

  private mutating func writeSending(_ occurrence: Occurrence, isAtOnce: Bool) {
    beginMessage("send", occurrence)
    if isAtOnce { appendBytes(occurrence) }
    end()
  }

  private mutating func writeMessage(_ event: StaticString, _ occurrence: Occurrence, more: StaticString = "") {
    beginMessage(event, occurrence)
    sink.append(more)
    if occurrence.bytes != nil { appendBytes(occurrence) }
    end()
  }

  @inline(__always)
  private mutating func beginMessage(_ event: StaticString, _ occurrence: Occurrence) {
    begin(event, at: occurrence.time)
    appendLink(LinkID(rank: occurrence.linkRank))
    sink.append(",\"number\":")
    sink.append(decimal: occurrence.number)
  }

  private mutating func appendBytes(_ occurrence: Occurrence) {
    sink.append(",\"bytes\":")
    sink.append(decimal: UInt64(occurrence.size))
  }

  private mutating func writeLoss(_ occurrence: Occurrence) {
    beginMessage("lose", occurrence)
    sink.append(",\"fate\":\"lost\"")
    switch occurrence.loss {
    case .noise?: sink.append(",\"cause\":\"noise\"")
    case .burst?: sink.append(",\"cause\":\"burst\"")
    case .cut?: sink.append(",\"cause\":\"cut\"")
    case .edgeGone?: sink.append(",\"cause\":\"edge-gone\"")
    case .senderCrashed?: sink.append(",\"cause\":\"sender-crashed\"")
    case nil: break
    }
    appendCause(",\"by\":", blame.culprit(of: occurrence))
    end()
  }

  private mutating func writeDeadEnd(_ occurrence: Occurrence) {
    beginMessage("drop", occurrence)
    sink.append(",\"fate\":\"to-dead-agent\"")
    let culprit = blame.culprit(of: occurrence)
    if culprit == 0 { sink.append(",\"cause\":\"asleep\"") } else { appendCause(",\"cause\":", culprit) }
    end()
  }

  // MARK: - Combinations

  private mutating func writeCombination(_ occurrence: Occurrence) {
    begin("combine", at: occurrence.time)
    appendAgent(NodeID(rank: occurrence.agentRank))
    if !occurrence.value.isNaN {
      sink.append(",\"own\":")
      append(occurrence.value)
    }
    partsLeft = occurrence.size
    sink.append(",\"of\":[")
    if partsLeft == 0 { endCombination() }
  }

  private mutating func writePart(_ occurrence: Occurrence) {
    sink.append("{\"from\":")
    sink.append(nodes[senders[Int(occurrence.linkRank)]])
    if occurrence.number > 0 {
      sink.append(",\"number\":")
      sink.append(decimal: occurrence.number)
    }
    sink.append(",\"weight\":")
    append(occurrence.value)
    // What was there before the start, or came in several messages, has no birth of its own.
    if occurrence.number > 0 {
      sink.append(",\"birth\":")
      appendTime(occurrence.birth)
    }
    switch occurrence.novelty {
    case .old: break
    case .fresh: sink.append(",\"fresh\":true")
    case .arriving: sink.append(",\"arrives\":true")
    }
    partsLeft -= 1
    if partsLeft == 0 {
      sink.append("}")
      endCombination()
    } else {
      sink.append("},")
    }
  }

  private mutating func endCombination() { sink.append("]}\n") }

  // MARK: - Values

  @inline(__always)
  private mutating func appendAgent(_ node: NodeID) {
    sink.append(",\"agent\":")
    sink.append(nodes[node.rank])
  }

  @inline(__always)
  private mutating func appendLink(_ link: LinkID) {
    sink.append(",\"link\":")
    sink.append(links[link.rank])
  }

  private mutating func append(_ value: Double) { numbers.withText(of: value) { sink.append($0) } }

  private mutating func appendCause(_ key: StaticString, _ number: UInt16) {
    guard number > 0 else { return }
    while causes.count < number {
      causes.append(Array(Self.quoted(subject.causes.name(UInt16(causes.count + 1)) ?? "").utf8))
    }
    sink.append(key)
    sink.append(causes[Int(number) - 1])
  }
}
