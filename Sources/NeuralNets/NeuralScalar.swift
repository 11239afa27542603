// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels
@preconcurrency import CNumerics
import Foundation

/// A number that networks compute with: `Float` where agents learn, `Double` where gradients are checked.
///
/// Entry points of this room are marked `@_specialize` for both, because generic code that is called from another
/// module would otherwise run unspecialised, ten times as slowly.
package protocol NeuralScalar: KernelScalar {
  /// C ← A B, all matrices row by row without gaps; where `transposed`, the operand is stored as its transpose.
  ///
  /// | symbol | shape |
  /// |---|---|
  /// | A | rows × depth |
  /// | B | depth × columns |
  /// | C | rows × columns |
  ///
  /// In single precision small ones are our own: of these every processor with fused products makes the same bits.
  static func multiply(
    _ a: UnsafePointer<Self>, transposed aTransposed: Bool, _ b: UnsafePointer<Self>, transposed bTransposed: Bool,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int)

  /// A layer, C ← X Wᵀ + b with X of rows × depth and W of columns × depth, where what does not lie above zero is multiplied by
  /// a slope; 1 leaves it as it is.
  static func layer(
    _ x: UnsafePointer<Self>, _ weights: UnsafePointer<Self>, _ biases: UnsafePointer<Self>, slope: Self,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int)

  /// Back through a layer: C ← Δ W with Δ of rows × depth and W of depth × columns, multiplied by the slope where the values of
  /// the layer before do not lie above zero; and the sums of the columns, from the first row on.
  static func layerBefore(
    _ delta: UnsafePointer<Self>, _ weights: UnsafePointer<Self>, values: UnsafePointer<Self>, slope: Self,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int, sums: UnsafeMutablePointer<Self>)

  /// y ← A x with a matrix of rows × columns, or y ← Aᵀ x, where the entries of x lie `stride` apart.
  static func multiply(
    _ a: UnsafePointer<Self>, transposed: Bool, _ x: UnsafePointer<Self>, stride: Int,
    into y: UnsafeMutablePointer<Self>, rows: Int, columns: Int)

  /// log Σ exp z of each row, without overflow.
  static func logSums(_ z: UnsafePointer<Self>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Self>)

  /// z − log Σ exp z of each row, without overflow; may be put in the place of z.
  static func logProbabilities(
    _ z: UnsafePointer<Self>, rows: Int, columns: Int, into logProbabilities: UnsafeMutablePointer<Self>)

  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  /// log(1 + x), exact for small x.
  static func logarithmOfOnePlus(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
}

extension NeuralScalar {
  package static func layer(
    _ x: UnsafePointer<Self>, _ weights: UnsafePointer<Self>, _ biases: UnsafePointer<Self>, slope: Self,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int
  ) {
    multiply(x, transposed: false, weights, transposed: true, into: c, rows: rows, columns: columns, depth: depth)
    addBiasesAndRectify(biases, c, rows: rows, columns: columns, slope: slope)
  }

  package static func layerBefore(
    _ delta: UnsafePointer<Self>, _ weights: UnsafePointer<Self>, values: UnsafePointer<Self>, slope: Self,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int, sums: UnsafeMutablePointer<Self>
  ) {
    multiply(delta, transposed: false, weights, transposed: false, into: c, rows: rows, columns: columns, depth: depth)
    multiplyBySlopes(of: values, c, rows: rows, columns: columns, slope: slope, sums: sums)
  }
}

extension Float: NeuralScalar {
  package static func layer(
    _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ biases: UnsafePointer<Float>, slope: Float,
    into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int
  ) {
    var ending = starling_ending(biases: biases, values: nil, sums: nil, slope: slope)
    if starling_multiply_float(x, false, weights, true, c, rows, columns, depth, &ending) { return }
    multiply(x, transposed: false, weights, transposed: true, into: c, rows: rows, columns: columns, depth: depth)
    addBiasesAndRectify(biases, c, rows: rows, columns: columns, slope: slope)
  }

  package static func layerBefore(
    _ delta: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, values: UnsafePointer<Float>, slope: Float,
    into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int, sums: UnsafeMutablePointer<Float>
  ) {
    var ending = starling_ending(biases: nil, values: values, sums: sums, slope: slope)
    if starling_multiply_float(delta, false, weights, false, c, rows, columns, depth, &ending) { return }
    multiply(delta, transposed: false, weights, transposed: false, into: c, rows: rows, columns: columns, depth: depth)
    multiplyBySlopes(of: values, c, rows: rows, columns: columns, slope: slope, sums: sums)
  }

  package static func multiply(
    _ a: UnsafePointer<Float>, transposed aTransposed: Bool, _ b: UnsafePointer<Float>, transposed bTransposed: Bool,
    into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int
  ) {
    if starling_multiply_float(a, aTransposed, b, bTransposed, c, rows, columns, depth, nil) { return }
    cblas_sgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(depth), 1, a, blasint(aTransposed ? rows : depth),
      b, blasint(bTransposed ? depth : columns), 0, c, blasint(columns))
  }

  package static func multiply(
    _ a: UnsafePointer<Float>, transposed: Bool, _ x: UnsafePointer<Float>, stride: Int,
    into y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    cblas_sgemv(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), 1, a,
      blasint(columns), x, blasint(stride), 0, y, 1)
  }

  package static func logSums(
    _ z: UnsafePointer<Float>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Float>
  ) { starling_log_sums_float(z, rows, columns, sums) }

  package static func logProbabilities(
    _ z: UnsafePointer<Float>, rows: Int, columns: Int, into logProbabilities: UnsafeMutablePointer<Float>
  ) { starling_log_probabilities_float(z, rows, columns, logProbabilities) }

  package static func exponential(_ x: Float) -> Float { exp(x) }
  package static func logarithm(_ x: Float) -> Float { log(x) }
  package static func logarithmOfOnePlus(_ x: Float) -> Float { log1p(x) }
  package static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
}

extension Double: NeuralScalar {
  package static func multiply(
    _ a: UnsafePointer<Double>, transposed aTransposed: Bool, _ b: UnsafePointer<Double>, transposed bTransposed: Bool,
    into c: UnsafeMutablePointer<Double>, rows: Int, columns: Int, depth: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(depth), 1, a, blasint(aTransposed ? rows : depth),
      b, blasint(bTransposed ? depth : columns), 0, c, blasint(columns))
  }

  package static func multiply(
    _ a: UnsafePointer<Double>, transposed: Bool, _ x: UnsafePointer<Double>, stride: Int,
    into y: UnsafeMutablePointer<Double>, rows: Int, columns: Int
  ) {
    cblas_dgemv(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), 1, a,
      blasint(columns), x, blasint(stride), 0, y, 1)
  }

  package static func logSums(
    _ z: UnsafePointer<Double>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      let z = z + row * columns
      let (greatest, logarithm) = sumOfExponentials(z, columns)
      sums[row] = greatest + logarithm
    }
  }

  package static func logProbabilities(
    _ z: UnsafePointer<Double>, rows: Int, columns: Int, into logProbabilities: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      let z = z + row * columns
      let (greatest, logarithm) = sumOfExponentials(z, columns)
      for column in 0..<columns { logProbabilities[row * columns + column] = z[column] - greatest - logarithm }
    }
  }

  /// The greatest number g of a row and log Σ exp(z − g).
  private static func sumOfExponentials(
    _ z: UnsafePointer<Double>, _ columns: Int
  ) -> (greatest: Double, logarithm: Double) {
    var greatest = z[0]
    for column in 1..<max(1, columns) { greatest = max(greatest, z[column]) }
    var sum = 0.0
    for column in 0..<columns { sum += exp(z[column] - greatest) }
    return (greatest, log(sum))
  }

  package static func exponential(_ x: Double) -> Double { exp(x) }
  package static func logarithm(_ x: Double) -> Double { log(x) }
  package static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
}
