// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// Sections that choose a definition by name: which parameters go with the choice, and what is wrong with them.
extension Consistency {
  /// Refuses what is given of the parameters of other definitions than the one that is chosen.
  ///
  /// - Parameters:
  ///   - own: parameters that are at home here.
  ///   - choice: the path of the key that chooses; the parameters lie beside it.
  func refuseParameters(
    of all: [some Definition], besides own: [Parameter], at choice: String, here name: String, given: Arguments,
    _ faults: inout Faults
  ) {
    var seen: Set<String> = []
    for key in all.flatMap(\.parameters).map(\.name) where given[key] != nil && seen.insert(key).inserted {
      guard !own.contains(where: { $0.name == key }) else { continue }
      let homes = all.filter { $0.parameters.contains { $0.name == key } }.map(\.name)
      faults.add(goesWith(homes, choice, here: name, key: key))
    }
  }

  /// The error of a key that goes with other choices than the one here.
  func goesWith(_ homes: [String], _ choice: String, here: String, key: String) -> ScenarioError {
    let (section, chooser) = Self.parts(of: choice)
    return error("\(key) goes with \(chooser) \(alternatives(homes)) only, here it is \(here)", at: "\(section).\(key)")
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
      let example = parameters.first { $0.name == name }?.example
      return error("\(owner) needs '\(name)'", at: choice, hint: example.map { "such as \(name): \($0)" })
    case .whole, .noneOf:
      return error("\(owner) \(fault.trouble)", at: choice, hint: fault.hint)
    }
  }

  private static func parts(of path: String) -> (section: String, key: String) {
    let names = path.split(separator: ".")
    return (names.dropLast().joined(separator: "."), names.last.map(String.init) ?? path)
  }
}
