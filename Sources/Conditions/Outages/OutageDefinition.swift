// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// A kind of causes that take agents down and let them up again by themselves, whatever else happens.
///
/// A kind is one file in `Outages/` that makes one of these, and a line in `all`.
package struct OutageDefinition: Definition, Equatable {
  /// How scenarios write it.
  package enum Form: Sendable, Equatable {
    /// Its parameters stand among the keys of the cause.
    case plain
    /// They stand in a map under its name.
    case map
    /// A trace stands under its name, which is the one argument.
    case trace(TraceForm)

    var isTrace: Bool { if case .trace = self { true } else { false } }
  }

  /// What scenarios call it: the key of its parameters, unless these stand among the keys of the cause.
  package let name: String
  package let meaning: String
  package let source: String?
  package let parameters: [Parameter]
  package let form: Form
  /// What about the values cannot be, beyond what each parameter allows.
  let check: @Sendable (Arguments) -> Fault?
  let facts: @Sendable (Arguments, OutageQuestion) -> OutageFacts
  let make: @Sendable (Arguments, OutageContext) throws(ConditionError) -> any OutageProcess

  init(
    name: String, meaning: String, source: String? = nil, parameters: [Parameter], form: Form = .map,
    check: @escaping @Sendable (Arguments) -> Fault? = { _ in nil },
    facts: @escaping @Sendable (Arguments, OutageQuestion) -> OutageFacts,
    make: @escaping @Sendable (Arguments, OutageContext) throws(ConditionError) -> any OutageProcess
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.form = form
    self.check = check
    self.facts = facts
    self.make = make
  }

  /// All kinds: a new one is a file of its own and a line here.
  package static let all: [OutageDefinition] = [.failures, .groups, .diurnal, .trace]

  /// The kind of a name.
  package static func named(_ name: String) -> OutageDefinition? { all.first { $0.name == name } }

  /// By the name, as no two share it.
  package static func == (left: OutageDefinition, right: OutageDefinition) -> Bool { left.name == right.name }
}

/// Of what run something of a cause is asked before anything is drawn.
package struct OutageQuestion: Sendable {
  /// Seconds that the run lasts.
  package let until: Double
  /// How many agents the cause is about.
  package let agents: Double

  package init(until: Double, agents: Double) { (self.until, self.agents) = (until, agents) }
}

/// What is known of a cause before anything is drawn.
package struct OutageFacts: Sendable, Equatable {
  /// Seconds between two outages of an agent, in the mean over the run; infinite where there are none.
  package var interval: Double
  /// The share of time that an agent is down in the long run, by this cause alone.
  package var shareDown: Double
  /// Whether two replications can differ by it.
  package var varies: Bool

  package init(interval: Double, shareDown: Double, varies: Bool) {
    (self.interval, self.shareDown, self.varies) = (interval, shareDown, varies)
  }
}

/// What the process of a cause is made from.
package struct OutageContext: Sendable {
  /// The agents of the run, with the groups and regions that they are in.
  package let ground: SelectionGround
  /// Ranks of those that the cause is about, ascending.
  package private(set) var agents: [Int]
  package let seed: UInt64
  package let replication: UInt32
  /// When the run ends: what comes later need not be known.
  package let until: VirtualTime
  /// Where the cause stands in the list of causes: its draws are those of so many further attempts.
  package private(set) var position: UInt32 = 0

  package init(_ ground: SelectionGround, seed: UInt64, replication: UInt32, until: VirtualTime = .never) {
    (self.ground, self.seed, self.replication, self.until) = (ground, seed, replication, until)
    agents = Array(0..<ground.count)
  }

  var names: [String] { ground.agents.names }
  var keys: [EntityKey] { ground.agents.keys }

  /// The same for one of several causes.
  ///
  /// *Randomness*: `choice` of the key's path, once per study, as `SelectionGround` says.
  ///
  /// - Throws: if it names somebody who is not there.
  func of(_ cause: FailureSettings.Cause, at position: Int, among count: Int) throws(ConditionError) -> OutageContext {
    if case .named(let names) = cause.agents, let stranger = names.first(where: { ground.rank($0) == nil }) {
      throw ConditionError(description: "The failing agent '\(stranger)' is not an agent of the network.")
    }
    let path = "conditions.failures" + (count > 1 ? "[\(position)]" : "") + ".agents"
    let choices = StreamFamily(seed: seed, replication: StreamFamily.study, purpose: .choice)
    var context = self
    context.agents = ground.ranks(cause.agents, ChoiceDraw(choices, name: path))
    context.position = UInt32(position)
    return context
  }

  /// The streams of a purpose for some entities.
  func streams(_ purpose: Purpose, of entities: [EntityKey]) -> [StreamKey] {
    let family = StreamFamily(seed: seed, replication: replication, purpose: purpose)
    return entities.map { family.key($0).attempt(position) }
  }
}
