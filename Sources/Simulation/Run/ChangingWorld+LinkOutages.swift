// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// Links that go down and come up by themselves: cuts that were drawn.
extension ChangingWorld {
  mutating func changeLinks(_ event: Event) {
    let line = Int(event.payload)
    let (link, other) = run.linkOutages.links(of: line)
    let isBegin = event.tag == LinkTag.outageBegins
    run.blame("outages")
    if isBegin { run.scheduleEndOfLinkOutage(of: line) } else { run.scheduleLinkOutageAfterOutage(of: line) }
    change(link, isCut: isBegin)
    if other != link { change(other, isCut: isBegin) }
  }

  private mutating func change(_ link: LinkID, isCut: Bool) {
    if isCut {
      if run.cut(link, losesTravelling: true) { cooperation.linkChanged(link, .cut, &run) }
    } else if run.restore(link) {
      cooperation.linkChanged(link, .restoration, &run)
    }
  }
}

extension RunState {
  /// Schedules the first outage of every line of links.
  @inline(never)
  mutating func scheduleFirstLinkOutages() {
    for line in 0..<linkOutages.lineCount { scheduleLinkOutage(of: line) }
  }

  private mutating func scheduleLinkOutage(of line: Int) {
    schedule(LinkTag.outageBegins, ofLine: line, at: linkOutages.begin(of: line, after: now))
  }

  /// Schedules the end of the outage of a line that has just begun.
  fileprivate mutating func scheduleEndOfLinkOutage(of line: Int) {
    schedule(LinkTag.outageEnds, ofLine: line, at: linkOutages.end(of: line, after: now))
  }

  /// Schedules the next outage of a line after the end of one.
  fileprivate mutating func scheduleLinkOutageAfterOutage(of line: Int) {
    linkOutages.countOutage(of: line)
    scheduleLinkOutage(of: line)
  }

  private mutating func schedule(_ tag: UInt8, ofLine line: Int, at time: VirtualTime?) {
    guard let time else { return }
    let sender = topology.senders[linkOutages.links(of: line).0.index]
    scheduler.schedule(
      Event(kind: .linkChange, tag: tag, subject: sender.rank, payload: UInt32(line)), at: time)
  }
}
