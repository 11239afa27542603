// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

/// A matrix on the links of a network.
extension MatrixTable {
  /// The row of each node of a network.
  ///
  /// *Randomness*: `hosts` of the agent, whole numbers of index 0 until one is free, agents in the order of their names.
  ///
  /// - Throws: if there are too few rows, or no row of some name.
  private func rows(_ hosts: Hosts, _ draw: LinkDraw) throws(ConditionError) -> [Int] {
    let network = draw.network
    if hosts == .byName, !names.isEmpty {
      let rowOfName = Dictionary(zip(names, 0...)) { first, _ in first }
      var rows: [Int] = []
      for name in network.names {
        guard let row = rowOfName[name] else {
          throw ConditionError(description: "\(file) has no row for the agent '\(name)'.")
        }
        rows.append(row)
      }
      return rows
    }
    guard count >= network.nodeCount else {
      let agents = counted(network.nodeCount, "agent")
      throw ConditionError(description: "\(file) has \(counted(count, "row")) for \(agents).")
    }
    let family = draw.family(.hosts)
    var isTaken = [Bool](repeating: false, count: count)
    return network.keys.map { key in
      var draws = Draws(family.key(key), at: 0)
      var row: Int
      repeat { row = Int(draws.integer(below: UInt32(count))) } while isTaken[row]
      isTaken[row] = true
      return row
    }
  }

  /// The number of every link.
  ///
  /// - Throws: if two agents are linked between which it has none.
  func numbers(_ hosts: Hosts, _ draw: LinkDraw) throws(ConditionError) -> [Double] {
    let rows = try rows(hosts, draw)
    let network = draw.network
    var numbers: [Double] = []
    numbers.reserveCapacity(network.linkCount)
    for link in 0..<network.linkCount {
      let (sender, receiver) = (network.senders[link].index, network.receivers[link].index)
      let value = values[rows[sender] * count + rows[receiver]]
      guard !value.isNaN else {
        let ends = "from '\(network.names[sender])' to '\(network.names[receiver])'"
        throw ConditionError(description: "\(file) has no value \(ends), which are linked.")
      }
      numbers.append(value)
    }
    return numbers
  }
}

extension Arguments {
  /// What is said of a matrix, with its numbers.
  var matrix: (table: MatrixTable, said: Arguments) {
    guard let said = self["matrix"]?.record, let table: MatrixTable = said.special("file") else {
      preconditionFailure("A form with a matrix has one.")
    }
    return (table, said)
  }

  /// The number of every link.
  func matrixNumbers(_ draw: LinkDraw) throws(ConditionError) -> [Double] {
    let (table, said) = matrix
    return try table.numbers(said.choice("hosts", MatrixTable.Hosts.self), draw)
  }

  /// The range of what a matrix has; nought where it is not at hand.
  var matrixRange: (least: Double, greatest: Double, mean: Double) { matrix.table.range ?? (0, 0, 0) }
}
