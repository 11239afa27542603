// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels

/// The sort of processors that the loops in use were compiled for.
package var loopsOfNetworks: String { String(cString: starling_kernels_name()) }

/// A number for which there are loops over vectors as long as the processor's. They give the same bits with every processor,
/// and those of a plain loop.
package protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// A layer, C ← S Bᵀ + b, where most entries of S, of rows × depth, are zero; B is stored as columns × depth. Zeros of S are
  /// not multiplied. What does not lie above zero is multiplied by a slope.
  ///
  /// - Parameter room: `sparseRoomCount` numbers, overwritten.
  static func sparseLayer(
    _ s: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ biases: UnsafePointer<Self>, slope: Self,
    into c: UnsafeMutablePointer<Self>, rows: Int, columns: Int, depth: Int, room: UnsafeMutablePointer<Self>)

  /// C ← Aᵀ S with A of rows × columns and S of rows × depth, where most entries of S are zero.
  ///
  /// - Parameter room: `sparseRoomCount` numbers, overwritten.
  static func multiply(
    _ a: UnsafePointer<Self>, bySparse s: UnsafePointer<Self>, into c: UnsafeMutablePointer<Self>, rows: Int,
    columns: Int, depth: Int, room: UnsafeMutablePointer<Self>)

  /// Adds a bias to each column, and multiplies by a slope what does not lie above zero.
  static func addBiasesAndRectify(
    _ biases: UnsafePointer<Self>, _ values: UnsafeMutablePointer<Self>, rows: Int, columns: Int, slope: Self)

  /// Multiplies a gradient by the slopes of rectifiers at their values, and sums its columns from the first row on.
  static func multiplyBySlopes(
    of values: UnsafePointer<Self>, _ gradient: UnsafeMutablePointer<Self>, rows: Int, columns: Int, slope: Self,
    sums: UnsafeMutablePointer<Self>)

  /// Sums columns from the first row on.
  static func sumRows(
    _ values: UnsafePointer<Self>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Self>)

  /// A gradient times a factor.
  ///
  /// - Parameters:
  ///   - place: where it is put, which may be the gradient, or added to what is there.
  static func descend(
    _ gradient: UnsafePointer<Self>, count: Int, factor: Self, into place: UnsafeMutablePointer<Self>, adds: Bool)

  /// A move of Adam (`Optimiser`), likewise.
  ///
  /// - Parameter state: m, then v.
  static func moveByAdam(
    _ gradient: UnsafePointer<Self>, count: Int, state: UnsafeMutablePointer<Self>, _ numbers: AdamNumbers,
    into place: UnsafeMutablePointer<Self>, adds: Bool)

  /// A move of RMSProp, likewise.
  static func moveByRootMeanSquare(
    _ gradient: UnsafePointer<Self>, count: Int, state: UnsafeMutablePointer<Self>, kept: Self, fresh: Self,
    factor: Self, floor: Self, into place: UnsafeMutablePointer<Self>, adds: Bool)
}

/// The numbers of one move of Adam:
///
///     m ← m + fresh (g − m), v ← kept v + freshSquare g², move factor m / (√v correction + floor)
package struct AdamNumbers: Sendable, BitwiseCopyable {
  let fresh: Double
  let kept: Double
  let freshSquare: Double
  let factor: Double
  let correction: Double
  let floor: Double
}

extension KernelScalar {
  /// How many numbers products with sparse matrices need as their room.
  static func sparseRoomCount(depth: Int, columns: Int) -> Int { starling_sparse_room(depth, columns) }
}

extension Float: KernelScalar {
  package static func sparseLayer(
    _ s: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ biases: UnsafePointer<Float>, slope: Float,
    into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int, room: UnsafeMutablePointer<Float>
  ) { starling_float_kernels().pointee.sparse_layer(s, rows, depth, b, columns, biases, slope, room, c) }

  package static func multiply(
    _ a: UnsafePointer<Float>, bySparse s: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, rows: Int,
    columns: Int, depth: Int, room: UnsafeMutablePointer<Float>
  ) { starling_float_kernels().pointee.sparse_gradient(s, rows, depth, a, columns, room, c) }

  package static func addBiasesAndRectify(
    _ biases: UnsafePointer<Float>, _ values: UnsafeMutablePointer<Float>, rows: Int, columns: Int, slope: Float
  ) { starling_float_kernels().pointee.add_biases_and_rectify(biases, values, rows, columns, slope) }

  package static func multiplyBySlopes(
    of values: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, rows: Int, columns: Int, slope: Float,
    sums: UnsafeMutablePointer<Float>
  ) { starling_float_kernels().pointee.multiply_by_slopes(values, gradient, rows, columns, slope, sums) }

  package static func sumRows(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Float>
  ) { starling_float_kernels().pointee.sum_rows(values, rows, columns, sums) }

  package static func descend(
    _ gradient: UnsafePointer<Float>, count: Int, factor: Float, into place: UnsafeMutablePointer<Float>, adds: Bool
  ) { starling_float_kernels().pointee.descend(gradient, count, factor, place, adds) }

  package static func moveByAdam(
    _ gradient: UnsafePointer<Float>, count: Int, state: UnsafeMutablePointer<Float>, _ numbers: AdamNumbers,
    into place: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    var numbers = starling_adam_of_float(
      fresh: Float(numbers.fresh), kept: Float(numbers.kept), fresh_square: Float(numbers.freshSquare),
      factor: Float(numbers.factor), correction: Float(numbers.correction), floor: Float(numbers.floor))
    starling_float_kernels().pointee.adam(gradient, state, state + count, count, &numbers, place, adds)
  }

  package static func moveByRootMeanSquare(
    _ gradient: UnsafePointer<Float>, count: Int, state: UnsafeMutablePointer<Float>, kept: Float, fresh: Float,
    factor: Float, floor: Float, into place: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    starling_float_kernels().pointee.root_mean_square(
      gradient, state, count, kept, fresh, factor, floor, place, adds)
  }
}

extension Double: KernelScalar {
  package static func sparseLayer(
    _ s: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ biases: UnsafePointer<Double>, slope: Double,
    into c: UnsafeMutablePointer<Double>, rows: Int, columns: Int, depth: Int, room: UnsafeMutablePointer<Double>
  ) { starling_double_kernels().pointee.sparse_layer(s, rows, depth, b, columns, biases, slope, room, c) }

  package static func multiply(
    _ a: UnsafePointer<Double>, bySparse s: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, rows: Int,
    columns: Int, depth: Int, room: UnsafeMutablePointer<Double>
  ) { starling_double_kernels().pointee.sparse_gradient(s, rows, depth, a, columns, room, c) }

  package static func addBiasesAndRectify(
    _ biases: UnsafePointer<Double>, _ values: UnsafeMutablePointer<Double>, rows: Int, columns: Int, slope: Double
  ) { starling_double_kernels().pointee.add_biases_and_rectify(biases, values, rows, columns, slope) }

  package static func multiplyBySlopes(
    of values: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>, rows: Int, columns: Int, slope: Double,
    sums: UnsafeMutablePointer<Double>
  ) { starling_double_kernels().pointee.multiply_by_slopes(values, gradient, rows, columns, slope, sums) }

  package static func sumRows(
    _ values: UnsafePointer<Double>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Double>
  ) { starling_double_kernels().pointee.sum_rows(values, rows, columns, sums) }

  package static func descend(
    _ gradient: UnsafePointer<Double>, count: Int, factor: Double, into place: UnsafeMutablePointer<Double>, adds: Bool
  ) { starling_double_kernels().pointee.descend(gradient, count, factor, place, adds) }

  package static func moveByAdam(
    _ gradient: UnsafePointer<Double>, count: Int, state: UnsafeMutablePointer<Double>, _ numbers: AdamNumbers,
    into place: UnsafeMutablePointer<Double>, adds: Bool
  ) {
    var numbers = starling_adam_of_double(
      fresh: Double(numbers.fresh), kept: Double(numbers.kept), fresh_square: Double(numbers.freshSquare),
      factor: Double(numbers.factor), correction: Double(numbers.correction), floor: Double(numbers.floor))
    starling_double_kernels().pointee.adam(gradient, state, state + count, count, &numbers, place, adds)
  }

  package static func moveByRootMeanSquare(
    _ gradient: UnsafePointer<Double>, count: Int, state: UnsafeMutablePointer<Double>, kept: Double, fresh: Double,
    factor: Double, floor: Double, into place: UnsafeMutablePointer<Double>, adds: Bool
  ) {
    starling_double_kernels().pointee.root_mean_square(
      gradient, state, count, kept, fresh, factor, floor, place, adds)
  }
}
