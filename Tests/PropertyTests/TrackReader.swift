// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// Reads a trace of packets, by itself, and checks what viewers rely on: names and tracks are described before they are used,
/// time never goes back on a track, slices begin and end in turn, and flows end that have begun, once.
struct TrackReader {
  private(set) var faults: [String] = []
  private(set) var packetCount = 0
  private var names: [UInt64: String] = [:]
  private var tracks: [UInt64: String] = [:]
  /// The latest time on each track, and the slice that is open there.
  private var latest: [UInt64: UInt64] = [:]
  private var open: [UInt64: (name: String, since: UInt64)] = [:]
  /// Nanoseconds of slices, by the name of the track and their own.
  private var sums: [String: [String: UInt64]] = [:]
  private var flows: Set<UInt64> = []
  private var ended: Set<UInt64> = []
  private var begun = 0

  init(_ bytes: [UInt8]) {
    var trace = ProtobufReader(bytes[...])
    while let (field, value) = trace.next() {
      guard field == 1, case .bytes(let packet) = value else {
        faults.append("no packet")
        return
      }
      packetCount += 1
      read(packet)
    }
    if !trace.isWhole { faults.append("the last packet is broken") }
    for (track, slice) in open { faults.append("\(slice.name) of \(tracks[track] ?? "") never ends") }
  }

  private mutating func read(_ packet: ArraySlice<UInt8>) {
    let fields = ProtobufReader.fields(packet)
    if fields[10] != .number(1) { faults.append("packet \(packetCount) is of no sequence") }
    if packetCount == 1, fields[13] != .number(1) { faults.append("names do not begin anew") }
    if case .bytes(let descriptor)? = fields[60] { describe(ProtobufReader.fields(descriptor)) }
    if case .bytes(let data)? = fields[12] { intern(data) }
    if case .bytes(let event)? = fields[11], case .number(let time)? = fields[8] {
      read(ProtobufReader.fields(event), at: time)
    }
  }

  private mutating func describe(_ descriptor: [Int: ProtobufReader.Value]) {
    guard case .number(let track)? = descriptor[1], case .bytes(let name)? = descriptor[2] else {
      return faults.append("a track without number or name")
    }
    if tracks.updateValue(String(decoding: name, as: UTF8.self), forKey: track) != nil {
      faults.append("two tracks have the number \(track)")
    }
    if case .number(let parent)? = descriptor[5], tracks[parent] == nil { faults.append("a track below none") }
  }

  private mutating func intern(_ data: ArraySlice<UInt8>) {
    var reader = ProtobufReader(data)
    while let (field, value) = reader.next() {
      guard field == 2, case .bytes(let entry) = value else { continue }
      let fields = ProtobufReader.fields(entry)
      guard case .number(let number)? = fields[1], case .bytes(let name)? = fields[2] else { continue }
      if names.updateValue(String(decoding: name, as: UTF8.self), forKey: number) != nil {
        faults.append("two names have the number \(number)")
      }
    }
  }

  private mutating func read(_ event: [Int: ProtobufReader.Value], at time: UInt64) {
    guard case .number(let track)? = event[11], let title = tracks[track], case .number(let kind)? = event[9] else {
      return faults.append("an event on no track")
    }
    if time < latest[track] ?? 0 { faults.append("time goes back on \(title) at \(time)") }
    latest[track] = time
    var name: String?
    if case .number(let number)? = event[10] { name = names[number] }
    if kind != 2, name == nil { faults.append("an event on \(title) without a name") }
    switch kind {
    case 1:
      if let slice = open[track] { faults.append("\(slice.name) goes on as \(name ?? "") begins on \(title)") }
      open[track] = (name ?? "", time)
    case 2:
      guard let slice = open.removeValue(forKey: track) else { return faults.append("nothing ends on \(title)") }
      if slice.since == time { faults.append("\(slice.name) takes no time on \(title)") }
      sums[title, default: [:]][slice.name, default: 0] += time - slice.since
    default: break
    }
    follow(event, name)
  }

  private mutating func follow(_ event: [Int: ProtobufReader.Value], _ name: String?) {
    if case .number(let flow)? = event[47] {
      if name == "send" {
        begun += 1
        if !flows.insert(flow).inserted { faults.append("flow \(flow) begins twice") }
      } else if !flows.contains(flow) || ended.contains(flow) {
        faults.append("flow \(flow) goes on that is not under way")
      }
    }
    if case .number(let flow)? = event[48] {
      if !flows.contains(flow) { faults.append("flow \(flow) ends that never began") }
      if !ended.insert(flow).inserted { faults.append("flow \(flow) ends twice") }
    }
  }

  /// What is on tracks beside what the run says of itself.
  func faults(of record: RunRecord) -> [String] {
    var faults: [String] = []
    let fates = record.messages
    if UInt64(begun) != fates.sent - fates.copies { faults.append("\(begun) arrows of \(fates.sent - fates.copies)") }
    for agent in record.agents {
      let slices = sums[agent.name] ?? [:]
      func seconds(_ names: String...) -> Double { Double(names.reduce(0) { $0 + (slices[$1] ?? 0) }) / 1e9 }
      let pairs: [(String, Double, Double)] = [
        ("computes", seconds("compute"), agent.useful + agent.wasted + agent.unfinished),
        ("is down", seconds("down"), agent.down), ("waits", seconds("wait", "paused"), agent.waiting),
      ]
      for (what, written, expected) in pairs where abs(written - expected) > 1e-9 * (1 + expected) {
        faults.append("\(agent.name) \(what) \(written) of \(expected) s")
      }
    }
    return faults
  }
}

/// Reads the fields of a message of protocol buffers.
private struct ProtobufReader {
  enum Value: Equatable {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>
  /// Whether what has been read so far was whole.
  private(set) var isWhole = true

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The fields of a message; of one that comes again the last.
  static func fields(_ bytes: ArraySlice<UInt8>) -> [Int: Value] {
    var reader = ProtobufReader(bytes)
    var fields: [Int: Value] = [:]
    while let (field, value) = reader.next() { fields[field] = value }
    return reader.isWhole ? fields : [:]
  }

  mutating func next() -> (field: Int, value: Value)? {
    guard !rest.isEmpty, let tag = varint() else { return nil }
    switch tag & 7 {
    case 0:
      guard let number = varint() else { return nil }
      return (Int(tag >> 3), .number(number))
    case 1:
      guard let bytes = take(8) else { return nil }
      return (Int(tag >> 3), .number(bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }))
    case 2:
      guard let length = varint(), let bytes = take(Int(length)) else { return nil }
      return (Int(tag >> 3), .bytes(bytes))
    default:
      isWhole = false
      return nil
    }
  }

  private mutating func varint() -> UInt64? {
    var (number, shift): (UInt64, UInt64) = (0, 0)
    while let byte = rest.popFirst() {
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    isWhole = false
    return nil
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard rest.count >= count else {
      isWhole = false
      return nil
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
