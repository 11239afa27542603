// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// How the weights of a layer start. Biases start at zero, except where it says otherwise.
package enum Initialisation: Sendable, Hashable {
  /// A matrix with orthonormal rows, or columns if there are fewer of them, uniform among these, times the gain.
  ///
  /// Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning", 2014.
  case orthogonal(gain: Double = 1)
  /// Normal with variance 2 / inputs.
  ///
  /// Source: He et al., "Delving deep into rectifiers", 2015, equation 10.
  case heNormal
  /// Uniform with that variance.
  case heUniform
  /// Normal with variance 2 gain² / (inputs + units).
  ///
  /// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
  case xavierNormal(gain: Double = 1)
  /// Uniform with that variance: equation 16 of the same.
  case xavierUniform(gain: Double = 1)
  /// Weights and biases uniform over ±1 / √inputs, as PyTorch's `Linear` starts.
  case uniformByInputs
  /// Weights uniform over ±gain √(3 / inputs).
  case scaledUniform(gain: Double)
  /// Weights normal with mean zero, and all biases equal.
  case normal(deviation: Double, bias: Double = 0)
}

extension Perceptron {
  /// Writes starting parameters, drawn in double precision whatever the scalar.
  ///
  /// *Randomness*: takes one number for each weight, layer after layer, and for each bias where these are random; more
  /// where the ziggurat rejects. So two perceptrons of an agent need an index each.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func initialise(
    _ parameters: UnsafeMutablePointer<Scalar>, hidden: Initialisation, output: Initialisation,
    from draws: inout Draws
  ) {
    for position in 0..<layerCount {
      let layer = self.layer(position)
      let kind = position == layerCount - 1 ? output : hidden
      let weights = kind.weights(units: layer.units, inputs: layer.inputs, from: &draws)
      for (index, weight) in weights.enumerated() { parameters[layer.weights + index] = Scalar(weight) }
      let biases = kind.biases(units: layer.units, inputs: layer.inputs, from: &draws)
      for (index, bias) in biases.enumerated() { parameters[layer.biases + index] = Scalar(bias) }
    }
  }
}

extension Initialisation {
  /// Units × inputs weights, row by row.
  func weights(units: Int, inputs: Int, from draws: inout Draws) -> [Double] {
    let count = units * inputs
    let (fanIn, fans) = (Double(inputs), Double(inputs + units))
    switch self {
    case .orthogonal(let gain):
      return orthogonalMatrix(rows: units, columns: inputs, from: &draws).map { gain * $0 }
    case .heNormal: return normal(count, variance: 2 / fanIn, from: &draws)
    case .heUniform: return uniform(count, variance: 2 / fanIn, from: &draws)
    case .xavierNormal(let gain): return normal(count, variance: 2 * gain * gain / fans, from: &draws)
    case .xavierUniform(let gain): return uniform(count, variance: 2 * gain * gain / fans, from: &draws)
    case .uniformByInputs: return uniform(count, variance: 1 / (3 * fanIn), from: &draws)
    case .scaledUniform(let gain): return uniform(count, variance: gain * gain / fanIn, from: &draws)
    case .normal(let deviation, _): return normal(count, variance: deviation * deviation, from: &draws)
    }
  }

  func biases(units: Int, inputs: Int, from draws: inout Draws) -> [Double] {
    switch self {
    case .uniformByInputs: uniform(units, variance: 1 / (3 * Double(inputs)), from: &draws)
    case .normal(_, let bias): Array(repeating: bias, count: units)
    default: Array(repeating: 0, count: units)
    }
  }

  private func normal(_ count: Int, variance: Double, from draws: inout Draws) -> [Double] {
    let deviation = variance.squareRoot()
    return standardNormals(count, from: &draws).map { deviation * $0 }
  }

  /// Uniform over ±√(3 variance).
  private func uniform(_ count: Int, variance: Double, from draws: inout Draws) -> [Double] {
    let bound = (3 * variance).squareRoot()
    return (0..<count).map { _ in bound * (2 * draws.uniform() - 1) }
  }
}

/// So many independent standard normal numbers.
func standardNormals(_ count: Int, from draws: inout Draws) -> [Double] {
  var numbers = [Double](repeating: 0, count: count)
  numbers.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
  return numbers
}

/// A matrix with orthonormal rows, or columns if there are fewer of them, row by row; uniform among all of these.
///
/// Normal vectors, made orthonormal one after the other (Gram and Schmidt, each vector twice, which is enough for
/// rounding to leave no trace). That is a QR factorisation whose R has a positive diagonal, so that Q is uniform. Plain
/// loops give the same bits with every processor, where a library's factorisation might not.
///
/// Source: Mezzadri, "How to generate random matrices from the classical compact groups", 2007; Giraud, Langou and
/// Rozložník, "The loss of orthogonality in the Gram-Schmidt orthogonalization process", 2005.
///
/// *Complexity*: 4 · rows · columns · min(rows, columns) operations.
func orthogonalMatrix(rows: Int, columns: Int, from draws: inout Draws) -> [Double] {
  let (count, length) = (min(rows, columns), max(rows, columns))
  var vectors = standardNormals(count * length, from: &draws)
  vectors.withUnsafeMutableBufferPointer { vectors in
    guard let base = vectors.baseAddress else { return }
    for index in 0..<count {
      let vector = base + index * length
      for _ in 0..<2 {
        for earlier in 0..<index { removeProjection(of: vector, on: base + earlier * length, count: length) }
      }
      let norm = innerProduct(vector, vector, count: length).squareRoot()
      for entry in 0..<length { vector[entry] /= norm }
    }
  }
  if rows <= columns { return vectors }
  return (0..<rows * columns).map { vectors[$0 % columns * length + $0 / columns] }
}

private func removeProjection(
  of vector: UnsafeMutablePointer<Double>, on direction: UnsafeMutablePointer<Double>, count: Int
) {
  let length = innerProduct(vector, direction, count: count)
  for entry in 0..<count { vector[entry] -= length * direction[entry] }
}

/// Σ a b in eight interleaved sums, in an order that is the same everywhere.
private func innerProduct(
  _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, count: Int
) -> Double {
  var sums = SIMD8<Double>.zero
  let whole = count & ~7
  for start in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 { sums[lane] += a[start + lane] * b[start + lane] }
  }
  var sum = sums.sum()
  for entry in whole..<count { sum += a[entry] * b[entry] }
  return sum
}
