// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A map to fly in, seen from above: a text with a line for each row, `#` being solid and `.` free. The x axis goes along the
/// rows, the y axis down the lines; headings are in radians from x towards y.
package struct NavigationMap: Sendable, Equatable {
  /// Where a vehicle is, in metres, and where it heads.
  package struct Pose: BitwiseCopyable, Sendable, Equatable {
    package var x: Double
    package var y: Double
    package var heading: Double

    package init(_ x: Double, _ y: Double, _ heading: Double) { (self.x, self.y, self.heading) = (x, y, heading) }
  }

  /// What a sensor makes of a distance, as a share s of its range: gain · s^power + bias.
  package struct Appearance: BitwiseCopyable, Sendable, Equatable {
    package let gain: Double
    package let power: Double
    package let bias: Double

    package init(gain: Double, power: Double, bias: Double) {
      (self.gain, self.power, self.bias) = (gain, power, bias)
    }

    /// The reading without noise, from 0 to 1.
    package func reading(ofShare share: Double) -> Double { min(max(level(ofShare: share), 0), 1) }

    /// The same before it is cut off.
    @inline(__always)
    func level(ofShare share: Double) -> Double { gain * (power == 1 ? share : pow(share, power)) + bias }
  }

  package let name: String
  /// The side of a cell, in metres.
  package let cell: Double
  package let rows: [String]
  /// Where episodes start.
  package let poses: [Pose]
  package let appearance: Appearance

  package init(name: String, cell: Double, appearance: Appearance, poses: [Pose], _ text: String) {
    self.name = name
    self.cell = cell
    self.appearance = appearance
    self.poses = poses
    rows = text.split(separator: "\n").map(String.init)
    let width = rows.first?.utf8.count ?? 0
    precondition(
      !poses.isEmpty && rows.allSatisfy { $0.utf8.count == width && $0.utf8.allSatisfy { "#.".utf8.contains($0) } },
      "A map has poses to start from, and is made of rows of one length, of # and free cells.")
  }

  /// The walls: the borders between free and solid cells, those in one line as one.
  package var segments: [WallSegment] {
    let solid = rows.map { $0.utf8.map { $0 == UInt8(ascii: "#") } }
    let (height, width) = (solid.count, solid.first?.count ?? 0)
    var found: [WallSegment] = []
    for line in 1..<max(1, height) {
      for run in runs(count: width, where: { solid[line - 1][$0] != solid[line][$0] }) {
        found.append(
          WallSegment(
            x: Double(run.lowerBound) * cell, y: Double(line) * cell, dx: Double(run.count) * cell, dy: 0))
      }
    }
    for line in 1..<max(1, width) {
      for run in runs(count: height, where: { solid[$0][line - 1] != solid[$0][line] }) {
        found.append(
          WallSegment(
            x: Double(line) * cell, y: Double(run.lowerBound) * cell, dx: 0, dy: Double(run.count) * cell))
      }
    }
    return found
  }

  /// The longest runs of places where something holds.
  private func runs(count: Int, where holds: (Int) -> Bool) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var first: Int?
    for place in 0...count {
      if place < count, holds(place) {
        first = first ?? place
      } else if let begun = first {
        found.append(begun..<place)
        first = nil
      }
    }
    return found
  }
}

/// A wall from (x, y) to (x + dx, y + dy), in metres.
package struct WallSegment: BitwiseCopyable, Sendable, Equatable {
  package var x: Double
  package var y: Double
  package var dx: Double
  package var dy: Double

  package init(x: Double, y: Double, dx: Double, dy: Double) { (self.x, self.y, self.dx, self.dy) = (x, y, dx, dy) }
}
