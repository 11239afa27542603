// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import RandomScenarios
import Scenarios
import Simulation

/// A scenario to try, and what a trial draws by.
struct TrialCase: Sendable {
  let title: String
  let text: String
  let seed: UInt64

  init(title: String, text: String, seed: UInt64) {
    self.title = title
    self.text = text
    self.seed = seed
  }

  init(_ scenario: RandomScenario) {
    self.init(title: scenario.title, text: scenario.text, seed: scenario.seed)
  }

  func settings() throws -> SimulationSettings { try Scenario.parse(text: text, file: title).arms[0].settings }
}

extension TrialCase {
  /// What random scenarios do not draw: some of them with another learner or strategy, where they may have it.
  ///
  /// - Parameter data: a CSV file with samples of several classes.
  static func others(_ seeds: Range<UInt64>, data: String) -> [TrialCase] {
    seeds.map { RandomScenario(seed: $0) }.flatMap { scenario -> [TrialCase] in
      let lines = scenario.text.split(separator: "\n", omittingEmptySubsequences: false)
      func replaced(_ sections: [String: String]) -> String {
        lines.map { line in
          sections.first { line.hasPrefix($0.key + ":") }.map { "\($0.key): \($0.value)" } ?? String(line)
        }
        .joined(separator: "\n")
      }
      // Some weights want to know the noise of samples, which is not known of these.
      let needsNoise = ["weights: hastings", "weights: relative-variance"].contains { scenario.text.contains($0) }
      let classes = [
        "task": "{kind: classification, data: \(data)}",
        "learner": "{algorithm: softmax-regression, step-size: 0.05, batch-size: 2}",
      ]
      return [
        scenario.text.replacing("kind: diffusion-atc", with: "kind: random-neighbour-push"),
        scenario.text.replacing("algorithm: lms", with: "algorithm: leaky-lms, leakage: 0.1"),
        needsNoise ? scenario.text : replaced(classes),
      ].filter { $0 != scenario.text }.map { TrialCase(title: scenario.title, text: $0, seed: scenario.seed) }
    }.filter { (try? $0.settings()) != nil }
  }

  /// Does something with a file of samples of three classes in two numbers.
  static func withSamples<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "starling-classes-\(UUID().uuidString).csv"
    let rows = (0..<60).map {
      "\(Double($0 % 7) / 3 + Double($0 % 3)),\(Double($0 % 5) / 2 - Double($0 % 3)),\($0 % 3)"
    }
    try (["first,second,class"] + rows).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}
