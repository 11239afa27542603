// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation

/// A number that networks compute with: `Float` where agents learn, `Double` where gradients are checked.
///
/// Entry points of this room are marked `@_specialize` for both, because generic code that is called from another
/// module would otherwise run unspecialised, ten times as slowly.
package protocol NeuralScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// C ← A B, all matrices row by row without gaps; where `transposed`, the operand is stored as its transpose.
  ///
  /// | symbol | shape |
  /// |---|---|
  /// | A | rows × depth |
  /// | B | depth × columns |
  /// | C | rows × columns |
  static func multiply(
    _ a: UnsafePointer<Self>, transposed aTransposed: Bool, _ b: UnsafePointer<Self>, transposed bTransposed: Bool,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int)

  /// y ← A x with a matrix of rows × columns, or y ← Aᵀ x, where the entries of x lie `stride` apart.
  static func multiply(
    _ a: UnsafePointer<Self>, transposed: Bool, _ x: UnsafePointer<Self>, stride: Int,
    into y: UnsafeMutablePointer<Self>, rows: Int, columns: Int)

  /// C ← S Bᵀ, where most entries of S are zero; the other shapes are those of A and B above, B stored as its transpose.
  ///
  /// - Parameter room: depth × columns numbers, overwritten.
  static func multiplySparse(
    _ s: UnsafePointer<Self>, _ b: UnsafePointer<Self>, into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int,
    depth: Int, room: UnsafeMutablePointer<Self>)

  /// C ← Aᵀ S with A of rows × columns and S of rows × depth, where most entries of S are zero.
  ///
  /// - Parameter room: depth × columns numbers, overwritten.
  static func multiply(
    _ a: UnsafePointer<Self>, bySparse s: UnsafePointer<Self>, into c: UnsafeMutablePointer<Self>, rows: Int,
    columns: Int, depth: Int, room: UnsafeMutablePointer<Self>)

  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  /// log(1 + x), exact for small x.
  static func logarithmOfOnePlus(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
  /// The square root, in a form that loops over it can vectorise.
  static func root(_ x: Self) -> Self
}

extension Float: NeuralScalar {
  package static func multiply(
    _ a: UnsafePointer<Float>, transposed aTransposed: Bool, _ b: UnsafePointer<Float>, transposed bTransposed: Bool,
    into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int
  ) {
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

  package static func multiplySparse(
    _ s: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int,
    depth: Int, room: UnsafeMutablePointer<Float>
  ) { starling_sparse_product_float(s, rows, depth, b, columns, room, c) }

  package static func multiply(
    _ a: UnsafePointer<Float>, bySparse s: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, rows: Int,
    columns: Int, depth: Int, room: UnsafeMutablePointer<Float>
  ) { starling_sparse_gradient_float(s, rows, depth, a, columns, room, c) }

  package static func exponential(_ x: Float) -> Float { exp(x) }
  package static func logarithm(_ x: Float) -> Float { log(x) }
  package static func logarithmOfOnePlus(_ x: Float) -> Float { log1p(x) }
  package static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
  package static func root(_ x: Float) -> Float { starling_square_root_float(x) }
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

  package static func multiplySparse(
    _ s: UnsafePointer<Double>, _ b: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, rows: Int,
    columns: Int,
    depth: Int, room: UnsafeMutablePointer<Double>
  ) { starling_sparse_product_double(s, rows, depth, b, columns, room, c) }

  package static func multiply(
    _ a: UnsafePointer<Double>, bySparse s: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, rows: Int,
    columns: Int, depth: Int, room: UnsafeMutablePointer<Double>
  ) { starling_sparse_gradient_double(s, rows, depth, a, columns, room, c) }

  package static func exponential(_ x: Double) -> Double { exp(x) }
  package static func logarithm(_ x: Double) -> Double { log(x) }
  package static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  package static func root(_ x: Double) -> Double { starling_square_root_double(x) }
}
