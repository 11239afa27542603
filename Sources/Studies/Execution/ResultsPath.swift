// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Results
import Scenarios

/// Where the results of a study go that names no file: the name is that of the study, with the overrides that make it
/// another one. Results that an earlier version began under the name that it gave go on there.
///
/// - Parameters:
///   - name: of the study, or of the part of it that is run.
///   - matching: how step sizes are matched, as the name says it.
package func usualResultsPath(
  _ name: String, overrides: [String], matching: [String], shard: Shard?, of scenario: Scenario
) -> String {
  let ending = shard.map { "-shard-\($0.number)-of-\($0.count)" } ?? ""
  let changes = changingStudy(overrides)
  let texts = [name] + changes + matching
  let paths = [fileName(of: texts), earlierFileName(of: texts)].map { "results/\($0)\(ending).sqlite" }
  guard paths[0] != paths[1], !ResultsReader.isThere(paths[0]), let file = try? StudyProgress(paths[1]) else {
    return paths[0]
  }
  return file.header.name == scenario.name && changingStudy(file.header.overrides) == changes ? paths[1] : paths[0]
}

/// The overrides that make a study another one: more replications of it are the same.
private func changingStudy(_ overrides: [String]) -> [String] {
  overrides.filter { !$0.hasPrefix("replications=") }
}
