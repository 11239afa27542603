// SPDX-License-Identifier: GPL-3.0-or-later

/// Packets of the TrackEvent format, which the trace viewer Perfetto opens: a few fields of protocol buffers, written by hand.
///
/// Source: `protos/perfetto/trace/trace_packet.proto`, `track_event/track_event.proto`, `track_descriptor.proto` and
/// `interned_data/interned_data.proto` of perfetto.dev; the numbers below are the numbers of fields there.
struct TrackEvents {
  /// What an event does on its track.
  enum Kind: UInt8 {
    case begin = 1
    case end = 2
    case instant = 3
  }

  /// What an event has to do with a flow, which is drawn as an arrow from event to event.
  enum Flow {
    case none
    /// The flow begins here or goes on.
    case passes(UInt64)
    case ends(UInt64)
  }

  /// The first packet of every file: of the one sequence that it has, whose names begin anew.
  static let start: [UInt8] = [0x0A, 4, 0x50, 1, 0x68, 1]

  private(set) var sink: ByteSink
  private(set) var count = 0

  init(_ sink: ByteSink) {
    self.sink = sink
    self.sink.append(Self.start)
    count = 1
  }

  mutating func flush() { sink.flush() }

  // MARK: - Packets that describe

  /// Names a track.
  ///
  /// - Parameters:
  ///   - parent: the number of the track that it is shown below.
  ///   - isProcess: whether it is a group of tracks, which viewers show as a process.
  mutating func describe(
    track: UInt64, _ name: String, parent: UInt64? = nil, rank: UInt64 = 0, isProcess: Bool = false
  ) {
    var descriptor = ProtobufMessage()
    descriptor.put(1, track)
    descriptor.put(2, name)
    if isProcess {
      var process = ProtobufMessage()
      process.put(1, 1)
      process.put(6, name)
      descriptor.put(3, process)
      // Tracks below stand in the order of their ranks.
      descriptor.put(11, 3)
    }
    if let parent {
      descriptor.put(5, parent)
      descriptor.put(12, rank)
    }
    write(60, descriptor)
  }

  /// Gives names of events numbers, which events say instead.
  mutating func intern(_ names: [(number: UInt64, name: String)]) {
    var data = ProtobufMessage()
    for (number, name) in names {
      var event = ProtobufMessage()
      event.put(1, number)
      event.put(2, name)
      data.put(2, event)
    }
    write(12, data)
  }

  private mutating func write(_ field: Int, _ message: ProtobufMessage) {
    var packet = ProtobufMessage()
    packet.put(10, 1)
    packet.put(13, 2)
    packet.put(field, message)
    var trace = ProtobufMessage()
    trace.put(1, packet)
    sink.append(trace.bytes)
    count += 1
  }

  // MARK: - Events

  /// Writes an event. The packet is shorter than 128 bytes, so its lengths take a byte each, which are filled in at its end.
  ///
  /// - Parameters:
  ///   - time: in nanoseconds.
  ///   - name: its number; 0 for the end of a slice, which has the name that it began with.
  mutating func event(_ kind: Kind, at time: UInt64, on track: UInt64, name: UInt64 = 0, _ flow: Flow = .none) {
    sink.begin(128)
    sink.put(0x0A)
    sink.put(0)
    let packet = sink.count
    sink.put(8 << 3)
    put(time)
    sink.put(0x50)
    sink.put(1)
    // The names of the sequence are needed.
    sink.put(0x68)
    sink.put(2)
    sink.put(11 << 3 | 2)
    sink.put(0)
    let event = sink.count
    sink.put(9 << 3)
    sink.put(kind.rawValue)
    sink.put(11 << 3)
    put(track)
    if name > 0 {
      sink.put(10 << 3)
      put(name)
    }
    switch flow {
    case .none: break
    case .passes(let number): put(tag: 47 << 3 | 1, fixed: number)
    case .ends(let number): put(tag: 48 << 3 | 1, fixed: number)
    }
    sink.setByte(event - 1, to: UInt8(sink.count - event))
    sink.setByte(packet - 1, to: UInt8(sink.count - packet))
    count += 1
  }

  @inline(__always)
  private mutating func put(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      sink.put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    sink.put(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func put(tag: UInt64, fixed number: UInt64) {
    put(tag)
    for shift in stride(from: 0, to: 64, by: 8) { sink.put(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }
}

/// A message of protocol buffers in the making, for what is written once.
private struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func put(_ field: Int, _ number: UInt64) {
    varint(UInt64(field << 3))
    varint(number)
  }

  mutating func put(_ field: Int, _ text: String) { put(field, Array(text.utf8)) }

  mutating func put(_ field: Int, _ message: ProtobufMessage) { put(field, message.bytes) }

  private mutating func put(_ field: Int, _ content: [UInt8]) {
    varint(UInt64(field << 3 | 2))
    varint(UInt64(content.count))
    bytes += content
  }
}
