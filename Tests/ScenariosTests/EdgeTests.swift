// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Scenarios
import Testing

private func text(_ network: String) -> String {
  """
  name: edges
  task: {kind: linear-regression, dimension: 1}
  network: \(network)
  learner: {step-size: 0.02}
  measure: {until: 10 s, every: 1 s}

  """
}

/// What is wrong with a network, without its place.
private func mistake(network: String) -> String? {
  do {
    _ = try Scenario.parse(text: text(network), file: "network.yaml")
    return nil
  } catch { return [error.message, error.hint].compactMap { $0 }.joined(separator: " | ") }
}

// MARK: - Edges from a file

/// The scenario of a folder in which `edges.txt` has a text.
private func scenario(edges: String, _ more: String = "") throws -> Scenario {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try edges.write(to: folder.appendingPathComponent("edges.txt"), atomically: true, encoding: .utf8)
  let file = folder.appendingPathComponent("scenario.yaml")
  try text("{topology: edge-list, edges-file: edges.txt\(more)}").write(to: file, atomically: true, encoding: .utf8)
  return try Scenario.load(path: file.path)
}

private func mistake(edges: String, _ more: String = "") -> String? {
  do {
    _ = try scenario(edges: edges, more)
    return nil
  } catch { return "\(error)" }
}

@Test func edgesOfAFileBecomePartOfTheScenario() throws {
  let read = try scenario(edges: "# a triangle\na b\nb,c  # and\n\n\tc , a\r\n")
  let written = try scenario(text("{topology: edge-list, edges: [[a, b], [b, c], [c, a]]}"))
  #expect(read == written)
  #expect(
    read.resolvedText().contains("edges: [[a, b], [b, c], [c, a]]") && !read.resolvedText().contains("edges-file"))
}

@Test func linesThatAreNoEdgesAreShownWithTheirPlace() {
  #expect(
    mistake(edges: "a b\nb c d\n") == """
      edges.txt:2:1: error: 'd' is no weight of an edge
       2 | b c d
         | ^~~~~ a number of at least 0; '#' begins a comment
      """)
  #expect(
    mistake(edges: "a\n")?.contains("edges.txt:1:1: error: an edge is two names and perhaps a weight, here are 1 word")
      == true)
  #expect(
    mistake(edges: "a b\nb a\n")?.contains("edges.txt:2:1: error: the edge between 'b' and 'a' is given twice") == true)
  #expect(mistake(edges: "a b\nb a\n", ", directed: true, weights: averaging") == nil)
  #expect(mistake(edges: "a a\n")?.contains("edges.txt:1:1: error: 'a' is linked with itself") == true)
  #expect(mistake(edges: "# nothing\n")?.contains("a network has 1 to 1000000 agents, here it has 0") == true)
  #expect(mistake(edges: "a b\n", ", edges: [[a, b]]")?.contains("network has both 'edges' and 'edges-file'") == true)
  #expect(
    mistake(network: "{topology: edge-list, edges-file: nowhere.txt}")?.hasPrefix("there is no file nowhere.txt")
      == true)
}

// MARK: - Weights of edges

/// The combination matrix of a network with names a, b, c, rows l and columns k.
private func matrix(_ scenario: Scenario) throws -> [[Double]] {
  let network = try Network(scenario.arms[0].settings.network, seed: 1, replication: 0)
  var matrix = [[Double]](repeating: [Double](repeating: 0, count: network.nodeCount), count: network.nodeCount)
  for agent in 0..<network.nodeCount { matrix[agent][agent] = network.selfWeights[agent] }
  for link in 0..<network.linkCount {
    matrix[network.senders[link].index][network.receivers[link].index] = network.weights[link]
  }
  return matrix
}

@Test(arguments: [
  "a b 0.25\nb c 0.5\n", "a,b,0.25\r\nb,c,0.5\r\n", "a b {'weight': 0.25}\nb c {'weight': 0.5}\n",
  "a\tb\t{\"weight\": 2.5e-1}\n# b\nb\tc\t{ \"weight\" : .5 } # half\n",
])
func weightsOfEdgesBecomeThoseOfCombination(_ edges: String) throws {
  let read = try scenario(edges: edges, ", weights: edge-weights")
  #expect(try matrix(read) == [[0.75, 0.25, 0], [0.25, 0.25, 0.5], [0, 0.5, 0.5]])
  let shown = read.resolvedText()
  #expect(shown.contains("edges: [[a, b, 0.25], [b, c, 0.5]]"))
  #expect(try Scenario.parse(text: shown, file: "shown.yaml") == read)
}

@Test func weightsOfLinksGoFromTheSenderToTheReceiver() throws {
  let read = try Scenario.parse(
    text: text(
      "{topology: edge-list, directed: true, weights: edge-weights, edges: [[a, b, 0.25], [b, c, 0.5], [c, a, 1]]}"),
    file: "edges.yaml")
  #expect(try matrix(read) == [[0, 0.25, 0], [0, 0.75, 0.5], [1, 0, 0.5]])
}

@Test func edgesWithoutDataHaveNoWeights() throws {
  #expect(try scenario(edges: "a b {}\nb c {}\n") == scenario(edges: "a b\nb c\n"))
}

@Test func weightsThatNoRuleTakesOrThatAreNoneAreRefused() {
  #expect(
    mistake(edges: "a b 0.5\n")?.contains("the edges have weights, which weights metropolis does not take") == true)
  #expect(
    mistake(network: "{topology: edge-list, edges: [[a, b, 0.5]], weights: averaging}")
      == "the edges have weights, which weights averaging does not take | use network.weights: edge-weights, or leave the "
      + "weights of the edges out")
  let ruled = ", weights: edge-weights"
  #expect(mistake(edges: "a b 0.5\nb c\n", ruled)?.contains("The edge of ‘b’ and ‘c’ has no weight.") == true)
  #expect(mistake(edges: "a b 0.6\nb c 0.5\n", ruled)?.contains("The edges of ‘b’ weigh 1.1 together") == true)
  for weight in [
    "-0.1", "nan", "inf", "1e999", "1e-999", "0.5 s", "{'weight': x}", "{'weight': 0.1, 'color': 1}", "{'w': 1}",
  ] {
    let said = mistake(edges: "a b \(weight)\n", ruled) ?? ""
    #expect(said.hasPrefix("edges.txt:1:1: error: "), "\(weight): \(said)")
  }
  #expect(
    mistake(edges: "source,target,weight\na,b,0.5\n", ruled)?.contains("'weight' is no weight of an edge") == true)
  #expect(
    mistake(network: "{topology: ring, agents: 4, weights: edge-weights}")?.hasPrefix(
      "weights edge-weights needs 'edges'")
      == true)
}

/// The edges stay where an arm takes another rule, and go where it takes another topology.
@Test func armsKeepTheEdges() throws {
  let network = text("{topology: edge-list, edges: [[a, b, 0.25], [b, c, 0.5]], weights: edge-weights}")
  let arms = "arms: {own: {}, ring: {network.topology: ring, network.agents: 3, network.weights: metropolis}}\n"
  let scenario = try Scenario.parse(text: network + arms, file: "arms.yaml")
  #expect(scenario.arms[1].settings.network.weights == .metropolis)
  let plain = text("{topology: edge-list, edges: [[a, b], [b, c]]}")
  let rules = "arms: {a: {network.weights: averaging}, m: {network.weights: matrix, network.matrix: "
  let both = try Scenario.parse(
    text: plain + rules + "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]}}\n", file: "arms.yaml")
  #expect(both.arms.allSatisfy { $0.settings.network.agentNames == ["a", "b", "c"] })
}
