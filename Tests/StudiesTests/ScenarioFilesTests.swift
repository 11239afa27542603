// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Simulation
import Studies
import Testing

/// All scenario files that come with the program, those in folders below included.
private let files: [String] = {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios")
    .standardizedFileURL.path
  let names = FileManager.default.enumerator(atPath: folder)?.allObjects.compactMap { $0 as? String } ?? []
  return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
}()

extension SimulationSettings {
  /// The same for a moment only, and with networks small enough for a test.
  fileprivate var shortened: SimulationSettings {
    var settings = self
    let steps = MemoryLayout<Float>.size == bytesPerParameter ? 3.0 : 20
    settings.measurement.until = min(
      measurement.until, max(measurement.every, .seconds(steps * meanStepSeconds)))
    settings.measurement.every = settings.measurement.until
    settings.measurement.testEpisodes = 1
    if learner.algorithm == .actorCritic {
      settings.learner.actorCritic.hiddenUnits = learner.actorCritic.hiddenUnits.map { min($0, 8) }
    }
    return settings
  }
}

@Test func thereAreScenarioFilesInFoldersToo() {
  #expect(files.contains { $0.hasSuffix("/scenarios/stragglers.yaml") })
  #expect(files.contains { $0.hasSuffix("/diff-dac-async/stragglers.yaml") })
}

@Test(arguments: files) func everyScenarioFileRunsInAllItsArms(file: String) throws {
  let scenario = try Scenario.load(path: file)
  for arm in scenario.arms {
    let settings = arm.settings.shortened
    let record = try simulate(settings, in: World(settings, replication: 0), arm: arm.name)
    #expect(record.messages.accounted == record.messages.sent, "\(arm.name)")
    #expect(record.agents.count == settings.network.agentCount)
  }
}

@Test(arguments: files) func everyScenarioFileSaysWhatItIsAboutAndWhereItsNumbersComeFrom(file: String) throws {
  let header = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").prefix { $0.hasPrefix("#") }
  for heading in ["# Question ", "# Answer ", "# Run time ", "# Source "] {
    #expect(header.contains { $0.hasPrefix(heading) }, "\(heading)")
  }
}
