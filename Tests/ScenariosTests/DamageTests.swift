// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Foundation
import Scenarios
import Testing

/// Two thousand damaged texts: each is either still a scenario, which then survives showing, or has messages that name
/// lines and columns inside the text, in their order and none twice.
@Test func aDamagedScenarioAlwaysHasAMessageWithAPlace() throws {
  var damage = Damage(seed: 20_240_531)
  var refused = 0
  for number in 0..<2000 {
    let text = damage.damaged(ValidScenarios.all[number % ValidScenarios.all.count])
    do {
      let scenario = try Scenario.parse(text: text, file: "damaged.yaml")
      #expect(try Scenario.parse(text: scenario.resolvedText(), file: "shown.yaml") == scenario, "\(text)")
    } catch {
      refused += 1
      let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for fault in error.faults {
        #expect(fault.file == "damaged.yaml", "\(error)\n\(text)")
        #expect(fault.description.firstMatch(of: /^damaged\.yaml:[0-9]+:[0-9]+: error: .+\n/) != nil, "\(error)")
        #expect((1...lines.count).contains(fault.line ?? 0))
      }
      let places = error.faults.map { (($0.line ?? 0), ($0.column ?? 0)) }
      #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }, "\(error)")
      #expect(Set(error.faults.map(\.description)).count == error.faults.count, "\(error)")
    }
  }
  #expect(refused > 1000 && refused < 2000)
}

@Test func damagedOverridesAlwaysHaveAMessage() throws {
  var damage = Damage(seed: 7)
  let overrides = [
    "conditions.links.loss=0,0.1", "strategy.timing=synchronous-global,asynchronous", "task.truth={spread: 0.1}",
    "conditions.links.latency={gamma: {mean: 20 ms, cv: 0.5}}", "conditions.failures.up={exponential: 1 min}",
  ]
  for number in 0..<500 {
    let text = damage.damaged(overrides[number % overrides.count])
    do {
      _ = try Scenario.parse(text: ValidScenarios.small, file: "good.yaml", overrides: [Override(text)])
    } catch {
      #expect("\(error)".contains(": error: "), "\(error)")
    }
  }
}
