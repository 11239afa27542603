// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// What a run tells its observer. A verb asks one field whether there is anybody.
extension RunState {
  /// Whether somebody hears what happens.
  @inline(__always)
  var isObserved: Bool { tape != nil }

  /// Takes note of why the world changes now.
  @inline(__always)
  func blame(_ cause: @autoclosure () -> String) {
    if timeRecord.isOn { timeRecord.blame(cause()) }
    if isObserved, let observer { tape?.pointee.cause = observer.causes.number(of: cause()) }
  }

  /// Tells that something has happened to an agent.
  @inline(__always)
  func tell(_ kind: Occurrence.Kind, _ node: NodeID?) {
    if isObserved { write(kind, node?.rank ?? Occurrence.nobody) }
  }

  /// Tells that an agent has another speed.
  func tell(_ kind: Occurrence.Kind, _ node: NodeID, slowdown: Double) {
    if isObserved { write(kind, node.rank, value: slowdown) }
  }

  /// Tells that a round or slot begins, for an agent or for all.
  @inline(__always)
  func tellRound(_ number: UInt64, of node: NodeID? = nil) {
    if isObserved { write(.roundBegins, node?.rank ?? Occurrence.nobody, number: number) }
  }

  /// Tells that something has happened with a message.
  @inline(__always)
  func tell(_ kind: Occurrence.Kind, _ number: UInt64, on link: LinkID, bytes: UInt32 = 0) {
    if isObserved { write(kind, end(of: link, where: kind), link.rank, number, size: bytes) }
  }

  /// Tells that something has happened to a link.
  @inline(__always)
  func tell(_ kind: Occurrence.Kind, on link: LinkID) {
    if isObserved { write(kind, Occurrence.nobody, link.rank) }
  }

  /// Tells that a message is lost, and why.
  @inline(__always)
  func tellLoss(_ cause: LossCause, _ number: UInt64, on link: LinkID) {
    if isObserved {
      write(.lost, end(of: link, where: .lost), link.rank, number, detail: Occurrence.detail(cause))
    }
  }

  /// Tells that a message has come to its receiver, and is used as soon as that adds what has come.
  func tellDelivery(of message: Message, isUsed: Bool) {
    guard isObserved else { return }
    let novelty: Occurrence.Novelty = isUsed ? .arriving : .old
    write(
      .delivered, end(of: message.link, where: .delivered), message.link.rank, message.sendNumber,
      birth: message.birth, detail: novelty.rawValue)
  }

  // MARK: - Combinations

  /// Tells that an agent combines so many estimates, each of which has to be told next.
  ///
  /// - Parameter own: the weight of its own; NaN where that takes no part.
  func tellCombination(_ node: NodeID, of count: Int, own: Double) {
    if isObserved { write(.combines, node.rank, size: UInt32(count), value: own) }
  }

  /// Tells of one of the estimates that an agent combines.
  ///
  /// - Parameter number: of its message; 0 where it is that of none.
  func tellPart(
    _ number: UInt64, on link: LinkID, of node: NodeID, weight: Double, birth: VirtualTime,
    _ novelty: Occurrence.Novelty
  ) {
    guard isObserved else { return }
    write(.weighs, node.rank, link.rank, number, value: weight, birth: birth, detail: novelty.rawValue)
  }

  /// Tells that an agent combines a message as it arrives.
  @inline(__always)
  func tellMixing(_ number: UInt64, on link: LinkID, weight: Double, birth: VirtualTime) {
    if isObserved { writeMixing(number, on: link, weight: weight, birth: birth) }
  }

  @inline(never)
  private func writeMixing(_ number: UInt64, on link: LinkID, weight: Double, birth: VirtualTime) {
    let receiver = topology.receivers[link.index]
    tellCombination(receiver, of: 1, own: 1 - weight)
    tellPart(number, on: link, of: receiver, weight: weight, birth: birth, .arriving)
  }

  // MARK: - The tape

  @inline(never)
  private func write(
    _ kind: Occurrence.Kind, _ agent: UInt32, _ link: UInt32 = Occurrence.nobody, _ number: UInt64 = 0,
    size: UInt32 = 0, value: Double = 0, birth: VirtualTime = .zero, detail: UInt8 = .max
  ) {
    guard let tape else { return }
    tape.pointee.next.initialize(
      to: Occurrence(
        kind, at: now, agent: agent, link: link, number: number, size: size, value: value, birth: birth,
        cause: tape.pointee.cause, detail: detail))
    tape.pointee.next += 1
    if tape.pointee.next == tape.pointee.end { observer?.handOn() }
  }

  private func write(_ kind: Occurrence.Kind, _ agent: UInt32, number: UInt64) {
    write(kind, agent, Occurrence.nobody, number)
  }

  /// The end of a link at which something happens.
  @inline(__always)
  private func end(of link: LinkID, where kind: Occurrence.Kind) -> UInt32 {
    switch kind {
    case .sent, .copied, .starts, .acknowledgementStarts, .lost, .superseded, .neverStarted, .inFlightAtEnd:
      topology.senders[link.index].rank
    default: topology.receivers[link.index].rank
    }
  }
}
