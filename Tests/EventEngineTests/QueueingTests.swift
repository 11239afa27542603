// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Testing

/// Closed forms of queueing theory, in mean service times. Source: Erlang C and Pollaczek-Khinchine, as in Kleinrock,
/// "Queueing Systems", volume 1, sections 3.2, 3.5 and 5.6.
private struct ClosedForm: CustomTestStringConvertible {
  var name: String
  var system: QueueingSystem
  /// P(wait); nothing where it is not tested.
  var waited: Double
  var meanWait: Double
  var meanNumber: Double
  /// The widest half-width of the interval that still says something, relative to the value.
  var resolution = 0.035
  var testDescription: String { name }
}

private let closedForms = [
  ClosedForm(
    name: "M/M/1 at 0.5", system: QueueingSystem(servers: 1, utilisation: 0.5), waited: 0.5, meanWait: 1,
    meanNumber: 1),
  ClosedForm(
    name: "M/M/1 at 0.8", system: QueueingSystem(servers: 1, utilisation: 0.8), waited: 0.8, meanWait: 4,
    meanNumber: 4),
  ClosedForm(
    name: "M/M/1 at 0.9", system: QueueingSystem(servers: 1, utilisation: 0.9), waited: 0.9, meanWait: 9,
    meanNumber: 9, resolution: 0.06),
  ClosedForm(
    name: "M/M/2 at 0.8", system: QueueingSystem(servers: 2, utilisation: 0.8), waited: 0.711111,
    meanWait: 1.777778, meanNumber: 4.444444),
  ClosedForm(
    name: "M/M/4 at 0.8", system: QueueingSystem(servers: 4, utilisation: 0.8), waited: 0.596432,
    meanWait: 0.745541, meanNumber: 5.585730, resolution: 0.04),
  ClosedForm(
    name: "M/M/10 at 0.9", system: QueueingSystem(servers: 10, utilisation: 0.9), waited: 0.668732,
    meanWait: 0.668732, meanNumber: 15.018584, resolution: 0.08),
  ClosedForm(
    name: "M/D/1 at 0.8", system: QueueingSystem(servers: 1, utilisation: 0.8, service: .constant(1)), waited: 0.8,
    meanWait: 2, meanNumber: 2.4),
]

/// The mean over replications and the half-width of its 99.99 % Student t interval for 20 replications.
private func interval(_ values: [Double]) -> (mean: Double, halfWidth: Double) {
  precondition(values.count == 20, "The quantile of Student's t is that of 19 degrees of freedom.")
  let mean = values.reduce(0, +) / 20
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19
  return (mean, 4.897462 * (variance / 20).squareRoot())
}

/// Whether the interval holds the exact value and is narrow enough to mean something.
private func expect(_ values: [Double], toEstimate exact: Double, within resolution: Double, _ what: String) {
  let (mean, halfWidth) = interval(values)
  #expect(abs(mean - exact) <= halfWidth, "\(what): \(mean) ± \(halfWidth), exact \(exact)")
  #expect(halfWidth <= resolution * exact, "\(what): \(mean) ± \(halfWidth) is too wide to test \(exact)")
}

/// 20 replications of 400,000 customers after 100,000, seed 31; 99.99 % intervals, so the false-alarm probability of
/// the whole test is 2e-3 (21 intervals), and none with this seed.
@Test(arguments: closedForms)
private func waitingLinesAgreeWithQueueingTheory(_ form: ClosedForm) {
  let outcomes = (0..<20 as Range<UInt32>).map {
    form.system.run(seed: 31, replication: $0, warmUp: 100_000, customers: 400_000)
  }
  expect(outcomes.map(\.waited), toEstimate: form.waited, within: form.resolution, "P(wait)")
  expect(outcomes.map(\.meanWait), toEstimate: form.meanWait, within: form.resolution, "Wq")
  expect(outcomes.map(\.meanNumber), toEstimate: form.meanNumber, within: form.resolution, "L")
}

/// P(W > t) = exp(−0.2 t), so one customer in ten stays longer than 11.5129. 20 replications of 400,000 customers after 100,000,
/// seed 37, 99.99 % interval.
@Test func oneCustomerInTenStaysLongerThanTheNinetiethPercentile() {
  let system = QueueingSystem(servers: 1, utilisation: 0.8)
  let fractions = (0..<20 as Range<UInt32>).map {
    system.run(seed: 37, replication: $0, warmUp: 100_000, customers: 400_000, sojournLimit: 5 * log(10))
      .sojournedLonger
  }
  expect(fractions, toEstimate: 0.1, within: 0.06, "P(W > 11.5129)")
}

/// Little's law holds on every path that starts and ends empty, not only in the mean: the area under the number in
/// the system is the sum of the times in the system. Only rounding is allowed for.
@Test func littlesLawHoldsOnTheSamplePath() {
  for servers in [1, 3] {
    let outcome = QueueingSystem(servers: servers, utilisation: 0.95)
      .run(seed: 41, replication: 0, warmUp: 0, customers: 100_000)
    #expect(outcome.totalSojourn > 100_000)
    #expect(abs(outcome.totalArea / outcome.totalSojourn - 1) < 1e-9)
  }
}

@Test func aReplicationIsDecidedByItsSeed() {
  let system = QueueingSystem(servers: 2, utilisation: 0.8)
  let first = system.run(seed: 1, replication: 0, warmUp: 0, customers: 1000).fingerprint
  #expect(system.run(seed: 1, replication: 0, warmUp: 0, customers: 1000).fingerprint == first)
  #expect(system.run(seed: 2, replication: 0, warmUp: 0, customers: 1000).fingerprint != first)
  #expect(system.run(seed: 1, replication: 1, warmUp: 0, customers: 1000).fingerprint != first)
}
