// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities

/// Links that are cut, and what is on them then.
extension RunState {
  /// Lets one more cause cut a link: what waits for it and what is in service is lost, and the link is idle.
  ///
  /// - Parameter losesTravelling: whether what has left already is lost too.
  /// - Returns: whether the link was whole.
  mutating func cut(_ link: LinkID, losesTravelling: Bool) -> Bool {
    let wasWhole = cuts.addCause(to: link)
    if wasWhole { tell(.cut, on: link) }
    if losesTravelling { cuts.loseTravelling(on: link) }
    interruptService(on: link, .cut)
    if losesTravelling { transmissions.forgetArrivals(on: link) }
    return wasWhole
  }

  /// Lets a cause go that cuts a link.
  ///
  /// - Returns: whether the link is whole again.
  mutating func restore(_ link: LinkID) -> Bool {
    let isWhole = cuts.removeCause(from: link)
    if isWhole { tell(.restored, on: link) }
    return isWhole
  }

  /// Frees a link: what is in service is lost, and what waits.
  mutating func interruptService(on link: LinkID, _ cause: LossCause) {
    guard transmissions.isLimited else { return }
    let served = cuts.interrupt(link)
    if transmissions.isBusy(link, at: now) {
      if served != LinkCuts.none {
        messages[served].loss = cause
        if transmissions.doubles { loseCopies(of: messages[served], cause) }
      }
      transmissions.free(link, at: now)
    }
    while let handle = transmissions.withdraw(from: link) {
      if messages[handle].snapshot != .none { noteLossWhileWaiting(cause, messages[handle]) }
      discard(handle)
    }
  }

  /// Loses the copies of a message whose travel has not begun, as they come from where it does.
  private mutating func loseCopies(of message: Message, _ cause: LossCause) {
    for handle in 0..<UInt32(messages.highWater) {
      let other = messages[handle]
      guard other.isOnItsWay, other.link == message.link, other.sendNumber == message.sendNumber else { continue }
      messages[handle].loss = cause
    }
  }

  /// Has a message start on a link that is cut: it costs, and is lost. The link stays idle.
  mutating func departIntoCut(_ handle: UInt32, over link: LinkID) {
    let (bytes, number) = (messages[handle].bytes, messages[handle].sendNumber)
    let isAcknowledgement = messages[handle].snapshot == .none
    tell(isAcknowledgement ? .acknowledgementStarts : .starts, number, on: link, bytes: bytes)
    if !isAcknowledgement { noteLoss(.cut, number, on: link) }
    discard(handle)
    noteStart(on: link, bytes: bytes, isAcknowledgement: isAcknowledgement)
  }

  /// Marks a message that starts to travel, so that it is known to be lost if its link is cut meanwhile.
  func mark(_ handle: UInt32, on link: LinkID) {
    messages[handle].cuts = cuts.number(of: link)
    // What is lost at its start is gone before it has left.
    cuts.serve(messages[handle].isLost ? LinkCuts.none : handle, on: link)
  }

  /// Whether a message that was on its way has been lost to a cut.
  func isLostToCut(_ message: Message) -> Bool {
    cuts.canCut && !message.isWaiting && (message.isLost || message.cuts != cuts.number(of: message.link))
  }
}

extension SimulationSettings {
  /// Whether links can be cut.
  package var canCutLinks: Bool {
    conditions.links.outages != nil || timeline.contains { $0.change?.cutsLinks == true }
  }

  /// Whether links or agents may come and go, so that everybody knows it.
  package var changesNetwork: Bool {
    network.changesByItself || timeline.contains { $0.change?.changesNetwork == true }
  }

  /// Whether edges can go while something is on them, so that everybody knows it.
  package var losesEdges: Bool {
    network.changesByItself || timeline.contains { $0.change?.takesEdges == true }
  }

  /// Whether agents join or leave.
  package var changesMembers: Bool { timeline.contains { $0.change?.changesMembers == true } }
}
