// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Schema

/// A trace on the links of a network.
extension TraceTable {
  /// The steps of every link; one of which the trace says nothing has none.
  ///
  /// - Throws: if it names agents that are not there, or two that are not linked, or says twice what holds on a link.
  func series(_ draw: LinkDraw, before: Double) throws(ConditionError) -> LinkSeries {
    let network = draw.network
    var steps = [[(time: Int64, value: Double)]](repeating: [], count: network.linkCount)
    var lineOfLink = [Int](repeating: 0, count: network.linkCount)
    let ranks = Dictionary(zip(network.names, 0...)) { first, _ in first }
    var linkOfEnds: [[Int]: Int] = [:]
    for link in 0..<network.linkCount {
      linkOfEnds[[network.senders[link].index, network.receivers[link].index]] = link
    }
    for (subject, names) in subjects.enumerated() {
      let ends = names.compactMap { ranks[$0] }
      guard ends.count == names.count else {
        let stranger = names.first { ranks[$0] == nil } ?? ""
        throw ConditionError(
          description: "line \(lines[subject]) of \(file) is about agent '\(stranger)', which the network does not "
            + "have.")
      }
      let links = ([linkOfEnds[ends]] + (isBothWays ? [linkOfEnds[ends.reversed()]] : [])).compactMap(\.self)
      guard !links.isEmpty else {
        throw ConditionError(
          description: "line \(lines[subject]) of \(file) is about '\(names[0])' and '\(names[1])', which are not "
            + "linked.")
      }
      for link in links {
        guard lineOfLink[link] == 0 else {
          throw ConditionError(
            description: "lines \(lineOfLink[link]) and \(lines[subject]) of \(file) both say what holds between "
              + "'\(names[0])' and '\(names[1])', as it goes both ways.")
        }
        lineOfLink[link] = lines[subject]
        steps[link] = zip(times(of: subject), values(of: subject)).map { (time: $0, value: $1) }
      }
    }
    return LinkSeries(steps, recycle: recycle?.nanoseconds, before: before)
  }

  /// The range and the plain mean of all values; nought where they are not at hand.
  var valueRange: (least: Double, greatest: Double, mean: Double) {
    var (least, greatest, sum, count) = (Double.infinity, -Double.infinity, 0.0, 0.0)
    for subject in subjects.indices {
      for value in values(of: subject) {
        (least, greatest, sum, count) = (min(least, value), max(greatest, value), sum + value, count + 1)
      }
    }
    return count > 0 ? (least, greatest, sum / count) : (0, 0, 0)
  }
}

extension Arguments {
  /// The trace of a form that has one.
  var linkTrace: TraceTable {
    guard let table: TraceTable = special("trace") else { preconditionFailure("A form with a trace has one.") }
    return table
  }
}
