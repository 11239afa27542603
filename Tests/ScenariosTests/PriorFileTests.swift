// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Schema
import Testing

/// What is said of a scenario in a folder with a file `prior.csv` of this text; nothing where it is good.
private func said(
  _ prior: String?, learner: String = "prior-from: prior.csv, prior: frozen", strategy: String = "non-cooperative"
) throws -> String? {
  try said(
    \.description,
    of: """
      name: carried
      task: {kind: control, environment: two-room-compact, tasks: [room-6]}
      network: {topology: complete, agents: 2}
      learner: {algorithm: distral, hidden-units: [1], \(learner)}
      strategy: {kind: \(strategy)}
      conditions: {compute: {between-agents: 1 s}}
      measure: {until: 10 s, every: 1 s}
      """, beside: "prior.csv", prior)
}

private let whole = "prior 3-1-5 leaky-relu\n" + (0..<14).map { "\(Double($0) / 8)\n" }.joined()

struct PriorFileTests {
  @Test func aCarriedPriorIsReadAndShown() throws {
    #expect(try said(whole) == nil)
    #expect(try said(whole, learner: "prior-from: prior.csv", strategy: "diffusion-atc") == nil)
    #expect(try said(nil, learner: "prior-from: none", strategy: "diffusion-atc") == nil)
  }

  @Test func whatIsNoPriorIsRefusedAtItsPlace() throws {
    let place = """

       4 | learner: {algorithm: distral, hidden-units: [1], prior-from: prior.csv, prior: frozen}
         |                                                              ^~~~~~~~~
      """
    let wrong: [(String?, String, String)] = [
      (
        nil, "learner.prior-from: there is no file prior.csv", " a path is relative to the scenario's folder"
      ),
      (
        "1,2\n3,4\n", "learner.prior-from is prior.csv, which carries no shared policy",
        " write one by starling evaluate RESULTS --export-prior FILE"
      ),
      (
        whole.replacing("3-1-5", with: "96-50-50-5"),
        "learner.prior-from is of a network 96-50-50-5 leaky-relu, but here it is 3-1-5 leaky-relu",
        " hidden-units, activation and what agents see have to be those of the study that it comes from"
      ),
      (
        whole + "1\n", "learner.prior-from has 15 numbers, but a network 3-1-5 leaky-relu has 14", ""
      ),
      (whole + "x\n", "learner.prior-from: line 16 of prior.csv has 'x', not a number", ""),
    ]
    for (text, message, hint) in wrong {
      let found = try #require(try said(text))
      #expect(found.hasPrefix("scenario.yaml:4:62: error: \(message)\(place)\(hint)"), "\(found)")
    }
  }

  @Test func aFrozenPriorHasNothingToTell() throws {
    let found = try #require(try said(whole, strategy: "diffusion-atc"))
    #expect(
      found.contains("error: prior frozen leaves agents nothing to tell each other, but strategy diffusion-atc sends"))
    #expect(found.contains("use strategy.kind: non-cooperative"))
  }

  @Test func anotherPriorThanThatOfTheStudyIsRefused() throws {
    let values = (0..<14).map { Double($0) / 8 }
    let table = NumberTable(file: "prior.csv", names: [], columnCount: 1, values: values)
    let learner = "prior-from: {file: prior.csv, checksum: \"\(table.checksum)\"}"
    #expect(try said(whole, learner: learner, strategy: "diffusion-atc") == nil)
    let found = try said(whole.replacing("1.5\n", with: "1.75\n"), learner: learner, strategy: "diffusion-atc")
    #expect(found?.contains("others than they were") == true)
  }
}
