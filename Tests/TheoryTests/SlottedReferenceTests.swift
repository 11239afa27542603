// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Theory

/// The reference files print four digits behind the point.
private let printed = 5.1e-5

@Suite struct SlottedReferenceTests {
  static let files = [
    "lms-rgg-metropolis", "lms-hastings-variance", "lms-star-averaging", "lms-star-relative-degree",
    "lms-fixed-delay", "lms-slotted-activity",
  ]

  @Test(arguments: files) func steadyStatesOfEveryAgentAreThoseOfTheReference(_ file: String) throws {
    let reference: LeastMeanSquaresReference = try reference(file)
    for experiment in reference.experiments {
      let steady = try reference.model(experiment).steadyState()
      #expect(abs(decibels(steady.network) - experiment.expected.networkMsdDb) <= printed, "\(experiment.name)")
      for (value, expected) in zip(steady.agents, experiment.expected.agentMsdDb) {
        #expect(abs(decibels(value) - expected) <= printed, "\(experiment.name)")
      }
    }
  }

  @Test(arguments: files) func transientsAreThoseOfTheReference(_ file: String) throws {
    let reference: LeastMeanSquaresReference = try reference(file)
    for experiment in reference.experiments {
      let expected = try #require(experiment.expected.transient)
      let curve = try reference.model(experiment).transient(at: expected.map { Int($0[0]) })
      for (value, point) in zip(curve, expected) {
        #expect(abs(decibels(value.network) - point[1]) <= printed, "\(experiment.name), slot \(point[0])")
      }
    }
  }

  @Test(arguments: files) func settlingSlotsAreThoseOfTheReference(_ file: String) throws {
    let reference: LeastMeanSquaresReference = try reference(file)
    for experiment in reference.experiments {
      #expect(
        try reference.model(experiment).settlingSlot() == experiment.expected.settleIteration, "\(experiment.name)")
    }
  }
}
