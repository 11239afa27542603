// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Schema

/// Sections that choose a definition by name: which parameters go with the choice, and what is wrong with them.
extension Consistency {
  /// Refuses what is given of the parameters of other definitions than the one that is chosen.
  ///
  /// - Parameters:
  ///   - own: parameters that are at home here.
  ///   - choice: the path of the key that chooses; the parameters lie beside it.
  func refuseParameters(
    of all: [some Definition], besides own: [Parameter], at choice: String, called noun: String? = nil,
    here name: String, given: Arguments, hints: [String: String] = [:], _ faults: inout Faults
  ) {
    var seen: Set<String> = []
    for parameter in all.flatMap(\.parameters) {
      let key = parameter.name
      guard let value = given[key], seen.insert(key).inserted, !own.contains(where: { $0.name == key }),
        !parameter.saysNothing(value)
      else { continue }
      let homes = all.filter { $0.parameters.contains { $0.name == key } }.map(\.name)
      faults.add(goesWith(homes, choice, called: noun, here: name, key: key, hint: hints[key]))
    }
  }

  /// The error of a key that goes with other choices than the one here.
  ///
  /// - Parameter noun: what a choice is called; nothing means like its key.
  func goesWith(
    _ homes: [String], _ choice: String, called noun: String? = nil, here: String, key: String, hint: String? = nil
  ) -> ScenarioError {
    let (section, chooser) = Self.parts(of: choice)
    let noun = noun ?? chooser
    return error(
      homes.count > 3
        ? "\(key) does not go with \(noun) \(here)"
        : "\(key) goes with \(noun) \(alternatives(homes)) only, here it is \(here)", at: "\(section).\(key)",
      hint: hint)
  }

  /// The parameters of the definition that a section chooses, as far as they can be read and go together whatever they
  /// are for; the rest is refused, each at its place.
  ///
  /// - Parameters:
  ///   - choice: the path of the key that chooses; the parameters lie beside it.
  ///   - noun: what a choice is called, such as a task.
  ///   - hints: what to say to those who give a parameter of another choice.
  /// - Returns: nothing where the definition cannot be given its values.
  func arguments<Chosen: Definition>(
    of all: [Chosen], chosen: Chosen, given: Arguments, at choice: String, called noun: String,
    hints: [String: String] = [:], _ agents: AgentNames?, _ faults: inout Faults
  ) -> Arguments? {
    let section = Self.parts(of: choice).section
    var found = Faults()
    refuseParameters(
      of: all, besides: chosen.parameters, at: choice, called: noun, here: chosen.name, given: given, hints: hints,
      &found)
    for fault in found.found {
      _ = faults.gather(needing: [choice, fault.key ?? choice]) { () throws(ScenarioError) in throw fault }
    }
    var own = Arguments()
    var isSound = true
    for parameter in chosen.parameters {
      let key = "\(section).\(parameter.name)"
      guard let value = given[parameter.name] else { continue }
      let checked = faults.gather(needing: [choice, key]) { () throws(ScenarioError) -> Argument in
        try check(value, of: parameter, owner: "\(noun) \(chosen.name)", at: key, agents)
        return value
      }
      own[parameter.name] = checked
      if checked == nil { isSound = false }
    }
    let whole = faults.gather(needing: [choice, section]) { () throws(ScenarioError) -> Arguments in
      if let fault = own.fault(of: chosen.parameters) {
        throw error(fault, of: chosen.parameters, owner: "\(noun) \(chosen.name)", chosenBy: choice)
      }
      return own
    }
    return isSound ? whole : nil
  }

  /// Refuses words that go with another choice, and lists that are not as long as there are agents.
  private func check(
    _ value: Argument, of parameter: Parameter, owner: String, at key: String, _ agents: AgentNames?
  ) throws(ScenarioError) {
    if let words = parameter.kind.choiceWords, let word = value.text, !words.contains(word) {
      throw valueError(
        "\(parameter.name) \(word) does not go with \(owner)", at: key, hint: "use \(alternatives(words))")
    }
    if case .choice(let words) = parameter.kind, value.text == nil {
      throw valueError("\(parameter.name) of \(owner) must be \(alternatives(words))", at: key)
    }
    if let agents, parameter.kind.hasListPerAgent, let numbers = value.numbers {
      try checkLength(.values(numbers), agents.count, key)
    }
  }

  /// The error of values that do not go together, at the place of the parameter that it is about.
  ///
  /// - Parameters:
  ///   - owner: what the values are of, such as "topology ring".
  ///   - choice: the path of the key that chooses it; the parameters lie beside this key.
  func error(
    _ fault: Fault, of parameters: [Parameter], owner: String, chosenBy choice: String
  ) -> ScenarioError {
    let section = Self.parts(of: choice).section
    switch fault.subject {
    case .parameter(let name):
      let path = "\(section).\(name)"
      return valueError("\(path) \(fault.trouble)", at: path, hint: fault.hint, note: fault.allowed)
    case .both(_, let second):
      return error("\(section) \(fault.trouble)", at: "\(section).\(second)", hint: fault.hint)
    case .missing(let name):
      let parameter = parameters.first { $0.name == name }
      let example = parameter?.example.map { "such as \(name): \($0)" }
      let meaning = example == nil ? parameter.map { "\(name): \($0.meaning); \($0.kind.allowed)" } : nil
      return error("\(owner) needs '\(name)'", at: choice, hint: example, note: meaning)
    case .whole, .noneOf:
      return error("\(owner) \(fault.trouble)", at: choice, hint: fault.hint)
    }
  }

  private static func parts(of path: String) -> (section: String, key: String) {
    let names = path.split(separator: ".")
    return (names.dropLast().joined(separator: "."), names.last.map(String.init) ?? path)
  }
}

extension Parameter {
  /// Whether a value is the one that stands where none is given.
  fileprivate func saysNothing(_ value: Argument) -> Bool {
    guard case .otherwise(let usual) = presence else { return false }
    return Arguments([name: value]).settled(by: [self]) == Arguments([name: usual]).settled(by: [self])
  }
}

extension Kind {
  /// Whether it may be a list with an element for each agent.
  fileprivate var hasListPerAgent: Bool {
    switch self {
    case .listPerAgent: true
    case .described(let kind, _): kind.hasListPerAgent
    case .either(let kinds): kinds.contains(where: \.hasListPerAgent)
    default: false
    }
  }
}
