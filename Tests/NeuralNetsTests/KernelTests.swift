// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels
import Foundation
import Randomness
import Testing

/// The loops over vectors, with whatever this processor can run: each gives the bits of a plain loop.
struct KernelTests {
  /// Sides that fill vectors and that do not.
  static let sides = [1, 2, 3, 5, 15, 16, 17, 31, 48, 50, 64, 65, 96, 127, 128, 129]

  private func side(_ draws: inout Draws) -> Int { Self.sides[Int(draws.integer(below: UInt32(Self.sides.count)))] }

  private func numbers<Scalar: BinaryFloatingPoint>(_ count: Int, _ draws: inout Draws) -> [Scalar] {
    draws.numbers(count).map { Scalar($0) }
  }

  /// Σ a b in the order of the depth, each product fused with the sum before.
  private func plainProduct(
    _ a: [Float], _ aTransposed: Bool, _ b: [Float], _ bTransposed: Bool, _ rows: Int, _ columns: Int, _ depth: Int
  ) -> [Float] {
    (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      var sum: Float = 0
      for d in 0..<depth {
        sum.addProduct(
          a[aTransposed ? d * rows + row : row * depth + d], b[bTransposed ? column * depth + d : d * columns + column])
      }
      return sum
    }
  }

  private func product(
    _ name: String, _ a: [Float], _ aTransposed: Bool, _ b: [Float], _ bTransposed: Bool, _ rows: Int, _ columns: Int,
    _ depth: Int
  ) -> [Float]? {
    guard let multiply = kernels(name).pointee.multiply else { return nil }
    // What lies behind the product is nobody's to write.
    var c = [Float](repeating: 7, count: rows * columns + 32)
    multiply(a, aTransposed, b, bTransposed, &c, rows, columns, depth, nil)
    #expect(c[(rows * columns)...].allSatisfy { $0 == 7 })
    return Array(c[..<(rows * columns)])
  }

  @Test(arguments: kernelNames)
  func productsAreSumsOfFusedProductsInTheOrderOfTheDepth(name: String) {
    var draws = draws(31)
    for _ in 0..<60 {
      let bTransposed = draws.uniform() < 0.5
      let aTransposed = draws.uniform() < 0.5
      var (rows, columns, depth) = (side(&draws), side(&draws), side(&draws))
      if bTransposed { (columns, depth) = (min(columns, 128), min(depth, 128)) }
      if draws.uniform() < 0.2 { rows += 100 }
      let a: [Float] = numbers(rows * depth, &draws)
      let b: [Float] = numbers(columns * depth, &draws)
      guard let found = product(name, a, aTransposed, b, bTransposed, rows, columns, depth) else { return }
      let plain = plainProduct(a, aTransposed, b, bTransposed, rows, columns, depth)
      #expect(bits(found) == bits(plain), "\(rows) × \(columns) × \(depth), \(aTransposed), \(bTransposed)")
    }
  }

  @Test(arguments: kernelNames)
  func whatIsNoNumberGoesThroughProducts(name: String) {
    var draws = draws(32)
    for odd in [Float.nan, .infinity, -.infinity] {
      for bTransposed in [false, true] {
        var a: [Float] = numbers(17 * 50, &draws)
        var b: [Float] = numbers(50 * 50, &draws)
        a[3 * 50 + 7] = odd
        b[11] = odd
        b[12] = 0
        a[5 * 50 + 11] = 0
        guard let found = product(name, a, false, b, bTransposed, 17, 50, 50) else { return }
        #expect(bits(found) == bits(plainProduct(a, false, b, bTransposed, 17, 50, 50)))
        #expect(found.contains { !$0.isFinite })
      }
    }
  }

  @Test(arguments: kernelNames)
  func endingsAreWhatWouldBeDoneAfterwards(name: String) {
    guard let multiply = kernels(name).pointee.multiply else { return }
    var draws = draws(40)
    for _ in 0..<40 {
      let (rows, columns, depth) = (side(&draws), min(side(&draws), 128), min(side(&draws), 128))
      let (a, b): ([Float], [Float]) = (numbers(rows * depth, &draws), numbers(columns * depth, &draws))
      let (biases, values): ([Float], [Float]) = (numbers(columns, &draws), numbers(rows * columns, &draws))
      var sums = [Float](repeating: .nan, count: columns)
      var (layer, before) = (
        [Float](repeating: .nan, count: rows * columns), [Float](repeating: .nan, count: rows * columns)
      )
      func slope(_ value: Float) -> Float { value > 0 ? 1 : 0.01 }
      biases.withUnsafeBufferPointer { biases in
        var ending = starling_ending(biases: biases.baseAddress, values: nil, sums: nil, slope: 0.01)
        multiply(a, false, b, true, &layer, rows, columns, depth, &ending)
      }
      values.withUnsafeBufferPointer { values in
        sums.withUnsafeMutableBufferPointer { sums in
          var ending = starling_ending(biases: nil, values: values.baseAddress, sums: sums.baseAddress, slope: 0.01)
          multiply(a, false, b, false, &before, rows, columns, depth, &ending)
        }
      }
      let plainLayer = plainProduct(a, false, b, true, rows, columns, depth)
      let biased = plainLayer.indices.map { plainLayer[$0] + biases[$0 % columns] }
      #expect(bits(layer) == bits(biased.map { $0 * slope($0) }), "\(rows) × \(columns) × \(depth)")
      let plainBefore = plainProduct(a, false, b, false, rows, columns, depth)
      let products = plainBefore.indices.map { plainBefore[$0] * slope(values[$0]) }
      #expect(bits(before) == bits(products), "\(rows) × \(columns) × \(depth)")
      let plainSums = (0..<columns).map { column in (0..<rows).reduce(0) { $0 + products[$1 * columns + column] } }
      #expect(bits(sums) == bits(plainSums), "\(rows) × \(columns) × \(depth)")
    }
  }

  @Test func smallProductsAreAMatterOfSizesAlone() {
    // Forward, back, and the gradient of weights of 50 × 128, whatever the batch.
    #expect(starling_is_small_product(1000, 50, 128, false, true))
    #expect(starling_is_small_product(1000, 128, 50, false, false))
    #expect(starling_is_small_product(50, 128, 1000, true, false))
    // Of 50 × 129, and of few rows.
    #expect(!starling_is_small_product(1000, 50, 129, false, true))
    #expect(!starling_is_small_product(1000, 129, 50, false, false))
    #expect(!starling_is_small_product(50, 129, 1000, true, false))
    #expect(!starling_is_small_product(7, 50, 128, false, true))
  }

  // MARK: - Sparse rows

  @Test(arguments: kernelNames)
  func sparseProductsSkipZerosAndKeepTheirOrder(name: String) {
    checkSparse(Float.loops(kernels(name)), seed: 33)
    checkSparse(Double.loops(kernels(name)), seed: 34)
  }

  private func checkSparse<Scalar: BinaryFloatingPoint>(_ loops: KernelLoops<Scalar>, seed: UInt64) {
    var draws = draws(seed)
    for trial in 0..<60 {
      let (rows, columns) = (1 + Int(draws.integer(below: 20)), side(&draws))
      let depth = trial % 6 == 0 ? 300 : side(&draws)
      // No entry, few, and all of them; some are no numbers.
      var s = [Scalar](repeating: 0, count: rows * depth)
      for row in 0..<rows {
        let share = [0, 3 / Double(depth), 0.5, 1][Int(draws.integer(below: 4))]
        for place in 0..<depth where draws.uniform() < share { s[row * depth + place] = Scalar(draws.uniform() - 0.5) }
      }
      if trial % 10 == 3 { s[Int(draws.integer(below: UInt32(s.count)))] = [.nan, .infinity][trial / 10 % 2] }
      if trial % 10 == 4 { s[Int(draws.integer(below: UInt32(s.count)))] = -0.0 }
      let (a, b): ([Scalar], [Scalar]) = (numbers(rows * columns, &draws), numbers(columns * depth, &draws))
      var room = [Scalar](repeating: .nan, count: starling_sparse_room(depth, columns))
      var product = [Scalar](repeating: .nan, count: rows * columns)
      var gradient = [Scalar](repeating: .nan, count: columns * depth)
      let (biases, slope): ([Scalar], Scalar) = (numbers(columns, &draws), trial % 2 == 0 ? 1 : 0.01)
      loops.sparseLayer(s, rows, depth, b, columns, biases, slope, &room, &product)
      loops.sparseGradient(s, rows, depth, a, columns, &room, &gradient)
      var plainProduct = [Scalar](repeating: 0, count: rows * columns)
      var plainGradient = [Scalar](repeating: 0, count: columns * depth)
      for row in 0..<rows {
        for place in 0..<depth where s[row * depth + place] != 0 {
          let entry = s[row * depth + place]
          for column in 0..<columns {
            plainProduct[row * columns + column] += entry * b[column * depth + place]
            plainGradient[column * depth + place] += entry * a[row * columns + column]
          }
        }
      }
      let layer = plainProduct.indices.map { plainProduct[$0] + biases[$0 % columns] }.map { $0 > 0 ? $0 : $0 * slope }
      #expect(bits(product) == bits(layer), "\(rows) × \(columns) × \(depth)")
      #expect(bits(gradient) == bits(plainGradient), "\(rows) × \(columns) × \(depth)")
    }
  }

  // MARK: - Softmax

  @Test(arguments: kernelNames)
  func logarithmsOfSumsOfExponentialsAreRoundedOnceOrTwice(name: String) {
    var draws = draws(39)
    for columns in [1, 2, 5, 17] {
      for (rows, bound) in zip([1, 3, 4, 16, 17, 128], [0.1, 1, 10, 20, 80, 1e4]) {
        var z = draws.numbers(rows * columns, bound: bound).map { Float($0) }
        if rows == 17 && columns > 1 { z[3 * columns] = -.infinity }
        let (sums, logarithms) = softmax(name, z, rows, columns)
        let exact = (0..<rows).map { row -> Double in
          let own = z[row * columns..<(row + 1) * columns].map { Double($0) }
          let greatest = own.max() ?? 0
          return greatest + log(own.reduce(0) { $0 + exp($1 - greatest) })
        }
        for row in 0..<rows {
          let scale = max(abs(exact[row]), bound, Double(columns))
          #expect(abs(Double(sums[row]) - exact[row]) <= 2e-7 * scale)
          for column in 0..<columns where z[row * columns + column].isFinite {
            let wanted = Double(z[row * columns + column]) - exact[row]
            #expect(abs(Double(logarithms[row * columns + column]) - wanted) <= 3e-7 * scale)
          }
        }
        // The same bits with every sort of processor.
        let plain = softmax("plain", z, rows, columns)
        #expect(bits(sums) == bits(plain.sums) && bits(logarithms) == bits(plain.logarithms))
      }
    }
  }

  @Test(arguments: kernelNames)
  func whatIsNoNumberShowsInItsRowAlone(name: String) {
    let z: [Float] = [.nan, 0, .infinity, 0, -.infinity, 0, 1e30, 1e30, -1e30, 0]
    let sums = softmax(name, z, 5, 2).sums
    #expect(sums[0].isNaN && !sums[1].isFinite && sums[2] == 0)
    #expect(sums[3] == 1e30 && sums[4] == 0)
  }

  private func softmax(
    _ name: String, _ z: [Float], _ rows: Int, _ columns: Int
  ) -> (sums: [Float], logarithms: [Float]) {
    var (sums, logarithms) = ([Float](repeating: 7, count: rows + 16), z)
    kernels(name).pointee.log_sums(z, rows, columns, &sums)
    #expect(sums[rows...].allSatisfy { $0 == 7 })
    logarithms.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      kernels(name).pointee.log_probabilities(base, rows, columns, base)
    }
    return (Array(sums[..<rows]), logarithms)
  }

  // MARK: - Layers and moves

  @Test(arguments: kernelNames)
  func layersAreThoseOfPlainLoops(name: String) {
    checkLayers(Float.loops(kernels(name)), seed: 35)
    checkLayers(Double.loops(kernels(name)), seed: 36)
  }

  private func checkLayers<Scalar: BinaryFloatingPoint>(_ loops: KernelLoops<Scalar>, seed: UInt64) {
    var draws = draws(seed)
    for columns in Self.sides {
      let rows = 1 + Int(draws.integer(below: 9))
      let biases: [Scalar] = numbers(columns, &draws)
      var values: [Scalar] = numbers(rows * columns, &draws)
      values[0] = -biases[0]
      values[values.count - 1] = .nan
      let slope: Scalar = 0.01
      func slopeAt(_ value: Scalar) -> Scalar { value > 0 ? 1 : slope }
      let sums = values.indices.map { values[$0] + biases[$0 % columns] }
      var (rectified, gradient) = (values, values)
      loops.addBiasesAndRectify(biases, &rectified, rows, columns, slope)
      #expect(bits(rectified) == bits(sums.map { $0 * slopeAt($0) }))
      var columnSums = [Scalar](repeating: .nan, count: columns)
      var slopedSums = columnSums
      loops.sumRows(values, rows, columns, &columnSums)
      loops.multiplyBySlopes(sums, &gradient, rows, columns, slope, &slopedSums)
      let products = values.indices.map { values[$0] * slopeAt(sums[$0]) }
      #expect(bits(gradient) == bits(products))
      func inOrder(_ numbers: [Scalar]) -> [Scalar] {
        (0..<columns).map { column in (0..<rows).reduce(0) { $0 + numbers[$1 * columns + column] } }
      }
      #expect(bits(columnSums) == bits(inOrder(values)))
      #expect(bits(slopedSums) == bits(inOrder(products)))
    }
  }

  @Test(arguments: kernelNames)
  func movesAreThoseOfPlainLoops(name: String) {
    checkMoves(Float.loops(kernels(name)), seed: 37)
    checkMoves(Double.loops(kernels(name)), seed: 38)
  }

  private func checkMoves<Scalar: BinaryFloatingPoint>(_ loops: KernelLoops<Scalar>, seed: UInt64) {
    var draws = draws(seed)
    let by: [Scalar] = [0.1, 0.999, 0.001, -0.003, 1.25, 1e-8]
    for (index, count) in (Self.sides + Self.sides).enumerated() {
      let adds = index < Self.sides.count
      let (g, m, v): ([Scalar], [Scalar], [Scalar]) = (
        numbers(count, &draws), numbers(count, &draws), draws.numbers(count).map { Scalar(abs($0)) }
      )
      let start: [Scalar] = numbers(count, &draws)
      func placed(_ steps: [Scalar]) -> [UInt64] { bits(adds ? zip(start, steps).map { $0 + $1 } : steps) }
      var (into, first, second) = (start, m, v)
      loops.adam(g, &first, &second, count, by, &into, adds)
      let plainFirst = zip(m, g).map { $0 + by[0] * ($1 - $0) }
      let plainSecond = zip(v, g).map { by[1] * $0 + by[2] * ($1 * $1) }
      #expect(bits(first) == bits(plainFirst) && bits(second) == bits(plainSecond))
      #expect(
        bits(into)
          == placed(zip(plainFirst, plainSecond).map { by[3] * $0 / ($1.squareRoot() * by[4] + by[5]) }))
      (into, second) = (start, v)
      loops.rootMeanSquare(g, &second, count, by[1], by[2], by[3], by[5], &into, adds)
      #expect(bits(second) == bits(plainSecond))
      #expect(bits(into) == placed(zip(g, plainSecond).map { by[3] * $0 / ($1.squareRoot() + by[5]) }))
      into = start
      loops.descend(g, count, by[3], &into, adds)
      #expect(bits(into) == placed(g.map { by[3] * $0 }))
    }
  }
}
