// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels

/// The loops of one sort of processors, for one type of number.
struct KernelLoops<Scalar: BinaryFloatingPoint> {
  typealias From = UnsafePointer<Scalar>
  typealias Into = UnsafeMutablePointer<Scalar>

  let sparseLayer: (From, Int, Int, From, Int, From, Scalar, Into, Into) -> Void
  let sparseGradient: (From, Int, Int, From, Int, Into, Into) -> Void
  let addBiasesAndRectify: (From, Into, Int, Int, Scalar) -> Void
  let multiplyBySlopes: (From, Into, Int, Int, Scalar, Into) -> Void
  let sumRows: (From, Int, Int, Into) -> Void
  let descend: (From, Int, Scalar, Into, Bool) -> Void
  /// With fresh, kept, fresh square, factor, correction and floor.
  let adam: (From, Into, Into, Int, [Scalar], Into, Bool) -> Void
  let rootMeanSquare: (From, Into, Int, Scalar, Scalar, Scalar, Scalar, Into, Bool) -> Void
}

/// A number for which tests know the loops.
protocol KernelTested: BinaryFloatingPoint {
  static func loops(_ kernels: UnsafePointer<starling_kernels>) -> KernelLoops<Self>
}

extension Float: KernelTested {
  static func loops(_ kernels: UnsafePointer<starling_kernels>) -> KernelLoops<Float> {
    let found = kernels.pointee.of_float
    return KernelLoops(
      sparseLayer: found.sparse_layer, sparseGradient: found.sparse_gradient,
      addBiasesAndRectify: found.add_biases_and_rectify, multiplyBySlopes: found.multiply_by_slopes,
      sumRows: found.sum_rows, descend: found.descend,
      adam: { gradient, m, v, count, numbers, into, adds in
        var by = starling_adam_of_float(
          fresh: numbers[0], kept: numbers[1], fresh_square: numbers[2], factor: numbers[3], correction: numbers[4],
          floor: numbers[5])
        found.adam(gradient, m, v, count, &by, into, adds)
      }, rootMeanSquare: found.root_mean_square)
  }
}

extension Double: KernelTested {
  static func loops(_ kernels: UnsafePointer<starling_kernels>) -> KernelLoops<Double> {
    let found = kernels.pointee.of_double
    return KernelLoops(
      sparseLayer: found.sparse_layer, sparseGradient: found.sparse_gradient,
      addBiasesAndRectify: found.add_biases_and_rectify, multiplyBySlopes: found.multiply_by_slopes,
      sumRows: found.sum_rows, descend: found.descend,
      adam: { gradient, m, v, count, numbers, into, adds in
        var by = starling_adam_of_double(
          fresh: numbers[0], kept: numbers[1], fresh_square: numbers[2], factor: numbers[3], correction: numbers[4],
          floor: numbers[5])
        found.adam(gradient, m, v, count, &by, into, adds)
      }, rootMeanSquare: found.root_mean_square)
  }
}

/// The sorts of loops that this processor can run, by their names.
let kernelNames = ["plain", "avx2", "avx512"].filter { (name: String) in starling_kernels_named(name) != nil }

func kernels(_ name: String) -> UnsafePointer<starling_kernels> {
  guard let found = starling_kernels_named(name) else { preconditionFailure("Tests name what runs here.") }
  return found
}

/// Bits, so that zeros of both signs differ; all that is no number is one.
func bits<Scalar: BinaryFloatingPoint>(_ numbers: [Scalar]) -> [UInt64] {
  numbers.map { $0.isNaN ? .max : Double($0).bitPattern }
}
