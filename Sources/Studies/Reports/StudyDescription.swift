// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Scenarios
import Simulation
import Summaries

/// What is known about a study before it runs.
package struct StudyDescription: Encodable {
  package struct Arm: Encodable {
    package let name: String
    package let network: NetworkFacts
    package let rates: ExpectedRates
    /// How much of the time agents are up; nothing where nobody goes down by itself.
    package let availability: Availability?
    /// How its network changes; nothing where it stays.
    package let networkChanges: NetworkChanges?
    /// Whom and what its timeline is about, where that is not written.
    package let timeline: TimelineFacts?
    /// What links do to messages, where they are not all alike or do not lose each message by itself.
    package let links: LinkFacts?
    /// What share of messages gets lost; nothing where one probability says it.
    package let loss: LossPrediction?
    /// How old is what agents have heard, where losses are more than one probability.
    package let age: AgePrediction?
    package let destination: Destination
    /// Mean over agents of the squared distance from the synchronous fixed point to the network optimum, where the arm
    /// converges to that point and it can be computed.
    package let fixedPointDeviation: Double?
    package let prediction: Prediction
    /// How long its rounds last in the mean, where a global barrier ends them.
    package let round: RoundLength?
    /// How speeds change with time; nothing where they do not.
    package let speeds: SpeedFacts?
    /// What is known of tabular policy gradients; nothing where there are none.
    package let tabular: TabularFacts?
    /// Bytes of one run, at most.
    package let memory: Double
    /// Events of one run, about.
    package let events: Double
  }

  package let name: String
  package let question: String?
  package let replications: Int
  package let arms: [Arm]
  /// What can be known to go wrong before anything runs.
  package let warnings: [Caution]

  /// - Throws: if the world of an arm cannot be drawn.
  package init(_ study: Study) throws {
    name = study.scenario.name
    question = study.scenario.question
    replications = study.scenario.replications
    let facts = try study.networkFacts()
    arms = try study.scenario.arms.indices.map { index in
      let world = try study.world(of: index)
      let arm = study.scenario.arms[index]
      let load = ExpectedLoad(arm.settings, in: world)
      let destination = Destination(arm.settings, in: world)
      return Arm(
        name: arm.name, network: facts[index], rates: ExpectedRates(arm.settings, in: world),
        availability: Availability(arm.settings, in: world),
        networkChanges: NetworkChanges(arm.settings, in: world), timeline: TimelineFacts(arm.settings, in: world),
        links: LinkFacts(arm.settings, in: world),
        loss: LossPrediction(arm.settings, in: world), age: AgePrediction(arm.settings, in: world),
        destination: destination,
        fixedPointDeviation: destination.fixedPointDeviation(in: world),
        prediction: Prediction(arm.settings, in: world), round: RoundLength(arm.settings, in: world),
        speeds: SpeedFacts(arm.settings, in: world), tabular: TabularFacts(arm.settings, in: world),
        memory: MemoryNeed(load).bytes, events: load.events)
    }
    warnings = (try study.warningsOfEvents() + study.scenario.warningsOfSettings).cautions
  }
}
