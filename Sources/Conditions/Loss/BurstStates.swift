// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// A state of a burst as far as it was asked for.
struct BurstState: BitwiseCopyable {
  var isBad = false
  /// When what brought the burst began, in nanoseconds; −1 before anybody has asked.
  var epoch: Int64 = -1
  /// Of the present sojourn, from one.
  var sojourn: UInt64 = 0
  /// When the present sojourn ends; or the number of the latest message that has moved the state, 0 before the first.
  var reach: UInt64 = 0
}

/// The states of bursts on all links: functions of time, or of the number of a message, that can be asked in the order of
/// either. What is asked moves a cursor over keyed sojourns and draws nothing twice.
///
/// Both begin stationary with what brought them.
///
/// *Randomness*: `burstState` of the link at the number of the message, the first number from 1 on; `burstSojourn` of
/// whoever shares the state, one draw for each sojourn at its number, at 0 the first state.
struct BurstStates: ~Copyable {
  private let inPlace = InPlace()
  private let law: BurstLaw
  private let isInMessages: Bool
  private let goodToBad: Double
  private let staysBad: Double
  private let good: Distribution
  private let bad: Distribution
  private let residualGood: ResidualTime
  private let residualBad: ResidualTime
  private let states: Column<BurstState>
  private let keys: Column<StreamKey>
  /// Who shares the state of each link; empty where every link has its own.
  private let sharers: Column<UInt32>

  /// - Parameters:
  ///   - attempt: tells the bursts of one scenario apart.
  ///   - brought: the name of the event that brings the burst, where one does.
  init(
    _ law: BurstLaw, network: Network, seed: UInt64, replication: UInt32, attempt: UInt32, by event: String? = nil
  ) {
    self.law = law
    isInMessages = law.isInMessages
    switch law.course {
    case .messages(let goodToBad, let badToGood):
      (self.goodToBad, staysBad) = (goodToBad, 1 - badToGood)
      (good, bad) = (.constant(1), .constant(1))
    case .time(let good, let bad):
      (goodToBad, staysBad) = (0, 0)
      (self.good, self.bad) = (good, bad)
    }
    residualGood = ResidualTime(of: good)
    residualBad = ResidualTime(of: bad)
    let family = StreamFamily(
      seed: seed, replication: replication, purpose: law.isInMessages ? .burstState : .burstSojourn)
    let eventKey = event.map { EntityKey($0) }
    var ownKeys = [StreamKey?](repeating: nil, count: law.scope.sharers(in: network))
    var sharers: [UInt32] = []
    for link in 0..<network.linkCount {
      let (number, entity) = law.scope.sharer(of: LinkID(link), in: network)
      sharers.append(UInt32(number))
      if ownKeys[number] == nil {
        let key = family.key(eventKey.map { EntityKey(from: $0, to: entity) } ?? entity)
        ownKeys[number] = key.attempt(attempt)
      }
    }
    keys = Column(
      ownKeys.map { $0 ?? StreamKey(seed: seed, replication: replication, purpose: .burstState, entity: "") })
    states = Column(repeating: BurstState(), count: ownKeys.count)
    self.sharers = Column(law.scope == .link ? [] : sharers)
  }

  @inline(__always)
  private func place(of link: Int) -> Int { sharers.count == 0 ? link : Int(sharers[link]) }

  /// Whether a link is in its bad state for a message whose transmission starts.
  ///
  /// - Parameters:
  ///   - number: of the message on its link, from one; 0 for an acknowledgement, which meets the state as it is.
  ///   - epoch: when what brought the burst began.
  ///   - occurrence: how often it had come before.
  func isBad(_ link: Int, number: UInt64, at now: VirtualTime, epoch: Int64, occurrence: Int) -> Bool {
    let place = place(of: link)
    let key = occurrence == 0 ? keys[place] : keys[place].attempt(UInt32(truncatingIfNeeded: occurrence) << 8)
    return isInMessages ? move(place, key, to: number, epoch) : move(place, key, until: now.nanoseconds, epoch)
  }

  // MARK: - In messages

  private func move(_ place: Int, _ key: StreamKey, to number: UInt64, _ epoch: Int64) -> Bool {
    var state = states[place]
    if state.epoch != epoch {
      // The first message that was offered meets the stationary state, whether it ever started or not.
      let first = epoch == 0 || number == 0 ? 1 : number
      state = BurstState(isBad: key.uniform(at: first) < law.share, epoch: epoch, reach: 0)
      if number > 0 { state.reach = first }
    }
    if state.reach == 0, number > 0 { state.reach = epoch == 0 ? 1 : number }
    while state.reach < number {
      state.reach += 1
      state.isBad = key.uniform(at: state.reach) < (state.isBad ? staysBad : goodToBad)
    }
    states[place] = state
    return state.isBad
  }

  // MARK: - In time

  private func move(_ place: Int, _ key: StreamKey, until now: Int64, _ epoch: Int64) -> Bool {
    if states[place].epoch == epoch, now < Int64(states[place].reach) { return states[place].isBad }
    var state = states[place]
    if state.epoch != epoch { state = stationary(key, epoch) }
    while Int64(state.reach) <= now {
      state.isBad.toggle()
      state.sojourn += 1
      let seconds = (state.isBad ? bad : good).sample(key, at: state.sojourn)
      state.reach = end(of: VirtualDuration(seconds: seconds), from: Int64(state.reach))
    }
    states[place] = state
    return state.isBad
  }

  /// The state as it is found when what brought it begins.
  private func stationary(_ key: StreamKey, _ epoch: Int64) -> BurstState {
    let isBad = key.uniform(at: 0) < law.share
    let rest = (isBad ? residualBad : residualGood).quantile(key.uniform(at: 1))
    return BurstState(
      isBad: isBad, epoch: epoch, sojourn: 1, reach: end(of: VirtualDuration(seconds: rest), from: epoch))
  }

  /// The last nanosecond that there is stands for never.
  private func end(of duration: VirtualDuration, from start: Int64) -> UInt64 {
    let (sum, overflows) = start.addingReportingOverflow(duration.nanoseconds)
    return UInt64(overflows ? .max : sum)
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("states of bursts", states)
  }
}
