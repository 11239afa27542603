// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import Schema

/// A file with an edge on each line: two names with blanks, a tab or a comma between them, and perhaps a weight: a
/// number, or as NetworkX writes it, `{'weight': 0.5}`. What follows a `#` is a comment. What it says becomes part of
/// the scenario, as if the edges had been written there.
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
      let edge: NetworkSettings.Edge
      do throws(LineFault) {
        guard let read = try Self.edge(line) else { continue }
        edge = read
      } catch {
        throw self.error(error.message, in: text, line: index + 1, hint: error.hint)
      }
      if let earlier = lineOfEdge.updateValue(index + 1, forKey: edge.ends(isDirected: isDirected)) {
        let what = isDirected ? "from '\(edge.first)' to" : "between '\(edge.first)' and"
        throw error(
          "the edge \(what) '\(edge.second)' is given twice", in: text, line: index + 1,
          hint: "it is in line \(earlier), too")
      }
      edges.append(edge)
    }
    return edges
  }

  /// What keeps a line from being an edge.
  private struct LineFault: Error {
    let message: String
    var hint: String?
  }

  /// The edge of a line; nothing where the line says nothing.
  private static func edge(_ line: Substring.UTF8View) throws(LineFault) -> NetworkSettings.Edge? {
    let said = line.prefix { $0 != UInt8(ascii: "#") }
    let data = said.firstIndex(of: UInt8(ascii: "{")) ?? said.endIndex
    let words = said[..<data].split { " \t\r,".utf8.contains($0) }.map { String(Substring($0)) }
    guard !words.isEmpty || data < said.endIndex else { return nil }
    guard words.count == 2 || words.count == 3 && data == said.endIndex else {
      throw LineFault(
        message: "an edge is two names and perhaps a weight, here are \(counted(words.count, "word"))",
        hint: "such as 'a b', 'a,b' or 'a b 0.3'")
    }
    guard words[0] != words[1] else { throw LineFault(message: "'\(words[0])' is linked with itself") }
    let weight = words.count == 3 ? words[2] : try self.weight(of: String(Substring(said[data...])))
    guard let weight else { return NetworkSettings.Edge(words[0], words[1]) }
    guard let (number, unit) = numberAndUnit(weight), unit.isEmpty, number.value >= 0, number.value.isFinite,
      !number.underflows
    else {
      throw LineFault(
        message: "'\(shown(weight))' is no weight of an edge", hint: "a number of at least 0; '#' begins a comment")
    }
    return NetworkSettings.Edge(words[0], words[1], weight: number.value)
  }

  /// The weight among the data of an edge that NetworkX writes, such as `{'weight': 0.5}`; nothing of `{}`.
  private static func weight(of data: String) throws(LineFault) -> String? {
    let inner = data.trimmingCharacters(in: .whitespaces)
    if inner.isEmpty || inner == "{}" { return nil }
    let parts = inner.dropFirst().dropLast().split(separator: ":", maxSplits: 1).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard inner.hasSuffix("}"), parts.count == 2, ["'weight'", "\"weight\""].contains(parts[0]) else {
      throw LineFault(
        message: "the data of an edge can be its weight only, here they are '\(shown(inner))'",
        hint: "such as {'weight': 0.3}; networkx.write_edgelist(graph, path, data=['weight']) writes no others")
    }
    return parts[1]
  }

  private func error(_ message: String, in text: String, line: Int, hint: String? = nil) -> ScenarioError {
    let source = Source(file: name, text: text)
    let width = source.lines[line - 1].count
    return ScenarioError(message, at: source.place(line: line, column: 1, width: width), hint: hint)
  }
}
