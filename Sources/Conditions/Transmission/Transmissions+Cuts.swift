// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Links that are cut while they transmit.
extension Transmissions {
  /// Whether something is in service.
  package func isBusy(_ link: LinkID, at now: VirtualTime) -> Bool { isLimited && freeAt[link.index] > now }

  /// Frees a link: what was in service is lost.
  package func free(_ link: LinkID, at now: VirtualTime) { freeAt[link.index] = now }

  /// Forgets what was on its way over a link, so that nothing has to arrive after it.
  package func forgetArrivals(on link: LinkID) {
    if lastArrival.count > 0 { lastArrival[link.index] = .zero }
  }
}
