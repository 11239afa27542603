// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness

/// When a cause takes agents down and lets them up: lines that alternate by themselves, each of an agent or of several that
/// go down together. A pure function of its arguments, so nothing of it is kept but the numbers of the present outages.
package protocol OutageProcess: Sendable {
  /// How many lines there are.
  var lineCount: Int { get }

  /// How many agents a line is about.
  func agentCount(of line: Int) -> Int

  /// One of these agents, by its position among them.
  func agent(_ position: Int, of line: Int) -> NodeID

  /// Whether an outage takes one of these agents down, by its position among them.
  func takesDown(_ position: Int, of line: Int, outage: UInt32) -> Bool

  /// When an outage begins.
  ///
  /// - Parameters:
  ///   - outage: its number, from 0.
  ///   - time: when the one before ended, or the start of the run; who is down then goes down at once.
  /// - Returns: nothing if it never does.
  func begin(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime?

  /// When an outage ends that began at a time; nothing if it never does.
  func end(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime?

  /// The probability that an agent is up at a time, as far as this cause goes.
  ///
  /// - Parameter seconds: since the start of the run; infinite for the long run.
  /// - Returns: nothing where it is known for the long run only.
  func availability(of agent: NodeID, at seconds: Double) -> Double?

  /// What records call the cause of a line.
  func title(of line: Int) -> String
}

extension OutageProcess {
  package func agentCount(of line: Int) -> Int { 1 }

  package func takesDown(_ position: Int, of line: Int, outage: UInt32) -> Bool { true }
}

extension [NodeID] {
  /// The position of a node, where they are in rising order.
  func position(of node: NodeID) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].rank < node.rank { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == node ? low : nil
  }
}

/// Something that is up and down in turn, for times of two laws: one line for each of some entities.
///
/// *Randomness*: the streams that are handed in, one draw each per outage, indexed by its number. Whether a stationary line
/// begins with an outage is one draw more of the first stream, at index 2³².
package struct RenewalLines: Sendable {
  /// How a line stands at the start of the run.
  package enum Start: String, Sendable, CaseIterable {
    /// Up, and a whole time up is still to come.
    case up
    /// As somebody finds it who comes by much later; for exponential laws.
    case stationary
  }

  package let up: Distribution
  package let down: Distribution
  private let upKeys: [StreamKey]
  private let downKeys: [StreamKey]
  private let start: Start

  package init(up: Distribution, down: Distribution, start: Start, upKeys: [StreamKey], downKeys: [StreamKey]) {
    (self.up, self.down, self.start) = (up, down, start)
    (self.upKeys, self.downKeys) = (upKeys, downKeys)
  }

  package var count: Int { upKeys.count }

  /// The index of the draw that says how a stationary line begins: behind those of all outages.
  private static let startIndex = UInt64(1) << 32

  package func begin(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    if outage == 0, start == .stationary, upKeys[line].uniform(at: Self.startIndex) < shareDown { return time }
    return later(time, by: VirtualDuration(seconds: up.sample(upKeys[line], at: UInt64(outage))))
  }

  package func end(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    later(time, by: VirtualDuration(seconds: down.sample(downKeys[line], at: UInt64(outage))))
  }

  private func later(_ time: VirtualTime, by duration: VirtualDuration) -> VirtualTime? {
    let sum = time + duration
    return sum < .never ? sum : nil
  }

  /// The share of time down in the long run.
  package var shareDown: Double { Self.shareDown(up, down) }

  package static func shareDown(_ up: Distribution, _ down: Distribution) -> Double {
    down.mean / max(up.mean + down.mean, .leastNormalMagnitude)
  }

  /// The probability to be up at a time: where both laws are exponential it is known for all times,
  ///
  ///     P(up at t) = A + (1 − A) exp(−(1/U + 1/D) t),    A = U / (U + D),
  ///
  /// U and D being the means; of other laws for the long run only.
  package func availability(at seconds: Double) -> Double? {
    let share = 1 - shareDown
    if start == .stationary || seconds == .infinity { return share }
    guard up.definition === LawDefinition.exponential, down.definition === LawDefinition.exponential else { return nil }
    return share + (1 - share) * exp(-(1 / up.mean + 1 / down.mean) * seconds)
  }
}
