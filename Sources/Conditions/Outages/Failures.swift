// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

extension OutageDefinition {
  /// Each agent is up and down in turn, whatever the others do.
  ///
  /// *Randomness*: `upTime` and `downTime` of the agent, one draw each per outage, indexed by its number.
  package static let failures = OutageDefinition(
    name: "failures", meaning: "each agent is up and down in turn, for times of two laws",
    source: "an alternating renewal process; Ross, Stochastic processes, 1996, section 3.4.1",
    parameters: RenewalLines.parameters(ofUp: "an agent stays up"), form: .plain,
    check: RenewalLines.fault,
    facts: { arguments, question in RenewalLines.facts(arguments, question, hit: 1) },
    make: { arguments, context in
      let keys = context.agents.map { context.keys[$0] }
      return Failures(
        agents: context.agents.map { NodeID($0) },
        lines: RenewalLines(
          arguments, upKeys: context.streams(.upTime, of: keys), downKeys: context.streams(.downTime, of: keys)))
    })
}

/// Agents that fail each by itself.
private struct Failures: OutageProcess {
  let agents: [NodeID]
  let lines: RenewalLines

  var lineCount: Int { agents.count }

  func agent(_ position: Int, of line: Int) -> NodeID { agents[line] }

  func begin(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    lines.begin(of: outage, of: line, after: time)
  }

  func end(of outage: UInt32, of line: Int, after time: VirtualTime) -> VirtualTime? {
    lines.end(of: outage, of: line, after: time)
  }

  func availability(of agent: NodeID, at seconds: Double) -> Double? {
    agents.position(of: agent) == nil ? 1 : lines.availability(at: seconds)
  }

  func title(of line: Int) -> String { "failures" }
}

extension RenewalLines {
  /// What scenarios say of lines that are up and down in turn.
  package static func parameters(ofUp what: String) -> [Parameter] {
    [
      Parameter("up", .law(.positiveDuration), "how long \(what)"),
      Parameter("down", .law(.positiveDuration), "how long it stays down"),
      Parameter(
        "start", .choice(Start.allCases.map(\.rawValue)),
        "up: a whole time up is still to come; stationary: as somebody finds it who comes by much later",
        .otherwise(.text(Start.up.rawValue))),
    ]
  }

  package init(_ arguments: Arguments, upKeys: [StreamKey], downKeys: [StreamKey]) {
    self.init(
      up: Self.law("up", arguments), down: Self.law("down", arguments), start: Self.start(arguments), upKeys: upKeys,
      downKeys: downKeys)
  }

  private static func law(_ name: String, _ arguments: Arguments) -> Distribution {
    arguments[name]?.law ?? .constant(.infinity)
  }

  private static func start(_ arguments: Arguments) -> Start {
    arguments.text("start").flatMap(Start.init(rawValue:)) ?? .up
  }

  /// Nobody can tell how a line stands at the start whose laws remember.
  static let fault: @Sendable (Arguments) -> Fault? = { arguments in
    guard start(arguments) == .stationary else { return nil }
    let remembers = ["up", "down"].contains { law($0, arguments).definition !== LawDefinition.exponential }
    return remembers ? Fault("start", "stationary goes with exponential laws only", hint: "use up") : nil
  }

  /// - Parameter hit: the probability that an outage of the line is one of the agent.
  static func facts(_ arguments: Arguments, _ question: OutageQuestion, hit: Double) -> OutageFacts {
    let (up, down) = (law("up", arguments), law("down", arguments))
    let withinRun = down.mean(within: question.until)
    return OutageFacts(
      interval: (up.mean(within: question.until) + withinRun) / hit,
      shareDown: hit * (withinRun / max(up.mean + withinRun, .leastNormalMagnitude)),
      varies: !up.isConstant || !down.isConstant || start(arguments) == .stationary || hit < 1)
  }
}
