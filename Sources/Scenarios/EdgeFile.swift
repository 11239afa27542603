// SPDX-License-Identifier: GPL-3.0-or-later
import Networks

/// A file with an edge on each line: two names with blanks, a tab or a comma between them. What follows a `#` is a
/// comment. What it says becomes part of the scenario, as if the edges had been written there.
struct EdgeFile {
  /// The largest file that is read, in bytes.
  private static let largest = 200_000_000

  /// The path as it is written.
  let name: String
  /// Where the scenario names the file.
  let place: Place

  /// The edges in the order of the file.
  ///
  /// - Throws: at the key of the scenario when the file cannot be read, and at its line when one is no edge.
  func edges(isDirected: Bool) throws(ScenarioError) -> [NetworkSettings.Edge] {
    let text = try CompanionFile(name: name, place: place, largest: Self.largest).text()
    var edges: [NetworkSettings.Edge] = []
    var lineOfEdge: [NetworkSettings.Edge: Int] = [:]
    for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != UInt8(ascii: "#") }.split { " \t\r,".utf8.contains($0) }
      guard !words.isEmpty else { continue }
      guard words.count == 2 else {
        throw error(
          "an edge is two names, here are \(words.count)", in: text, line: index + 1, hint: "such as 'a b' or 'a,b'")
      }
      let edge = NetworkSettings.Edge(String(Substring(words[0])), String(Substring(words[1])))
      guard edge.first != edge.second else {
        throw error("'\(edge.first)' is linked with itself", in: text, line: index + 1)
      }
      let isForwards = isDirected || edge.first < edge.second
      let key = isForwards ? edge : NetworkSettings.Edge(edge.second, edge.first)
      if let earlier = lineOfEdge.updateValue(index + 1, forKey: key) {
        let what = isDirected ? "from '\(edge.first)' to" : "between '\(edge.first)' and"
        throw error(
          "the edge \(what) '\(edge.second)' is given twice", in: text, line: index + 1,
          hint: "it is in line \(earlier), too")
      }
      edges.append(edge)
    }
    return edges
  }

  private func error(_ message: String, in text: String, line: Int, hint: String? = nil) -> ScenarioError {
    let source = Source(file: name, text: text)
    let width = source.lines[line - 1].count
    return ScenarioError(message, at: source.place(line: line, column: 1, width: width), hint: hint)
  }
}
