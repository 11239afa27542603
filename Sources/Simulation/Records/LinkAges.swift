// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// The age of information of every link: how old the newest estimate is that has come over it.
///
/// An age grows with time and falls when a newer estimate comes, so it is kept by its pieces: one that grows from x to y
/// takes y − x and adds (y² − x²) / 2 to the integral. It is kept from the first delivery on while the receiver is up, and as
/// long as nobody has forgotten what was heard.
///
/// The time that an age was below z is Σ min(z, y) − min(z, x) over all pieces. So a histogram of the ends of pieces, with
/// their number and sum in each bin, tells it at the bounds of bins exactly, and a delivery costs two bins however many the
/// age has gone through.
struct LinkAges: ~Copyable {
  struct State: BitwiseCopyable {
    /// When the newest estimate was made, if one has come.
    var birth = VirtualTime.zero
    var isKnown = false
    /// Whether the receiver is up.
    var isHeeded = true
    /// From when on the age is not yet in the sums.
    var since = VirtualTime.zero
    var time = VirtualDuration.zero
    /// The integral of the age, in square nanoseconds.
    var area = 0.0
    var largest = VirtualDuration.zero
    var peaks: UInt64 = 0
    /// Nanoseconds.
    var peakSum = 0.0
  }

  /// Ends of pieces less their beginnings, in number and in nanoseconds.
  struct Bin: BitwiseCopyable {
    var count: Int64 = 0
    var sum = 0.0
  }

  private let states: Column<State>
  /// By link and bin.
  private let bins: Column<Bin>

  init(links: Int) {
    states = Column(repeating: State(), count: links)
    bins = Column(repeating: Bin(), count: links * AgeBins.count)
  }

  var isOn: Bool { states.count > 0 }

  // MARK: - What happens

  /// An estimate has come over a link whose receiver is up; one that is no newer changes nothing.
  @inline(__always)
  func hear(_ link: LinkID, birth: VirtualTime, at now: VirtualTime) {
    if states[link.index].isKnown {
      guard birth > states[link.index].birth else { return }
      close(link.index, at: now)
      // Also where it was that old for no time, as two come at one instant.
      let peak = now - states[link.index].birth
      states[link.index].peaks &+= 1
      states[link.index].peakSum += Double(peak.nanoseconds)
      states[link.index].largest = max(states[link.index].largest, peak)
    }
    states[link.index].isKnown = true
    states[link.index].birth = birth
    states[link.index].since = now
  }

  /// What has come over a link is forgotten.
  func forget(_ link: Int, at now: VirtualTime) {
    close(link, at: now)
    states[link].isKnown = false
  }

  /// The receiver of links has gone down, or has come up.
  func heed(_ isUp: Bool, on links: Range<Int>, at now: VirtualTime) {
    for link in links {
      if !isUp { close(link, at: now) }
      states[link].isHeeded = isUp
      states[link].since = now
    }
  }

  /// Takes all ages into the sums up to now.
  func close(at now: VirtualTime) {
    for link in 0..<states.count { close(link, at: now) }
  }

  @inline(__always)
  private func close(_ link: Int, at now: VirtualTime) {
    let state = states[link]
    guard state.isKnown, state.isHeeded, now > state.since else { return }
    let (start, end) = (state.since - state.birth, now - state.birth)
    let (least, most) = (Double(start.nanoseconds), Double(end.nanoseconds))
    states[link].time += now - state.since
    states[link].area += (most - least) * (most + least) / 2
    states[link].largest = max(state.largest, end)
    states[link].since = now
    let row = bins.base + link &* AgeBins.count
    let (from, to) = (AgeBins.bin(start), AgeBins.bin(end))
    row[to].count &+= 1
    row[to].sum += most
    row[from].count &-= 1
    row[from].sum -= least
  }

  // MARK: - What is kept

  /// The age over a link; nothing where it was never known for any time.
  func account(of link: Int) -> LinkAge? {
    let state = states[link]
    guard state.time > .zero else { return nil }
    let time = Double(state.time.nanoseconds)
    return LinkAge(
      time: state.time.seconds, mean: state.area / time / 1e9, peaks: state.peaks,
      meanPeak: state.peaks > 0 ? state.peakSum / Double(state.peaks) / 1e9 : nil, largest: state.largest.seconds,
      quantile95: quantile(0.95, of: link) / 1e9)
  }

  /// The age below which it was for so great a share of the time, in nanoseconds: linear between the bounds of bins.
  private func quantile(_ level: Double, of link: Int) -> Double {
    let row = bins.base + link * AgeBins.count
    let (whole, largest) = (Double(states[link].time.nanoseconds), Double(states[link].largest.nanoseconds))
    var (count, sum): (Int64, Double) = (0, 0)
    var (lower, below) = (0.0, 0.0)
    for bin in 0..<AgeBins.count {
      count += row[bin].count
      sum += row[bin].sum
      let upper = min(AgeBins.upperBound(bin), largest)
      // As many pieces end as begin, so of those bounds beyond the bin so many more are ends.
      let time = upper == largest ? whole : sum - upper * Double(count)
      if time >= level * whole {
        return time > below ? lower + (upper - lower) * (level * whole - below) / (time - below) : upper
      }
      (lower, below) = (upper, time)
    }
    return largest
  }

  /// Bytes that it holds.
  var bytesHeld: Int { states.count * Self.bytesPerLink }

  /// Bytes of each link.
  static var bytesPerLink: Int { MemoryLayout<State>.stride + AgeBins.count * MemoryLayout<Bin>.stride }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("ages of links", states)
    try memory.column("histograms of ages", bins)
  }
}
