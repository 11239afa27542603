// SPDX-License-Identifier: GPL-3.0-or-later

/// Rooms with walls, seen from above, as a text with a line for each row: `#` is a wall and `.` is free.
///
///     RoomMap("""
///       #####
///       #...#
///       #####
///       """)
///
/// Cells are numbered row by row from the upper left; a place is a row and a column, both counted from 0.
package struct RoomMap: Sendable, Equatable {
  /// A row and a column, both from 0.
  package struct Place: Sendable, Hashable {
    package let row: Int
    package let column: Int

    package init(_ row: Int, _ column: Int) { (self.row, self.column) = (row, column) }
  }

  package let rowCount: Int
  package let columnCount: Int
  /// Whether a cell is a wall.
  private let walls: [Bool]

  /// The map of a text, whose rows have one length and whose border is all wall.
  package init(_ text: String) {
    let rows = text.split(separator: "\n").map(Array.init)
    rowCount = rows.count
    columnCount = rows.first?.count ?? 0
    let columns = columnCount
    precondition(rows.allSatisfy { $0.count == columns }, "All rows of a map have one length.")
    precondition(rows.joined().allSatisfy { $0 == "#" || $0 == "." }, "A map is made of walls # and free cells.")
    walls = rows.joined().map { $0 == "#" }
    precondition(cellCount <= Int(Int16.max), "The cells of a map are numbered in 15 bits.")
    for cell in 0..<cellCount where !isWall(cell) {
      let place = place(of: cell)
      precondition(
        (1..<rowCount - 1).contains(place.row) && (1..<columnCount - 1).contains(place.column),
        "The border of a map is all wall.")
    }
  }

  package var cellCount: Int { rowCount * columnCount }

  /// The number of the cell at a place.
  package func cell(_ place: Place) -> Int { place.row * columnCount + place.column }

  /// Where a cell is.
  package func place(of cell: Int) -> Place { Place(cell / columnCount, cell % columnCount) }

  package func isWall(_ cell: Int) -> Bool { walls[cell] }

  /// The numbers of the cells that are free.
  package var freeCells: [Int] { (0..<cellCount).filter { !walls[$0] } }

  /// How many steps the shortest way from a cell to another has; nothing where there is none. By breadth-first search.
  package func shortestPath(from start: Int, to goal: Int) -> Int? {
    var distances = [Int?](repeating: nil, count: cellCount)
    distances[start] = 0
    var queue = [start]
    var next = 0
    while next < queue.count {
      let cell = queue[next]
      next += 1
      if cell == goal { return distances[cell] }
      for move in RoomMove.allCases {
        let neighbour = cell + move.offset(columns: columnCount)
        if !walls[neighbour], distances[neighbour] == nil {
          distances[neighbour] = distances[cell].map { $0 + 1 }
          queue.append(neighbour)
        }
      }
    }
    return nil
  }
}

/// What an agent in rooms can do, with the codes of its actions.
package enum RoomMove: Int, Sendable, CaseIterable {
  case stay = 0
  case down = 1
  case up = 2
  case left = 3
  case right = 4

  /// What it adds to the number of a cell.
  @inline(__always)
  package func offset(columns: Int) -> Int {
    switch self {
    case .stay: 0
    case .down: columns
    case .up: -columns
    case .left: -1
    case .right: 1
    }
  }
}
