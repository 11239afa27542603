// SPDX-License-Identifier: GPL-3.0-or-later

// A place in a grid world is one of many inputs that is 1 where all others are 0. Most of the arithmetic of such a network
// would be the products with these zeros in its first layer, so what is not zero is multiplied entry by entry instead.

extension Perceptron {
  /// So few inputs are multiplied as a whole, whatever they are.
  private static var fewestSparseInputs: Int { 32 }

  /// A row is sparse if at most one in this many of its entries differs from zero.
  private static var sparsity: Int { 8 }

  /// How many numbers of the workspace, behind what `forward` keeps, products with sparse inputs need as their room.
  func sparseRoomCount(rows: Int) -> Int {
    let layer = self.layer(0)
    return rows == 1 || layer.inputs < Self.fewestSparseInputs
      ? 0 : Scalar.sparseRoomCount(depth: layer.inputs, columns: layer.units)
  }

  /// Whether entries of the first layer are multiplied one by one. It is enough to look at three rows: the results of
  /// both ways differ by rounding alone, and `backward` asks the same of the same inputs as `forward`.
  func isSparse(_ inputs: UnsafePointer<Scalar>, rows: Int) -> Bool {
    guard rows > 1, inputCount >= Self.fewestSparseInputs else { return false }
    func isSparse(_ row: Int) -> Bool {
      var entries = 0
      for index in 0..<inputCount where inputs[row * inputCount + index] != 0 { entries += 1 }
      return entries * Self.sparsity <= inputCount
    }
    return isSparse(0) && isSparse(rows / 2) && isSparse(rows - 1)
  }
}
