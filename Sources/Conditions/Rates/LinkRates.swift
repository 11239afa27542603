// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// What links carry where it differs between them or changes in time. A transmission ends when the integral of the rate
/// equals its size, at a whole nanosecond, rounded up.
///
/// Rates count in millionths of a byte a second, so that a byte is 10¹⁵ of what passes in a nanosecond at rate one, and all
/// sums are whole numbers: what is equal on paper ends at one nanosecond.
struct LinkRates: ~Copyable {
  private static var unitsPerByte: UInt128 { 1_000_000_000_000_000 }

  /// What holds where a set holds.
  struct Source: BitwiseCopyable {
    /// Of all links, unless there are numbers by link.
    var rate: UInt64 = 0
    /// Where its numbers by link begin, or −1.
    var numbers = -1
    /// The number of its trace, or −1.
    var trace = -1
    /// Whether links have no limit.
    var isUnlimited = false
  }

  private let inPlace = InPlace()
  private let sources: Column<Source>
  private let numbers: Column<UInt64>
  private let traces: LinkFunctions
  private let windows: LinkWindows

  /// - Parameter sets: what links carry by the number of the set; nothing for links without a limit.
  init(_ sets: [LinkBandwidths?], windows: [[LinkWindow]]) {
    var (sources, numbers, traces) = ([Source](), [UInt64](), [LinkSeries]())
    for set in sets {
      var source = Source()
      if let set {
        if let trace = set.trace {
          source.trace = traces.count
          traces.append(trace)
        } else if set.rates.isSame {
          source.rate = Self.units(set.rates[0])
        } else {
          source.numbers = numbers.count
          numbers += set.rates.values.map(Self.units)
        }
      } else {
        source.isUnlimited = true
      }
      sources.append(source)
    }
    self.sources = Column(sources)
    self.numbers = Column(numbers)
    self.traces = LinkFunctions(traces)
    self.windows = LinkWindows(windows)
  }

  /// Bytes a second in whole millionths, the nearest number.
  static func units(_ bytesPerSecond: Double) -> UInt64 { UInt64(min(bytesPerSecond * 1e6, 1e19).rounded()) }

  /// What a link carries at a time, nothing where it has no limit, and until when.
  private func segment(_ link: Int, at time: Int64) -> (rate: UInt64?, until: Int64, source: Source, windowEnd: Int64) {
    let holding = windows.holding(link, at: time)
    let (source, end) = (sources[holding.set], holding.until)
    if source.isUnlimited { return (nil, end, source, end) }
    if source.trace >= 0 {
      let (value, until) = traces.step(source.trace, link, at: time)
      return (value == LinkSeries.unlimitedRate ? nil : Self.units(value), min(until, end), source, end)
    }
    return (source.numbers < 0 ? source.rate : numbers[source.numbers + link], end, source, end)
  }

  /// When a link carries something again; now where it does.
  func resumption(_ link: Int, at now: VirtualTime) -> VirtualTime {
    var time = now.nanoseconds
    let (rate, until, source, windowEnd) = segment(link, at: time)
    guard rate == 0 else { return now }
    time = until
    var (turn, end) = (end(ofTurn: source, from: now.nanoseconds), windowEnd)
    while time < .max {
      let next = segment(link, at: time)
      if next.rate != 0 { return VirtualTime(nanoseconds: time) }
      if next.windowEnd != end { (turn, end) = (self.end(ofTurn: next.source, from: time), next.windowEnd) }
      // A trace that has begun again without a value above zero has none.
      time = next.until > turn ? next.windowEnd : next.until
    }
    return .never
  }

  /// How long it takes to transmit so many bytes from now on.
  func service(_ link: Int, bytes: UInt64, at now: VirtualTime) -> VirtualDuration {
    var left = UInt128(bytes) * Self.unitsPerByte
    var time = now.nanoseconds
    var turn: Turn?
    while left > 0 {
      let next = segment(link, at: time)
      guard let rate = next.rate else { break }
      let span = UInt128(next.until - time)
      if rate > 0, (left + UInt128(rate) - 1) / UInt128(rate) <= span {
        time += Int64((left + UInt128(rate) - 1) / UInt128(rate))
        break
      }
      left -= UInt128(rate) * span
      time = next.until
      if time == .max { return .forever }
      if time == next.windowEnd {
        turn = nil
      } else if let begun = turn, time == begun.end {
        skipTurns(&time, &left, carried: begun.left - left, recycle: begun.recycle, until: next.windowEnd)
        if time == .max { return .forever }
      } else if turn == nil, next.source.trace >= 0, let recycle = traces.recycle(next.source.trace) {
        turn = Turn(end: end(ofTurn: next.source, from: time), left: left, recycle: recycle)
      }
    }
    return VirtualDuration(nanoseconds: time - now.nanoseconds)
  }

  /// A turn of a trace that begins again, from one of its steps to the same step of the next turn.
  private struct Turn {
    let end: Int64
    /// What was left to transmit when it began.
    let left: UInt128
    let recycle: Int64
  }

  /// When a trace that begins again has gone through all its values once.
  private func end(ofTurn source: Source, from time: Int64) -> Int64 {
    guard source.trace >= 0, let recycle = traces.recycle(source.trace) else { return .max }
    let (sum, overflows) = time.addingReportingOverflow(recycle)
    return overflows ? .max : sum
  }

  /// Passes over whole turns of a trace, of which each carries as much as the one that has ended.
  private func skipTurns(
    _ time: inout Int64, _ left: inout UInt128, carried: UInt128, recycle: Int64, until windowEnd: Int64
  ) {
    guard carried > 0 else {
      time = windowEnd
      return
    }
    let turns = min((left - 1) / carried, UInt128((windowEnd - time) / recycle))
    time += Int64(turns) * recycle
    left -= turns * carried
  }
}
