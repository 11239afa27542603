// SPDX-License-Identifier: GPL-3.0-or-later

/// Points of the unit square, with the close pairs found by a grid instead of by comparing all with all.
struct UnitSquarePoints {
  /// The coordinates of each point, in [0, 1).
  let points: [SIMD2<Double>]

  /// Calls `body` for every pair at most a distance apart, each pair once, in no order that a caller may rely on.
  ///
  /// - Parameters:
  ///   - squaredRadius: the square of the distance, zero or more.
  ///   - body: takes the two points (the lower position first) and their squared distance; false ends the search.
  func forEachPair(within squaredRadius: Double, _ body: (Int, Int, Double) -> Bool) {
    let grid = Grid(points, reach: squaredRadius.squareRoot())
    for (first, point) in points.enumerated() {
      let (column, row) = grid.cell(point)
      for otherRow in max(0, row - 1)...min(grid.side - 1, row + 1) {
        for otherColumn in max(0, column - 1)...min(grid.side - 1, column + 1) {
          for second in grid.members(otherColumn, otherRow) where second > first {
            let gap = point - points[Int(second)]
            let squared = gap.x * gap.x + gap.y * gap.y
            if squared <= squaredRadius, !body(first, Int(second), squared) { return }
          }
        }
      }
    }
  }

  /// The squared distance of the pair that is the `rank`-th closest (from one), or nothing if there are fewer pairs.
  ///
  /// The search starts from the radius at which that many pairs are expected and widens it until enough are found.
  func squaredDistance(ofClosestPair rank: Int) -> Double? {
    let pairCount = points.count * (points.count - 1) / 2
    guard rank >= 1, rank <= pairCount else { return nil }
    var squaredRadius = 1.2 * Double(rank) / Double(pairCount) / Double.pi
    while true {
      // No two points of the square are further apart than its diagonal.
      if squaredRadius > 1 { squaredRadius = 2 }
      var distances: [Double] = []
      forEachPair(within: squaredRadius) { _, _, squared in
        distances.append(squared)
        return true
      }
      if distances.count >= rank {
        distances.sort()
        return distances[rank - 1]
      }
      squaredRadius *= 1.6
    }
  }
}

/// Square cells at least as wide as the reach, so that close pairs lie in the same cell or in cells that touch.
private struct Grid {
  let side: Int
  private let start: [Int]
  private let sorted: [UInt32]

  init(_ points: [SIMD2<Double>], reach: Double) {
    // Cells a little wider than the reach leave room for rounding; more cells than points would only cost memory.
    let widest = max(1, Double(points.count).squareRoot())
    side = Int(max(1, min(widest, 1 / (reach * (1 + 1e-9)))))
    var start = [Int](repeating: 0, count: side * side + 1)
    let cells = points.map { [side] point in Self.index(point, side: side) }
    for cell in cells { start[cell + 1] += 1 }
    for cell in 0..<side * side { start[cell + 1] += start[cell] }
    var next = start
    var sorted = [UInt32](repeating: 0, count: points.count)
    for (point, cell) in cells.enumerated() {
      sorted[next[cell]] = UInt32(point)
      next[cell] += 1
    }
    self.start = start
    self.sorted = sorted
  }

  /// The column and row of the cell that holds a point.
  func cell(_ point: SIMD2<Double>) -> (column: Int, row: Int) {
    let index = Self.index(point, side: side)
    return (index % side, index / side)
  }

  /// The points of a cell, in their own order.
  func members(_ column: Int, _ row: Int) -> ArraySlice<UInt32> {
    let cell = row * side + column
    return sorted[start[cell]..<start[cell + 1]]
  }

  private static func index(_ point: SIMD2<Double>, side: Int) -> Int {
    min(side - 1, Int(point.y * Double(side))) * side + min(side - 1, Int(point.x * Double(side)))
  }
}
