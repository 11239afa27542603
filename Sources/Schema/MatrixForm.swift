// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Quantities

/// What a matrix of numbers between agents at some key tells.
public struct MatrixForm: Sendable, Hashable {
  package let quantity: QuantityKind
  package let bounds: Bounds
  /// What else is said beside the file.
  package let further: [Parameter]

  package init(_ quantity: QuantityKind, _ bounds: Bounds, further: [Parameter] = []) {
    (self.quantity, self.bounds, self.further) = (quantity, bounds, further)
  }

  /// What is said of a matrix beside what its file holds.
  package var parameters: [Parameter] {
    let unit = quantity.allowsBareNumber ? Parameter.Presence.optional : .required
    return [
      Parameter("file", .file("a file of numbers between agents"), "rows send, columns hear; beside the scenario"),
      Parameter("unit", .choice(quantity.unitNames), "of the numbers", unit),
      Parameter(
        "hosts", .choice(MatrixTable.Hosts.allCases.map(\.rawValue)),
        "by-name: an agent has the row of its name; random: a row of its own, drawn once per study, as where the file has "
          + "no names", .otherwise(.text(MatrixTable.Hosts.byName.rawValue))),
    ] + further + [Parameter("checksum", .line, "of the file's numbers; others are refused", .optional)]
  }
}

/// Numbers between pairs of agents, or of hosts whose places agents take, and the file that they come from.
package struct MatrixTable: SpecialValue {
  /// Which rows agents have.
  package enum Hosts: String, Sendable, CaseIterable {
    /// Those of their names, where the file has names.
    case byName = "by-name"
    /// A row of its own for each agent, drawn once per study.
    case random
  }

  /// The most rows that are read.
  package static let mostRows = 4000

  /// As the scenario names it.
  package let file: String
  /// The names of rows and columns; empty where the file has none.
  package let names: [String]
  /// How many rows and columns there are.
  package let count: Int
  /// Base units, row (sender) after row; NaN where there is no value. Empty where the numbers are not at hand.
  package let values: [Double]
  /// Changes with any of the numbers and with their order: 16 hexadecimal digits.
  package let checksum: String

  /// The matrix of a file that has been read.
  ///
  /// - Parameter values: of a square; if only its upper triangle has any, they hold in both directions.
  package init(file: String, names: [String], count: Int, values: [Double], isSquare: Bool = true) {
    precondition(count * count == values.count && (names.isEmpty || names.count == count), "A matrix is square.")
    (self.file, self.names, self.count) = (file, names, count)
    var digest = Digest()
    for name in names { digest.add(name) }
    // Zero has two signs and one meaning, and nothing has many.
    for value in values { digest.add(value.isNaN ? .max : (value + 0.0).bitPattern) }
    checksum = hexadecimal(digest.value)
    self.values = isSquare ? Self.mirrored(values, count) : values
  }

  /// A stand-in for numbers that are not read, to be told from others by their checksum.
  package init(remembering file: String, checksum: String) {
    (self.file, self.checksum) = (file, checksum)
    (names, count, values) = ([], 0, [])
  }

  private static func mirrored(_ values: [Double], _ count: Int) -> [Double] {
    for row in 0..<count {
      for column in 0..<row where !values[row * count + column].isNaN { return values }
    }
    var values = values
    for row in 0..<count {
      for column in 0..<row { values[row * count + column] = values[column * count + row] }
    }
    return values
  }

  /// By file and checksum, as a stand-in has nothing else.
  package static func == (left: MatrixTable, right: MatrixTable) -> Bool {
    left.file == right.file && left.checksum == right.checksum
  }

  /// The greatest, the least and the mean of all that it has between different rows; nothing where it has none.
  package var range: (least: Double, greatest: Double, mean: Double)? {
    var (least, greatest, sum, number) = (Double.infinity, -Double.infinity, 0.0, 0.0)
    for row in 0..<count {
      for column in 0..<count where row != column {
        let value = values[row * count + column]
        guard !value.isNaN else { continue }
        (least, greatest, sum, number) = (min(least, value), max(greatest, value), sum + value, number + 1)
      }
    }
    return number > 0 ? (least, greatest, sum / number) : nil
  }
}
