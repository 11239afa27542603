// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

private func account(_ finals: [String: Double]?) -> AgentAccount {
  AgentAccount(
    name: "a", updates: 3, useful: 1, wasted: 0, unfinished: 0, waiting: 2, down: 0, finalMSD: nil, finals: finals)
}

@Test func finalsOfAgentsAreKeptUnderTheNamesOfTheirMetrics() throws {
  let kept = account(["misclassification-worst": 0.25, "success": .infinity])
  let text = try resultsEncoder().encode(kept)
  #expect(String(decoding: text, as: UTF8.self).contains(#""finals":{"misclassification-worst":0.25,"success":"inf"}"#))
  #expect(try resultsDecoder().decode(AgentAccount.self, from: text) == kept)
}

@Test func agentsWithoutSuchFinalsAreWrittenAsBefore() throws {
  let text = String(decoding: try resultsEncoder().encode(account(nil)), as: UTF8.self)
  #expect(!text.contains("finals"))
}

@Test(arguments: [nil, .mean, .median, .maximum, .quantile(level: 0.95)] as [MetricDefinition.OverAgents?])
func definitionsSayHowAgentsBecomeOneNumber(overAgents: MetricDefinition.OverAgents?) throws {
  let metric = MetricDefinition("success", "share of successes", .share, .more, by: overAgents)
  let text = try resultsEncoder().encode(metric)
  #expect(try resultsDecoder().decode(MetricDefinition.self, from: text) == metric)
  #expect(String(decoding: text, as: UTF8.self).contains("over_agents") == (overAgents != nil))
}
