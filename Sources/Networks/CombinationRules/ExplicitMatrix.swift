// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension CombinationRule {
  /// A matrix that is given: row l and column k hold c_lk, the weight that agent k gives to agent l, agents in the
  /// order of their names. Columns sum to one.
  package static let matrix = CombinationRule(
    name: "matrix",
    meaning: "a matrix that is given",
    parameters: [
      Parameter(
        "matrix", .matrix, "rows l and columns k of weights that agent k gives to agent l",
        example: "[[0.7, 0.3], [0.3, 0.7]]")
    ],
    balance: .free,
    weights: { (graph, arguments) throws(NetworkError) -> CombinationWeights in
      guard let rows = arguments["matrix"]?.matrix else { preconditionFailure("No matrix was given.") }
      try check(rows, on: graph)
      var ofLinks: [Double] = []
      ofLinks.reserveCapacity(graph.linkCount)
      for receiver in 0..<graph.nodeCount {
        for sender in graph.neighbours(of: receiver) { ofLinks.append(rows[Int(sender)][receiver]) }
      }
      return CombinationWeights(ofLinks: ofLinks, ofSelves: rows.indices.map { rows[$0][$0] })
    })
}

extension NetworkSettings.Weights {
  /// A matrix with c_lk in row l and column k.
  package static func matrix(_ rows: [[Double]]) -> Self { Self(.matrix, Arguments(["matrix": .matrix(rows)])) }
}

private func check(_ rows: [[Double]], on graph: Graph) throws(NetworkError) {
  let count = graph.nodeCount
  if let got = ([rows.count] + rows.map(\.count)).first(where: { $0 != count }) {
    throw .weights(.size(rule: "matrix", parameter: "matrix", got: got, agents: count))
  }
  for (sender, row) in rows.enumerated() {
    guard let receiver = row.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) else { continue }
    throw .weights(
      .weight(sender: graph.names[sender], receiver: graph.names[receiver], value: row[receiver]))
  }
  for receiver in 0..<count {
    let sum = rows.reduce(0) { $0 + $1[receiver] }
    guard abs(sum - 1) > CombinationWeights.tolerance else { continue }
    let rowsSumToOne = rows.allSatisfy { abs($0.reduce(0, +) - 1) <= CombinationWeights.tolerance }
    throw .weights(.column(agent: graph.names[receiver], sum: sum, seemsTransposed: rowsSumToOne))
  }
  for receiver in 0..<count {
    let heard = Set(graph.neighbours(of: receiver))
    for sender in 0..<count where rows[sender][receiver] > 0 && sender != receiver && !heard.contains(UInt32(sender)) {
      throw .weights(.noLink(sender: graph.names[sender], receiver: graph.names[receiver]))
    }
  }
}
