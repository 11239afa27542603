// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Foundation
import Testing

/// Five hundred damaged files, each given to the program: it ends by itself, either having understood or with status
/// 65 and a message. What is still a scenario is also run until every agent has made a few updates.
@Suite(.serialized) struct DamagedScenarioTests {
  @Test func aDamagedFileNeverCrashesOrHangsTheProgram() throws {
    let program = try Program()
    var damage = Damage(seed: 500)
    var refused = 0
    try withFolder { folder in
      for number in 0..<500 {
        let text = damage.damaged(ValidScenarios.all[number % ValidScenarios.all.count])
        try write(text, as: "damaged.yaml", in: folder)
        var outcome = try program.callBriefly(["describe", "damaged.yaml"], in: folder)
        if outcome.status == 0 {
          #expect(!outcome.output.isEmpty)
          outcome = try program.callBriefly(
            [
              "run", "damaged.yaml", "measure.budget.updates=3", "--replications", "1", "--quiet", "--output",
              "results.sqlite",
            ], in: folder)
        }
        if outcome.status == 0 { continue }
        refused += 1
        #expect(outcome.status == 65, "\(text)\n\(outcome.error)")
        #expect(outcome.error.contains("error: "), "\(text)")
      }
    }
    #expect(refused > 250)
  }
}

extension Program {
  /// Calls the program; one that hangs is killed after two minutes, which no scenario here needs a hundredth of.
  fileprivate func callBriefly(_ arguments: [String], in folder: URL) throws -> Outcome {
    let process = try start(arguments, in: folder)
    let guardian = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: guardian)
    defer { guardian.cancel() }
    return try finish(process, in: folder)
  }
}
