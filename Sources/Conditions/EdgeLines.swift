// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

extension Network {
  /// The links that come and go together, in the order of links: of an edge that from the agent that is first by name, and
  /// the one back. What goes by itself stands twice: a link that has none back, or every link.
  func lines(byEdge: Bool) -> (first: [LinkID], second: [LinkID]) {
    func back(_ link: LinkID) -> LinkID {
      byEdge && reverse[link.index] != Network.noLink ? reverse[link.index] : link
    }
    let first = (0..<linkCount).map { LinkID($0) }.filter { link in
      back(link) == link || senders[link.index].rank < receivers[link.index].rank
    }
    return (first, first.map(back))
  }
}
