// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels
import NeuralNets
import Quantities
import Randomness
import Testing

/// Networks are asked once about rows that are the same.
struct DistinctRowsTests {
  /// Rows drawn from a few, some of which differ in one bit.
  private func batch(_ rows: Int, of sorts: Int, columns: Int, _ draws: inout Draws) -> [Float] {
    var all: [[Float]] = []
    for sort in 0..<sorts {
      // Of ones and zeros, as places in a world are, or of any numbers, or nearly the row before.
      var row = [Float](repeating: 0, count: columns)
      switch sort % 3 {
      case 0: row[Int(draws.integer(below: UInt32(columns)))] = 1
      case 1: row = draws.numbers(columns).map { Float($0) }
      default:
        row = all[sort - 1]
        let place = Int(draws.integer(below: UInt32(columns)))
        row[place] = sort % 2 == 0 ? row[place].nextUp : -row[place]
      }
      all.append(row)
    }
    return (0..<rows).flatMap { _ in all[Int(draws.integer(below: UInt32(sorts)))] }
  }

  /// The same by comparing each row with all before.
  private func plain(_ batch: [Float], columns: Int) -> (rows: [[UInt32]], places: [Int32]) {
    var rows: [[UInt32]] = []
    let places = (0..<batch.count / columns).map { row -> Int32 in
      let wanted = batch[row * columns..<(row + 1) * columns].map(\.bitPattern)
      if let place = rows.firstIndex(of: wanted) { return Int32(place) }
      rows.append(wanted)
      return Int32(rows.count - 1)
    }
    return (rows, places)
  }

  @Test(arguments: kernelNames, [1, 3, 15, 16, 17, 96, 130])
  func rowsAreFoundAsByComparingAll(name: String, columns: Int) {
    var draws = draws(41)
    for (rows, sorts) in [(1, 1), (40, 1), (40, 9), (128, 60), (100, 1000)] {
      let batch = batch(rows, of: sorts, columns: columns, &draws)
      let expected = plain(batch, columns: columns)
      var distinct = [Float](repeating: 7, count: (rows + 1) * columns)
      var table = [Int32](repeating: 7, count: 256)
      var places = [Int32](repeating: -1, count: rows)
      // In two parts, of which the second knows the first.
      let first = rows / 3
      let find = kernels(name).pointee.distinct_rows
      let known = find(batch, first, columns, &distinct, 0, &table, 256, &places)
      let count = places.withUnsafeMutableBufferPointer { places in
        batch.withUnsafeBufferPointer {
          find(
            $0.baseAddress! + first * columns, rows - first, columns, &distinct, known, &table, 256,
            places.baseAddress! + first)
        }
      }
      #expect(known == plain(Array(batch[..<(first * columns)]), columns: columns).rows.count || first == 0)
      #expect(count == expected.rows.count && places == expected.places)
      #expect(distinct[..<(count * columns)].map(\.bitPattern) == expected.rows.flatMap { $0 })
      #expect(distinct[(rows * columns)...].allSatisfy { $0 == 7 })
    }
  }

  @Test func theTableIsForgottenWhereABatchBegins() {
    let rows = DistinctRows(most: 4, columns: 2)
    var places = [Int32](repeating: -1, count: 4)
    #expect(rows.add([1, 2, 3, 4, 1, 2], count: 3, known: 0, places: &places) == 2)
    #expect(places == [0, 1, 0, -1])
    #expect(rows.add([5, 6, 1, 2, 5, 6, 0, -0.0], count: 4, known: 0, places: &places) == 3)
    #expect(places == [0, 1, 0, 2] && rows.rows[0] == 5 && rows.rows[5].sign == .minus)
  }

  /// The gradient of a batch, by way of its different rows: what comes after them goes forward and not back.
  @Test(arguments: [[96, 50, 50, 5], [3, 8, 2], [40, 140, 4]], [Activation.leakyRectifier, .hyperbolicTangent])
  func gradientsAreThoseOfTheBatch(shape: [Int], activation: Activation) {
    let network = Perceptron<Float>(layerSizes: shape, activation: activation)
    var draws = draws(42)
    let parameters = network.randomParameters(&draws)
    let (columns, outputs) = (shape[0], network.outputCount)
    let batch = batch(64, of: 20, columns: columns, &draws)
    let more = batch[..<(16 * columns)].map { $0 + 0.5 }
    let weights = draws.numbers(64 * outputs).map { Float($0) / 64 }
    func head(_ values: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>) -> Double {
      for index in weights.indices { gradient[index] = weights[index] * (1 + values[index]) }
      return 0
    }
    let expected = network.lossAndGradient(batch, at: parameters, head: head).gradient

    let rows = DistinctRows(most: 80, columns: columns)
    var places = [Int32](repeating: -1, count: 64)
    var others = [Int32](repeating: -1, count: 16)
    let before = rows.add(batch, count: 64, known: 0, places: &places)
    let all = rows.add(more, count: 16, known: before, places: &others)
    #expect(before <= 20 && all > before)
    var workspace = [Float](repeating: .nan, count: network.workspaceCount(rows: all))
    var gradient = [Float](repeating: .nan, count: network.parameterCount)
    workspace.withUnsafeMutableBufferPointer { workspace in
      let values = network.forward(UnsafePointer(rows.rows.base), rows: all, at: parameters, workspace: workspace)
      var seen = [Float](repeating: .nan, count: 64 * outputs)
      var slopes = seen
      var sums = [Float](repeating: .nan, count: before * outputs)
      spread(UnsafePointer(values), width: outputs, to: places, count: 64, into: &seen)
      _ = head(seen, &slopes)
      gather(slopes, width: outputs, from: places, count: 64, distinct: before, into: &sums)
      network.backward(
        sums, inputs: UnsafePointer(rows.rows.base), rows: before, of: all, at: parameters, into: &gradient,
        workspace: workspace)
    }
    #expect(distance(gradient, expected) < 1e-5)
    #expect(expected.contains { abs($0) > 1e-3 })
  }
}
