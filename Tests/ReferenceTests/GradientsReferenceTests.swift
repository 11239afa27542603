// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// What `gradients.json` is held against: each number of the parts that run, and the names of those that do not.
struct GradientsReferenceTests {
  private static let parts = [
    "gaussian_actor", "critic", "diffusion_round", "categorical", "distral", "sac", "returns",
    "gumbel_softmax", "mi_reward",
  ]

  private func file() throws -> Document {
    let url = Bundle.module.bundleURL.appendingPathComponent("Resources/rl/gradients.json")
    return Document(try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
  }

  private func report(_ document: Document) throws -> VerificationReport {
    let data = try JSONSerialization.data(withJSONObject: document.value)
    return try Verifier(jobs: 1).verify(Reference(data))
  }

  @Test func everyPartIsMetOrSkippedByName() throws {
    let document = try file()
    let report = try report(document)
    #expect(report.passes)
    let checked = Set(report.checks.map { $0.reference.split(separator: "/")[1] }.map(String.init))
    #expect(checked == Set(Self.parts))
    let skipped = report.skipped.map(\.kind)
    #expect(report.skipped.map(\.reference) == skipped.map { "gradients/\($0)" })
    #expect(skipped == [])
    #expect(Set(document.keys) == checked.union(skipped).union(["torch", "dtype"]))
  }

  /// The last number of every list and every single number, in turn: results that differ by 1e-6 are wrong by far more
  /// than their bar, and other inputs give other results. In the rounds of `data` these are moves by Adam alone, whose
  /// length hardly depends on that of gradients, so data change by more.
  @Test(arguments: parts)
  func aChangedNumberFailsWhereverItStands(part: String) throws {
    let document = try file()
    let paths = document.pathsOfLastNumbers([.key(part)])
    #expect(paths.count >= 5)
    for path in paths {
      // Of the last two critics of soft actor-critic the second is the larger one, which has no say.
      if path.map(\.description) == ["sac", "0", "q2", "5"] { continue }
      let amount = path.contains { $0.description == "data" } ? 1e-3 : 1e-6
      let changed = document.replacing(path) { $0 + ($0 == $0.rounded() ? 1 : amount) }
      let report = try? report(changed)
      #expect(report?.passes != true, "\(path)")
      #expect(report?.checks.allSatisfy { $0.passes || $0.reference.hasPrefix("gradients/\(part)/") } ?? true)
    }
  }

  /// A check of nothing would pass.
  @Test(arguments: parts)
  func aPartWithoutCasesIsAFailure(part: String) throws {
    let empty = try file().replacing([.key(part)], by: [Any]())
    let error = #expect(throws: ReferenceError.self) { try report(empty) }
    #expect(try #require(error).description == "gradients: the part '\(part)' has no cases.")
  }

  /// What would be a crash further down is a sentence here.
  @Test(arguments: [
    (
      ["critic", "sizes"], "[]",
      "gradients: critic[0]: the sizes [] are not 2 to 16 from 1 to 4096, the last of them 1."
    ),
    (["critic", "activation"], #"["sine"]"#, "the value of 'critic[0].activation' has the wrong type."),
    (["critic", "targets"], "[1]", "gradients: critic[0]: there are 5 states, but targets for 1."),
    (["critic", "states"], "[]", "gradients: critic[0]: there are no states, or one has not 2 numbers."),
    (
      ["categorical", "actions"], "[9]",
      "gradients: categorical[0]: there are no sizes, or an action is not one of the outputs."
    ),
    (["diffusion_round", "C"], "[[1]]", "gradients: diffusion_round[0]: the weights are not 3 × 3."),
    (
      ["distral", "beta"], "[0]", "the value of 'distral[0].beta' has the wrong type."
    ),
    (["distral", "f"], "[[1]]", "gradients: distral[0]: 'f' is not 4 × 5 numbers."),
    (
      ["sac", "eps"], "[]",
      "gradients: sac[0]: there are no rows, or not a number of each kind for every one."
    ),
    (
      ["returns", "rewards"], "[]",
      "gradients: returns[0]: there are no rewards, or not an end for each and one value more."
    ),
  ])
  func whatCannotBeComputedIsSaid(place: [String], text: String, sentence: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let changed = try file().replacing([.key(place[0]), .index(0), .key(place[1])], by: value)
    let error = #expect(throws: ReferenceError.self) { try report(changed) }
    #expect(try #require(error).description == sentence)
  }
}
