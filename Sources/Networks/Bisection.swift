// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// A way to cut a graph into two halves of ⌈N/2⌉ and ⌊N/2⌋ nodes, the same for equal graphs.
package enum Bisection: String, Sendable, CaseIterable {
  /// Along the second eigenvector of the unweighted Laplacian, so that few edges are cut. Source: Fiedler, "A property of
  /// eigenvectors of nonnegative symmetric matrices and its application to graph theory", 1975.
  case spectral
  /// Half of the nodes that are nearest to one at the rim, found breadth first.
  case breadthFirst = "bfs"

  /// Of more nodes eigenvectors take too long.
  package static let mostNodesOfSpectral = 2000

  /// The nodes of the first half, in rising order.
  ///
  /// - Parameter neighbours: of each node in rising order, every edge both ways.
  /// - Returns: nothing where memory does not suffice for the eigenvectors.
  package func firstHalf(of neighbours: [[Int]]) -> [Int]? {
    let order: [Int]?
    switch self {
    case .spectral: order = Laplacian(neighbours).order()
    case .breadthFirst: order = Self.fromTheRim(neighbours)
    }
    return order.map { $0.prefix((neighbours.count + 1) / 2).sorted() }
  }

  /// All nodes: breadth first from one that is farthest from the first node; those that are not reached come last.
  private static func fromTheRim(_ neighbours: [[Int]]) -> [Int] {
    guard !neighbours.isEmpty else { return [] }
    let (_, distances) = visits(from: 0, neighbours)
    let farthest = distances.compactMap { $0 }.max() ?? 0
    let start = distances.firstIndex { $0 == farthest } ?? 0
    let (order, reached) = visits(from: start, neighbours)
    return order + neighbours.indices.filter { reached[$0] == nil }
  }

  /// The nodes in the order of a breadth-first search, and how far each is.
  private static func visits(from start: Int, _ neighbours: [[Int]]) -> (order: [Int], distances: [Int?]) {
    var distances = [Int?](repeating: nil, count: neighbours.count)
    distances[start] = 0
    var order = [start]
    var next = 0
    while next < order.count {
      let node = order[next]
      next += 1
      for neighbour in neighbours[node] where distances[neighbour] == nil {
        distances[neighbour] = (distances[node] ?? 0) + 1
        order.append(neighbour)
      }
    }
    return (order, distances)
  }
}

/// The unweighted Laplacian D − A of a graph.
private struct Laplacian {
  /// Eigenvalues count as equal, and entries of a vector, that differ by less than this share of the largest.
  private static let tolerance = 1e-9

  private let count: Int
  private let neighbours: [[Int]]

  init(_ neighbours: [[Int]]) {
    count = neighbours.count
    self.neighbours = neighbours
  }

  /// The nodes along the second eigenvector. Where its eigenvalue is multiple it is the projection of the ranks on the
  /// eigenspace, so that nothing depends on how eigenvectors are computed.
  func order() -> [Int]? {
    guard count > 2 else { return Array(0..<count) }
    guard let space = secondEigenspace() else { return nil }
    let middle = Double(count - 1) / 2
    var values = project((0..<count).map { Double($0) - middle }, on: space)
    let length = (0..<count).reduce(0) { $0 + (Double($1) - middle) * (Double($1) - middle) }.squareRoot()
    if values.allSatisfy({ abs($0) < Self.tolerance * length }) {
      values = project((0..<count).map { ($0 == 0 ? 1 : 0) - 1 / Double(count) }, on: space)
    }
    let largest = values.reduce(0) { max($0, abs($1)) }
    let steps = values.map { largest > 0 ? ($0 / (Self.tolerance * largest)).rounded() : 0 }
    return (0..<count).sorted { (steps[$0], $0) < (steps[$1], $1) }
  }

  private func project(_ vector: [Double], on space: [[Double]]) -> [Double] {
    var sum = [Double](repeating: 0, count: count)
    for axis in space {
      let part = zip(axis, vector).reduce(0) { $0 + $1.0 * $1.1 }
      for index in 0..<count { sum[index] += part * axis[index] }
    }
    return sum
  }

  /// An orthonormal basis of the eigenvectors of the second smallest eigenvalue, counted with multiplicity.
  private func secondEigenspace() -> [[Double]]? {
    _ = numericsPrepared
    guard let workspace = gsl_eigen_symmv_alloc(count) else { return nil }
    defer { gsl_eigen_symmv_free(workspace) }
    guard let vectors = gsl_matrix_alloc(count, count) else { return nil }
    defer { gsl_matrix_free(vectors) }
    var entries = [Double](repeating: 0, count: count * count)
    for node in 0..<count {
      entries[node * count + node] = Double(neighbours[node].count)
      for neighbour in neighbours[node] { entries[node * count + neighbour] = -1 }
    }
    var eigenvalues = [Double](repeating: 0, count: count)
    let status = entries.withUnsafeMutableBufferPointer { entries in
      eigenvalues.withUnsafeMutableBufferPointer { eigenvalues in
        var matrix = gsl_matrix_view_array(entries.baseAddress, count, count)
        var values = gsl_vector_view_array(eigenvalues.baseAddress, count)
        return gsl_eigen_symmv(&matrix.matrix, &values.vector, vectors, workspace)
      }
    }
    guard Int(status) == GSL_SUCCESS, let largest = eigenvalues.max() else { return nil }
    let second = eigenvalues.sorted()[1]
    return eigenvalues.indices.filter { abs(eigenvalues[$0] - second) <= Self.tolerance * largest }.map { column in
      (0..<count).map { gsl_matrix_get(vectors, $0, column) }
    }
  }
}
