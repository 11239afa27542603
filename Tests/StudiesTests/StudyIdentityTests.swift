// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Files
import Foundation
import Records
import Results
import Scenarios
import Simulation
import Studies
import Synchronization
import Testing

private func scenario(_ settings: String..., text: String = plain) throws -> Scenario {
  try Scenario.parse(text: text, file: "identity.yaml", overrides: settings.map { try Override($0) })
}

private let plain = """
  name: identity
  task: {kind: linear-regression, dimension: 2}
  network: {topology: ring, agents: 4}
  learner: {step-size: 0.05}
  conditions: {compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}, links: {loss: 0.1}}
  measure: {until: 3 s, every: 1 s}
  arms: {together: {strategy.timing: synchronous-global}, apart: {}}
  replications: 3
  """

private func provenance(revision: String = "0123456789ab") -> Provenance {
  Provenance(
    command: "starling compare identity.yaml", version: "0.3.0", revision: revision, streams: "philox4x32-10/1",
    libraries: [:], blasCore: "none", processor: "none", processorFlags: [], operatingSystem: "none", host: "here",
    process: 1, jobs: 1)
}

private func withFile(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-identity-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder + "/study.sqlite")
}

/// Goes on with a file as the program does: opens it, and carries out what is missing of some replications.
private func goOn(
  _ path: String, _ scenario: Scenario, replications: Int, revision: String = "0123456789ab", breaking: UInt64 = 0,
  comparison: @escaping StudyComparison = StudyIdentity.differences
) throws -> Set<RunRecord.Identity> {
  let study = try Study(scenario)
  let store = try ResultsStore(
    path: path, header: StudyHeader(study, overrides: []), provenance: provenance(revision: revision),
    comparison: comparison)
  let missing = study.plan(replications: replications).filter { !store.finished.contains($0) }
  for var record in try study.records(of: missing, jobs: 2) {
    record.fingerprint ^= breaking
    try store.write(StoredRun(record: record, wallSeconds: 1))
  }
  try store.close()
  return store.finished
}

private func fingerprints(_ path: String) throws -> [RunRecord.Identity: UInt64] {
  let runs = try ResultsReader.read(path).runs.map { ($0.record.identity, $0.record.fingerprint) }
  return Dictionary(uniqueKeysWithValues: runs)
}

private func differences(_ path: String, _ scenario: Scenario) throws -> [String] {
  try StudyIdentity.differences(
    ResultsReader.read(path).header, StudyHeader(Study(scenario), overrides: []))
}

// MARK: - Later versions

/// A version that knows ten keys more, at the top and in two sections.
private let later: ScenarioSchema = {
  let conditions = (1...3).map { Field("weather-\($0)", \ConditionSettings.links.inOrder, .flag, "made up") }
  let measure = (1...3).map { Field("care-\($0)", \MeasurementSettings.testEpisodes, .count(1...10_000), "made up") }
  let top = (1...4).map { Field("mood-\($0)", \ScenarioDraft.conditions.links.inOrder, .flag, "made up") }
  let known = ScenarioSchema.current.record.fields.map { field in
    switch field.key {
    case "conditions":
      Field(group: field.key, \ScenarioDraft.conditions, Record(ConditionSettings.record.fields + conditions), "")
    case "measure":
      Field(group: field.key, \ScenarioDraft.measure, Record(MeasurementSettings.record.fields + measure), "")
    default: field
    }
  }
  return ScenarioSchema(Record(known + top))
}()

/// What the program of that version does. Stores ask for differences from a queue, which may be another thread.
private let laterDifferences: StudyComparison = { known, asked in
  try ScenarioSchema.$current.withValue(later) { try StudyIdentity.differences(known, asked) }
}

@Test func aStudySurvivesTenNewKeys() throws {
  try withFile { path in
    #expect(try goOn(path, scenario(), replications: 2).isEmpty)
    let whole = path + ".whole"
    _ = try goOn(whole, scenario(), replications: 3)
    try ScenarioSchema.$current.withValue(later) {
      let header = try StudyHeader(Study(scenario()), overrides: [])
      let old = try ResultsReader.read(path).header
      #expect(header.arms[0].settings.count == old.arms[0].settings.count + 10)
      // By their texts they are two studies: the settings do differ.
      #expect(old.differences(in: header).count == 20)
      #expect(try StudyIdentity.differences(old, header).isEmpty)
      let finished = try goOn(path, scenario(), replications: 3, comparison: laterDifferences)
      #expect(finished.count == 4)
    }
    #expect(try fingerprints(path) == fingerprints(whole))
    // And files of the later version are one study with it, too.
    let new = path + ".later"
    try ScenarioSchema.$current.withValue(later) {
      let finished = try goOn(new, scenario(), replications: 1, comparison: laterDifferences)
      #expect(finished.isEmpty)
    }
    #expect(throws: ScenarioError.self) { try differences(new, scenario()) }
    let merge = try StudyMerge([path, new], into: path + ".both", comparison: laterDifferences)
    #expect(try merge.write(allowsDifferences: false).repeated == 2)
  }
}

@Test func aNewKeyThatIsSetMakesAnotherStudy() throws {
  try withFile { path in
    _ = try goOn(path, scenario(), replications: 1)
    ScenarioSchema.$current.withValue(later) {
      let error = #expect(throws: ResultsError.self) {
        try goOn(path, scenario("conditions.weather-2=true"), replications: 1, comparison: laterDifferences)
      }
      let text = error?.description ?? ""
      #expect(text.contains("arm 'apart': conditions.weather-2 is false in the file, true now"))
      #expect(text.contains("--restart"))
    }
  }
}

@Test func aScenarioThatCannotBeReadAnyMoreIsRefusedWithTheRemedy() throws {
  try withFile { path in
    try ScenarioSchema.$current.withValue(later) {
      _ = try goOn(path, scenario(), replications: 1, comparison: laterDifferences)
    }
    let error = #expect(throws: ResultsError.self) { try goOn(path, scenario(), replications: 2) }
    let text = error?.description ?? ""
    #expect(text.contains("unknown key 'mood-1'"))
    #expect(text.contains("-> go on with starling 0.3.0 (revision 0123456789ab), or begin anew with --restart"))
    #expect(try ResultsReader.read(path).runs.count == 2)
  }
}

// MARK: - Meaning

@Test func whatIsWrittenInAnotherWayIsOneStudy() throws {
  try withFile { path in
    _ = try goOn(path, scenario(), replications: 1)
    let other = plain.replacingOccurrences(of: "0.05", with: "5e-2").replacingOccurrences(of: "100 ms", with: "0.1 s")
      .replacingOccurrences(of: "loss: 0.1", with: "loss: 10 %")
    #expect(try differences(path, scenario(text: other)).isEmpty)
    #expect(try goOn(path, scenario(text: other), replications: 2).count == 2)
  }
}

@Test func keysThatDoNotApplyTellNothingApart() throws {
  try withFile { path in
    _ = try goOn(path, scenario(), replications: 1)
    var header = try StudyHeader(Study(scenario()), overrides: [])
    // Another version has other units of networks, where none learns.
    for arm in header.arms.indices { header.arms[arm].settings["learner.hidden-units"] = "[1]" }
    let known = try ResultsReader.read(path).header
    #expect(!known.differences(in: header).isEmpty)
    #expect(try StudyIdentity.differences(known, header).isEmpty)
  }
}

@Test(arguments: [
  ("learner.step-size=0.1", "learner.step-size is 0.05 in the file, 0.1 now"),
  ("conditions.links.loss=0", "conditions.links.loss is 0.1 in the file, 0 now"),
  ("seed=2", "seed is 1 in the file, 2 now"),
  ("network.topology=path", "network.topology is ring in the file, path now"),
])
func whatDiffersIsShownKeyByKey(change: String, line: String) throws {
  try withFile { path in
    _ = try goOn(path, scenario(), replications: 1)
    let lines = try differences(path, scenario(change))
    #expect(lines.contains("arm 'together': \(line)") && lines.contains("arm 'apart': \(line)"))
    let error = #expect(throws: ResultsError.self) { try goOn(path, scenario(change), replications: 1) }
    #expect(error?.description.contains(line) == true)
  }
}

@Test func sweepsAreReadAgainCellByCell() throws {
  let text = plain + "\nsweep: {learner.step-size: [0.05, 0.1], conditions.links.loss: [0, 0.1]}\n"
  try withFile { path in
    let swept = try Scenario.parse(text: text, file: "identity.yaml", arms: .swept)
    _ = try goOn(path, swept, replications: 1)
    let header = try ResultsReader.read(path).header
    let again = try Scenario(of: header)
    #expect(again.arms == swept.arms)
    var changed = try StudyHeader(Study(swept), overrides: [])
    changed.scenario = changed.scenario.replacingOccurrences(of: "dimension: 2", with: "dimension: 3")
    for arm in changed.arms.indices { changed.arms[arm].settings["task.dimension"] = "3" }
    #expect(try StudyIdentity.differences(header, changed).count == 8)
  }
}

// MARK: - Files beside the scenario

@Test func aCompanionFileIsToldByItsChecksumAndNotRead() throws {
  try withFile { path in
    let folder = folder(of: path)
    let text = plain.replacingOccurrences(
      of: "{lognormal: {median: 100 ms, sigma: 0.3}}", with: "{empirical: {file: times.txt, scale: 1 s}}")
    func write(_ numbers: String) throws -> Scenario {
      try Data(numbers.utf8).write(to: URL(fileURLWithPath: folder + "/times.txt"))
      return try Scenario.parse(text: text, file: folder + "/identity.yaml")
    }
    let first = try write("0.05\n0.1\n0.2\n")
    _ = try goOn(path, first, replications: 1)
    var asked = try StudyHeader(Study(first), overrides: [])
    // As another version would write something else.
    for arm in asked.arms.indices { asked.arms[arm].settings["strategy.made-up"] = "none" }
    let changed = try StudyHeader(Study(write("0.05\n0.1\n0.3\n")), overrides: [])
    unlink(folder + "/times.txt")
    let known = try ResultsReader.read(path).header
    #expect(try StudyIdentity.differences(known, asked).isEmpty)
    let lines = try StudyIdentity.differences(known, changed)
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains("conditions.compute.between-agents is {empirical: {file: times.txt") })
    #expect(lines.allSatisfy { $0.contains("checksum") })
    // A study that is to be run needs the numbers.
    #expect(throws: ScenarioError.self) { try Scenario(of: known, isRun: true) }
  }
}

// MARK: - Other revisions

@Test func aRunOfAnotherRevisionIsRepeatedAndTold() throws {
  try withFile { path in
    let study = try Study(scenario())
    _ = try goOn(path, scenario(), replications: 2)
    let file = try StudyProgress(path)
    // The revision that wrote the file has nothing to show, unless its sources were changed.
    #expect(Repetition(of: file, by: provenance()) == nil)
    let same = try #require(Repetition(of: file, by: provenance(revision: "ba9876543210")))
    #expect(try same.obstacle(in: study, jobs: 1) == nil)
    let other = path + ".other"
    _ = try goOn(other, scenario(), replications: 2, breaking: 1)
    let broken = try #require(
      Repetition(of: StudyProgress(other), by: provenance(revision: "ba9876543210")))
    let obstacle = try #require(try broken.obstacle(in: study, jobs: 1))
    let seen = try #require(try fingerprints(other)[broken.run])
    #expect(obstacle.contains(hexadecimal(seen)) && obstacle.contains(hexadecimal(seen ^ 1)))
    #expect(throws: CancellationError.self) { try broken.obstacle(in: study, jobs: 1, isCancelled: { true }) }
  }
}

@Test(arguments: ["unknown", "0123456789ab-changed"]) func aRevisionThatIsNotKnownIsNeverTheSame(revision: String)
  throws
{
  try withFile { path in
    _ = try goOn(path, scenario(), replications: 1, revision: revision)
    #expect(Repetition(of: try StudyProgress(path), by: provenance(revision: revision)) != nil)
  }
}

@Test func whoeverHasShownItsBitsOnceGoesOn() throws {
  try withFile { path in
    _ = try goOn(path, scenario(), replications: 1, revision: "ba9876543210")
    _ = try goOn(path, scenario(), replications: 2)
    #expect(Repetition(of: try StudyProgress(path), by: provenance()) == nil)
    #expect(Repetition(of: try StudyProgress(path), by: provenance(revision: "000000000000")) != nil)
  }
}
