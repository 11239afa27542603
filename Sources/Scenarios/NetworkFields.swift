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
  var arguments = Arguments()
  /// A file to read the edges from, beside the scenario.
  var edgesFile: String?
  var sendTo = NetworkSettings.SendTo.all
  var edgesComeAndGo: NetworkSettings.EdgeSpells?
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
    sendTo = settings.sendTo
    edgesComeAndGo = settings.edgesComeAndGo
    requiresConnection = settings.requiresConnection
    redraws = settings.redraws
    requiresDoublyStochastic = settings.requiresDoublyStochastic
  }

  static let mostAgents = TopologyDefinition.mostAgents

  /// The key of the file from which edges are read.
  static let edgesFileKey = "edges-file"

  static var record: Record<NetworkDraft> {
    let edgesFile = Field(
      edgesFileKey, \NetworkDraft.edgesFile, Codec<String>.line.orWord(),
      "instead of edges, a file with a pair on each line", hidden: { $0.edgesFile == nil })
    return Record(
      [
        Field(
          choice: "topology", \.topology, of: TopologyDefinition.all, "topologies", "how the graph is made",
          required: true)
      ]
        + Field.parameters(of: TopologyDefinition.all.map(\.parameters), \.arguments, special: [agents]) + [edgesFile]
        + [Field(choice: "weights", \.rule, of: CombinationRule.all, "weights", "rule of the combination matrix")]
        + Field.parameters(
          of: CombinationRule.all.map { $0.parameters.filter { $0.kind != .edges } }, \.arguments)
        + [
          Field(
            "send-to", \.sendTo, .choice,
            "whom an agent sends its estimate to: all that hear it; one-peer: with topology exponential, those a power of two "
              + "away in turn; random-neighbour: one that is drawn for each step", hidden: { $0.sendTo == .all }),
          Field(
            "edges-come-and-go", \.edgesComeAndGo, NetworkSettings.EdgeSpells.codec.orWord(),
            "how long each edge is there and away, in turn, which both ends know",
            keysBelow: NetworkSettings.EdgeSpells.schemaKeys, hidden: { $0.edgesComeAndGo == nil }),
          Field("require-connected", \.requiresConnection, .flag, "whether a graph in several pieces is refused"),
          Field("redraws", \.redraws, .count(0...1_000_000), "how often a random graph in pieces is drawn again"),
          Field(
            "require-doubly-stochastic", \.requiresDoublyStochastic, .choice,
            "whether a matrix whose rows do not sum to one is refused"),
        ])
  }

  /// What `agents` takes with one topology or another: they are counted or named.
  private static var agents: Parameter {
    let count = Kind.count(1...mostAgents)
    return Parameter(
      "agents", .described(.either([.list(.line), count]), "\(count.allowed); of an edge-list the list of names"),
      "how many agents")
  }
}
