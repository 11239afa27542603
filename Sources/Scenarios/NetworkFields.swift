// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Schema

/// The section `network` as it is written; which keys go together is checked once it is read.
///
/// Its keys are those of all topologies and combination rules, as these describe their parameters.
struct NetworkDraft {
  var topology = TopologyDefinition.ring
  var rule = CombinationRule.metropolis
  /// What is given of the parameters of all topologies and rules.
  private(set) var arguments: [String: Argument] = [:]
  /// A file to read the edges from, beside the scenario.
  var edgesFile: String?
  var requiresConnection = true
  var redraws = 100
  var requiresDoublyStochastic = NetworkSettings.Requirement.auto

  init() {}

  /// The draft that says the same as the settings.
  init(_ settings: NetworkSettings) {
    topology = settings.topology.definition
    rule = settings.weights.rule
    for parameter in topology.parameters { arguments[parameter.name] = settings.topology.arguments[parameter.name] }
    for parameter in rule.parameters { arguments[parameter.name] = settings.weights.arguments[parameter.name] }
    requiresConnection = settings.requiresConnection
    redraws = settings.redraws
    requiresDoublyStochastic = settings.requiresDoublyStochastic
  }

  subscript(argument key: String) -> Argument? {
    get { arguments[key] }
    set { arguments[key] = newValue }
  }

  static let mostAgents = TopologyDefinition.mostAgents

  /// The key of the file from which edges are read.
  static let edgesFileKey = "edges-file"

  static var record: Record<NetworkDraft> {
    let topologies = namedCodec(TopologyDefinition.all.map { ($0.name, $0) }, "topologies")
    let rules = namedCodec(CombinationRule.all.map { ($0.name, $0) }, "weights")
    let edgesFile = Field(
      edgesFileKey, \NetworkDraft.edgesFile, Codec<String>.line.orWord(),
      "instead of edges, a file with a pair on each line", hidden: { $0.edgesFile == nil })
    return Record(
      [
        Field(
          "topology", \.topology, topologies.map({ $0.1 }, { ($0.name, $0) }), "how the graph is made", required: true)
      ]
        + fields(of: TopologyDefinition.all.map(\.parameters)) + [edgesFile]
        + [Field("weights", \.rule, rules.map({ $0.1 }, { ($0.name, $0) }), "rule of the combination matrix")]
        + fields(of: CombinationRule.all.map { $0.parameters.filter { $0.kind != .edges } })
        + [
          Field("require-connected", \.requiresConnection, .flag, "whether a graph in several pieces is refused"),
          Field("redraws", \.redraws, .count(0...1_000_000), "how often a random graph in pieces is drawn again"),
          Field(
            "require-doubly-stochastic", \.requiresDoublyStochastic, .choice,
            "whether a matrix whose rows do not sum to one is refused"),
        ])
  }

  /// A field for every name among parameters. Parameters of one name have one kind, but for the agents, which are
  /// counted or named.
  private static func fields(of lists: [[Parameter]]) -> [Field<NetworkDraft>] {
    var names: [String] = []
    let all = lists.joined()
    for parameter in all where !names.contains(parameter.name) { names.append(parameter.name) }
    return names.compactMap { name in
      guard let first = all.first(where: { $0.name == name }) else { return nil }
      let isAgents = name == "agents"
      let codec = Codec<Argument>.value(isAgents ? agents : first.kind)
      return Field(
        name, \NetworkDraft.[argument: name], codec.orWord(), isAgents ? "how many agents" : first.meaning,
        hidden: { $0[argument: name] == nil })
    }
  }

  /// What `agents` takes with one topology or another.
  private static var agents: Kind {
    let count = Kind.count(1...mostAgents)
    return .described(.either([.list(.line), count]), "\(count.allowed); of an edge-list the list of names")
  }
}

/// One of some values that have names.
private func namedCodec<Value>(_ values: [(String, Value)], _ what: String) -> Codec<(String, Value)> {
  let names = values.map(\.0)
  return Codec(
    .choice(names),
    read: { (tree, path) throws(ScenarioError) -> (String, Value) in
      if let value = values.first(where: { $0.0 == tree.text }) { return value }
      let guess = tree.text.flatMap { nearest(to: $0, among: names) }
      guard tree.text != "" else { throw mistyped(tree, path, mustBe: alternatives(names)) }
      throw tree.error(
        "\(path) is \(tree.nameOfKind), not one of the \(what) there are",
        hint: guess.map { "did you mean '\($0)'?" }, note: "\(what): " + names.joined(separator: ", "))
    },
    write: { $0.0 })
}
