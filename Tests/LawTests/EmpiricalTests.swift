// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Scenarios
import Testing

private let numbers: [Double] = [12, 3.5, 3.5, 40, 0, 7, 1e2, 8]

private func sample(_ values: [Double] = numbers, file: String = "delays.txt") throws -> EmpiricalSample {
  try #require(EmpiricalSample(file: file, values: values))
}

/// A folder of its own with a file of numbers, that vanishes with the test; the body gets the path of a scenario in it.
private func withFile(_ bytes: Data, named name: String = "delays.txt", _ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try bytes.write(to: folder.appendingPathComponent(name))
  try body(folder.path + "/scenario.yaml")
}

private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
  try withFile(Data(text.utf8), named: "delays.txt", body)
}

/// What is said of a file, without the folder of the scenario.
private func complaint(about law: String, _ file: String) -> ScenarioError? {
  do {
    _ = try duration(law, file: file)
    return nil
  } catch {
    return error as? ScenarioError
  }
}

// MARK: - The law

@Test func anEmpiricalLawFollowsItsSample() throws {
  let law = Distribution.empirical(try sample(), scale: 0.25)
  expectDrawsFollow(law)
  expectGrowsWithItsUniformNumber(law)
  let scaled = numbers.map { $0 * 0.25 }
  let mean = scaled.reduce(0, +) / 8
  #expect(abs(law.mean / mean - 1) < 1e-15)
  #expect(abs(law.secondMoment / (scaled.reduce(0) { $0 + $1 * $1 } / 8) - 1) < 1e-14)
  #expect(law.support == (0, 25))
  #expect(law.cumulativeProbability(0.875) == 3 / 8.0)
  #expect(law.cumulativeProbability(0.875.nextDown) == 1 / 8.0)
  #expect(law.cumulativeProbability(-1) == 0)
}

@Test func onlyNumbersOfTheSampleAreDrawnAndEachEquallyOften() throws {
  let law = Distribution.empirical(try sample(), scale: 1)
  let key = StreamKey(seed: 9, replication: 0, purpose: .latency, entity: "a")
  var counts: [Double: Double] = [:]
  for index in 0..<80_000 { counts[law.sample(key, at: UInt64(index)), default: 0] += 1 }
  #expect(Set(counts.keys) == Set(numbers))
  // Chi-square with 6 degrees of freedom exceeds 42.4 with a probability of 1.6e-7.
  let square = counts.reduce(0) { sum, pair in
    let expected = pair.key == 3.5 ? 20_000.0 : 10_000
    return sum + (pair.value - expected) * (pair.value - expected) / expected
  }
  #expect(square < 42.4)
}

@Test func anEmpiricalLawScales() throws {
  expectScales(.empirical(try sample(), scale: 0.3), .empirical(try sample(), scale: 0.3 * 1024))
}

@Test func equalSamplesMakeEqualLawsInAnyOrder() throws {
  #expect(Distribution.empirical(try sample(), scale: 1) == .empirical(try sample(numbers.reversed()), scale: 1))
  #expect(Distribution.empirical(try sample(), scale: 1) != .empirical(try sample(numbers + [1]), scale: 1))
  #expect(try sample().checksum == sample(numbers.reversed()).checksum)
  #expect(try sample().checksum != sample(numbers + [1]).checksum)
  #expect(try sample([1, 2]).checksum != sample([1, 2.0.nextUp]).checksum)
}

// MARK: - The file

@Test func aFileOfNumbersIsReadWithItsHeaderAndComments() throws {
  try withFile("\u{FEFF}delay of a message\r\n# measured\n\n12\n3.5 # twice\r\n3.5\n40\n0\n 7\n1e2\n+8") { file in
    let law = Distribution.empirical(try sample(), scale: 1e-3)
    #expect(try duration("{empirical: {file: delays.txt, scale: 1 ms}}", file: file) == law)
    let byMean = try duration("{empirical: {file: delays.txt, mean: 2 s}}", file: file)
    #expect(abs(byMean.mean - 2) < 1e-15)
    #expect(abs(try factor("{empirical: {file: delays.txt}}", file: file).mean - 1) < 1e-15)
    #expect(try factor("{empirical: {file: delays.txt, scale: 1}}", file: file).mean == 174 / 8.0)
  }
}

@Test func aFileIsFoundBesideTheScenarioThatAnOverrideChanges() throws {
  try withFile("1\n2\n") { file in
    let text = """
      name: small
      task: {kind: linear-regression, dimension: 2}
      network: {topology: ring, agents: 4}
      learner: {step-size: 0.02}
      measure: {until: 10 s, every: 1 s}
      conditions: {links: {latency: {empirical: {file: ./delays.txt, scale: 1 s}}}}
      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let scenario = try Scenario.load(path: file)
    let override = try Override("conditions.links.latency={empirical: {file: delays.txt, scale: 1 s}}")
    #expect(try Scenario.load(path: file, overrides: [override]).arms[0].settings != scenario.arms[0].settings)
    #expect(try Scenario.parse(text: scenario.resolvedText(), file: file) == scenario)
  }
}

@Test func aChangedFileIsAChangedScenario() throws {
  var shown: [String] = []
  for text in ["1\n2\n", "1\n3\n"] {
    try withFile(text) { file in
      let override = try Override("conditions.links.latency={empirical: {file: delays.txt, scale: 1 s}}")
      let scenario = try Scenario.parse(text: small, file: file, overrides: [override])
      shown.append(scenario.resolvedText())
      if let first = shown.first, shown.count == 2 {
        #expect(first != shown[1])
        #expect(throws: ScenarioError.self) { try Scenario.parse(text: first, file: file) }
      }
    }
  }
  let checksum = try sample([1, 2]).checksum
  #expect(shown[0].contains("{empirical: {file: delays.txt, scale: 1 s, checksum: \(checksum)}}"))
}

private let small = """
  name: small
  task: {kind: linear-regression, dimension: 2}
  network: {topology: ring, agents: 4}
  learner: {step-size: 0.02}
  measure: {until: 10 s, every: 1 s}

  """

private let path = "conditions.compute.between-agents.empirical.file: "
private let law = "{empirical: {file: delays.txt, scale: 1 s}}"

@Test(arguments: [
  ("", "delays.txt has no numbers"), ("# nothing\n\nhead\n", "delays.txt has no numbers"),
  ("1\n2\nabc\n4", "line 3 of delays.txt is 'abc', not one number"),
  ("delay\nabc\n", "line 2 of delays.txt is 'abc', not one number"),
  ("1\n2 ms\n", "line 2 of delays.txt is '2 ms', not one number"),
  ("1,2\n", "line 1 of delays.txt is '1,2', not one number"),
  ("1\n2 3", "line 2 of delays.txt is '2 3', not one number"),
  ("1\n\n-2\n", "line 3 of delays.txt is below zero"),
  ("1\n1e999\n", "line 2 of delays.txt is '1e999', not one number"),
  ("1\nnan\n", "line 2 of delays.txt is 'nan', not one number"),
  ("1\n0x10\n", "line 2 of delays.txt is '0x10', not one number"),
  ("1\n½\n", "line 2 of delays.txt is '½', not one number"),
])
func aDamagedFileIsRefusedWithItsLine(_ text: String, _ message: String) throws {
  try withFile(text) { file in
    let error = try #require(complaint(about: law, file))
    #expect(error.message == path + message)
    #expect(error.kind == .invalid)
    #expect(error.line == 1)
  }
}

@Test func aFileOfTooManyNumbersIsRefused() throws {
  try withFile(String(repeating: "1\n", count: 1_000_001)) { file in
    #expect(complaint(about: law, file)?.message == path + "delays.txt has more than a million numbers")
  }
}

@Test func aFileThatCannotBeReadIsSaidSo() throws {
  try withFile(Data([0x31, 0x0A, 0xFF, 0x0A])) { file in
    #expect(complaint(about: law, file)?.message == path + "delays.txt is not UTF-8 text")
  }
  try withFile(Data(repeating: 0x0A, count: 16_000_001)) { file in
    #expect(complaint(about: law, file)?.message.hasSuffix("delays.txt is larger than 16 MB") == true)
  }
  try withFile("1\n") { file in
    let folder = String(file.dropLast("scenario.yaml".count))
    let missing = try #require(complaint(about: "{empirical: {file: none.txt, scale: 1 s}}", file))
    #expect(missing.message == path + "there is no file \(folder)none.txt")
    #expect(missing.kind == .unreadable)
    let directory = try #require(complaint(about: "{empirical: {file: \"\(folder)\", scale: 1 s}}", file))
    #expect(directory.message == path + "\(folder) is no regular file")
    let device = try #require(complaint(about: "{empirical: {file: /dev/zero, scale: 1 s}}", file))
    #expect(device.message == path + "/dev/zero is no regular file")
  }
}

@Test func aWrongEmpiricalLawIsRefused() throws {
  #expect(try complaint(about: "{empirical: {scale: 1 s}}") == "missing key 'file' in LAW.empirical")
  try withFile("0\n0\n") { file in
    #expect(
      complaint(about: "{empirical: {file: delays.txt, mean: 1 s}}", file)?.message
        == "conditions.compute.between-agents.empirical has a file with a mean that is not above zero")
    #expect(
      complaint(about: law, file)?.message == "conditions.compute.between-agents must be above zero in the mean")
    #expect(
      complaint(about: "{empirical: {file: delays.txt}}", file)?.message
        == "conditions.compute.between-agents.empirical needs 'scale' or 'mean'")
  }
  try withFile("0\n1.8e10\n") { file in
    #expect(
      complaint(about: law, file)?.message
        == "conditions.compute.between-agents can give 5000000 h, out of range")
  }
  try withFile("1\n2\n") { file in
    let actual = try sample([1, 2]).checksum
    let law = "{empirical: {file: delays.txt, scale: 1 s, checksum: 0123456789abcdef}}"
    let message = "is not that of its file, \(actual): the numbers have changed"
    #expect(complaint(about: law, file)?.message == "the checksum of conditions.compute.between-agents \(message)")
  }
}
