// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Scenarios

/// Whether two studies are one: by what their scenarios mean when they are read today.
///
/// A results file keeps the whole scenario. So a key that did not exist when it was written has its default, one that a
/// later version writes in another way has its value, and keys that say nothing beside the choices of an arm, such as
/// the units of networks where none learns, tell nothing apart.
package enum StudyIdentity {
  /// How two studies differ, a line for each setting; empty where they are one.
  ///
  /// - Throws: `ScenarioError` where a scenario cannot be read any more.
  package static let differences: StudyComparison = { known, asked in
    var (old, new) = (known, asked)
    let (oldValues, newValues) = (try values(of: known), try values(of: asked))
    let places = Dictionary(zip(asked.arms.map(\.name), asked.arms.indices)) { first, _ in first }
    for (index, arm) in known.arms.enumerated() {
      guard let other = places[arm.name] else { continue }
      let used = oldValues[index].used.union(newValues[other].used)
      old.arms[index].settings = oldValues[index].texts.filter { used.contains($0.key) }
      new.arms[other].settings = newValues[other].texts.filter { used.contains($0.key) }
    }
    return old.differences(in: new)
  }

  /// The settings of each arm as today's program writes them, and which of them say something.
  private static func values(of header: StudyHeader) throws -> [(texts: [String: String], used: Set<String>)] {
    let scenario = try Scenario(of: header)
    return scenario.arms.map { arm in
      let values = scenario.values(of: arm)
      return (kept(values), Set(values.lazy.filter { !$0.isHidden }.map(\.path)))
    }
  }
}

extension Scenario {
  /// The scenario of a results file, with the arms that its header names: those that it writes, or the cells of its
  /// sweep.
  ///
  /// - Parameters:
  ///   - isRun: whether the files that it names are read; else their checksums stand for them.
  ///   - folder: where these lie: the present folder, or a path that ends with a slash.
  /// - Throws: where it cannot be read, or gives other arms than it once did.
  package init(of header: StudyHeader, isRun: Bool = false, folder: String = "") throws(ScenarioError) {
    let name = "the scenario of '\(header.name)'"
    let names = header.arms.map(\.name)
    func read(_ arms: ArmChoice) throws(ScenarioError) -> Scenario {
      try Scenario.parse(stored: header.scenario, file: name, arms: arms, readsFiles: isRun, folder: folder)
    }
    let written = try read(.written)
    if written.arms.map(\.name) == names {
      self = written
    } else {
      let swept = written.sweep.isEmpty ? written : try read(.swept)
      guard swept.arms.map(\.name) == names else {
        throw ScenarioError(file: name, message: "its arms are not those of the file any more")
      }
      self = swept
    }
  }
}
