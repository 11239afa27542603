// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import ReferenceFiles
import Scenarios
import Studies
import Testing

private func study(_ text: String) throws -> Study {
  try Study(Scenario.parse(text: text, file: "scripted.yaml", overrides: []))
}

private func prediction(_ study: Study) throws -> Prediction {
  try Prediction(study.scenario.arms[0].settings, in: study.world(of: 0))
}

private func curve(_ text: String) throws -> [Double] {
  let prediction = try prediction(try study(text))
  return try #require(prediction.curve, "\(prediction.reason ?? "")\n\(text)").points.map(\.deviation)
}

// MARK: - References

/// A reference of scripted events as a scenario.
private struct ScriptedReference {
  let file: [String: Any]

  init(_ path: String) throws {
    file = try #require(try JSONSerialization.jsonObject(with: scriptedReference(path)) as? [String: Any])
  }

  var experiments: [[String: Any]] { file["experiments"] as? [[String: Any]] ?? [] }

  private func part(_ name: String) -> [String: Any] { file[name] as? [String: Any] ?? [:] }

  private func text(_ value: Any?) throws -> String {
    let data = try JSONSerialization.data(withJSONObject: try #require(value), options: .fragmentsAllowed)
    return String(decoding: data, as: UTF8.self).replacingOccurrences(of: ",", with: ", ")
  }

  /// - Parameter measure: what is measured, and when.
  func scenario(kind: String, timeline: [String], measure: String) throws -> String {
    let (network, data) = (part("network"), part("data"))
    let names = (0..<(network["n"] as? Int ?? 0)).map { "agent-\($0)" }
    let edges = (network["edges"] as? [[Int]] ?? []).map { "[agent-\($0[0]), agent-\($0[1])]" }
    return """
      name: scripted
      task:
        kind: linear-regression
        dimension: \((data["w0"] as? [Double] ?? []).count)
        truth: {centre: \(try text(data["w0"]))}
        noise-variance: \(try text(data["noise_variance"]))
        regressor-variance: \(try text(data["regressor_variance"]))
        regressor-correlation: \(try text(data["regressor_rho"]))
      network:
        topology: edge-list
        agents: [\(names.joined(separator: ", "))]
        edges: [\(edges.joined(separator: ", "))]
        weights: metropolis
      learner: {algorithm: lms, step-size: \(try text(data["mu"]))}
      strategy: {kind: \(kind), timing: slotted, missing-neighbour: self}
      timeline: [\(timeline.joined(separator: ", "))]
      measure: \(measure)
      """
  }

  /// A scenario of averaging while the links of an experiment are cut.
  func averaging(_ experiment: [String: Any], known: Bool, until: Int) throws -> String {
    let network = part("network")
    let names = (0..<(network["n"] as? Int ?? 0)).map { "agent-\($0)" }
    let edges = (network["edges"] as? [[Int]] ?? []).map { "[agent-\($0[0]), agent-\($0[1])]" }
    let cut = (experiment["cut_links"] as? [[Int]] ?? []).map { "[agent-\($0[0]), agent-\($0[1])]" }
    let (from, to) = (experiment["first_slot_without"] as? Int ?? 0, experiment["first_slot_with"] as? Int ?? 0)
    return """
      name: averaging
      task: {kind: averaging, dimension: 1}
      network:
        topology: edge-list
        agents: [\(names.joined(separator: ", "))]
        edges: [\(edges.joined(separator: ", "))]
        weights: metropolis
      learner: {algorithm: none, initial: \(try text(file["x0"]))}
      strategy: {kind: diffusion-atc, timing: slotted, missing-neighbour: self}
      timeline:
        - {at: \(from) s, for: \(to - from) s, cut: {links: [\(cut.joined(separator: ", "))], direction: forward, known: \(known)}}
      measure: {until: \(until) s, every: 1 s}
      """
  }

  /// The entries of moves of an experiment.
  func moves(_ experiment: [String: Any]) throws -> [String] {
    try (experiment["moves"] as? [[Any]] ?? []).map {
      "{at: \($0[0]) s, change-task: {truth: {by: \(try text($0[1]))}}}"
    }
  }

  /// The partition of a file.
  func partition(known: Bool) -> String {
    let partition = part("partition")
    let component = partition["component"] as? [Int] ?? []
    let (from, until) = (partition["from_slot"] as? Int ?? 0, partition["until_slot"] as? Int ?? 0)
    let sides = [0, 1].map { side in
      "[" + component.indices.filter { component[$0] == side }.map { "agent-\($0)" }.joined(separator: ", ") + "]"
    }
    return "{at: \(from) s, for: \(until - from) s, partition: {groups: [\(sides.joined(separator: ", "))], "
      + "known: \(known)}}"
  }
}

/// From the text of a scenario to the numbers of the file: who is on which side, what becomes of the weight of a dead link,
/// from which slot on, in all three arrangements. Rounding of the weights is all that the bar leaves room for.
@Test func aPartitionIsPredictedAsTheReferenceHasIt() throws {
  let reference = try ScriptedReference("exact/dynamic-partition")
  let kinds = ["atc": "diffusion-atc", "cta": "diffusion-cta", "consensus": "consensus"]
  var seen = 0
  for experiment in reference.experiments {
    guard let rule = experiment["cut_rule"] as? String, rule != "none" else { continue }
    let kind = try #require(kinds[experiment["strategy"] as? String ?? ""])
    let expected = try #require((experiment["expected"] as? [String: Any])?["network_msd"] as? [[Double]])
    let points = try curve(
      try reference.scenario(
        kind: kind, timeline: [reference.partition(known: rule == "recompute")],
        measure: "{until: \(Int(expected.map { $0[0] }.max() ?? 0)) s, every: 1 s}"))
    for point in expected {
      #expect(abs(points[Int(point[0])] - point[1]) <= 1e-9 * point[1], "\(experiment["name"] ?? ""), slot \(point[0])")
    }
    seen += 1
  }
  #expect(seen == 4)
}

/// The reference prints four digits behind the point.
@Test func movesOfTheTruthArePredictedAsTheReferenceHasThem() throws {
  let reference = try ScriptedReference("conditions/tracking-jump")
  var seen = 0
  for experiment in reference.experiments {
    let expected = try #require(experiment["expected"] as? [String: Any])
    guard let points = expected["network_msd_db"] as? [[Double]] else { continue }
    let curve = try curve(
      try reference.scenario(
        kind: "diffusion-atc", timeline: try reference.moves(experiment),
        measure: "{until: \(Int(points.map { $0[0] }.max() ?? 0) + 2) s, every: 1 s}"))
    for point in points {
      #expect(
        abs(decibels(ofPower: curve[Int(point[0])]) - point[1]) <= 5.1e-5,
        "\(experiment["name"] ?? ""), slot \(point[0])")
    }
    seen += 1
  }
  #expect(seen == 3)
}

@Test func theSteadyStateOfAWalkIsThatOfItsFinalWindow() throws {
  let reference = try ScriptedReference("conditions/tracking-jump")
  let walk = try #require(reference.experiments.first { $0["walk_variance_per_entry"] != nil })
  let variance = try #require(walk["walk_variance_per_entry"] as? Double)
  let window = try #require(walk["window"] as? [Int])
  let until = window[1] - 1
  let prediction = try prediction(
    try study(
      try reference.scenario(
        kind: "diffusion-atc",
        timeline: ["{at: 0 s, every: 1 s, change-task: {truth: {walk: \(variance.squareRoot())}}}"],
        measure: "{until: \(until) s, every: 1 s, final-window: \(1 - Double(window[0]) / Double(until))}")))
  let expected = try #require((walk["expected"] as? [String: Any])?["steady_network_msd_db"] as? Double)
  #expect(abs(decibels(ofPower: try #require(prediction.curve).finalWindow) - expected) <= 5.1e-5)
}

/// Averaging while links are cut, silently or known, one way or both: the file's values as mean squares.
@Test func averagingThroughCutsIsPredictedAsTheReferenceHasIt() throws {
  let reference = try ScriptedReference("conditions/partition-consensus")
  let start = try #require(reference.file["x0"] as? [Double])
  let mean = start.reduce(0, +) / Double(start.count)
  var seen = 0
  for experiment in reference.experiments {
    guard let rule = experiment["missing_neighbour"] as? String, ["self", "known"].contains(rule) else { continue }
    let points = try #require((experiment["expected"] as? [String: Any])?["values"] as? [[Any]])
    let predicted = try curve(try reference.averaging(experiment, known: rule == "known", until: 120))
    for point in points {
      let (slot, values) = (try #require(point[0] as? Int), try #require(point[1] as? [Double]))
      let expected = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(values.count) }
      #expect(abs(predicted[slot] - expected) <= 1e-11, "\(experiment["name"] ?? ""), slot \(slot)")
    }
    seen += 1
  }
  #expect(seen == 3)
}

// MARK: - Runs

/// A small study of two halves of a ring with a chord.
private func small(_ strategy: String, _ timeline: String, replications: Int, more: String = "") -> String {
  """
  name: small
  task: {kind: linear-regression, dimension: 2, noise-variance: {uniform: [0.05, 0.5]}, regressor-correlation: 0.3}
  network: {topology: ring, agents: 6, weights: metropolis}
  strategy: \(strategy)
  timeline: \(timeline)
  measure: {until: 120 s, every: 1 s, final-window: 0.1}
  replications: \(replications)
  seed: 7
  \(more.isEmpty ? "learner: {step-size: 0.1}" : more)
  """
}

/// By how many standard errors the mean over runs lies farthest from the prediction, over all points at which runs differ.
private func farthest(_ text: String) throws -> Double {
  let study = try study(text)
  let predicted = try curve(text)
  let runs = try study.records(of: study.plan, jobs: 2).map { record in
    record.series.first { $0.metric == "msd" }?.values ?? []
  }
  var farthest = 0.0
  for (point, expected) in predicted.enumerated() {
    let values = runs.map { $0[point] }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let error = (variance / count).squareRoot()
    // Where nothing is random yet, such as at the start.
    if error <= 1e-9 * expected {
      #expect(abs(mean - expected) <= 1e-9 * expected, "point \(point)")
    } else {
      farthest = max(farthest, abs(mean - expected) / error)
    }
  }
  return farthest
}

/// The mean of 2000 runs is the predicted curve at each of 121 measurements. Six standard errors are left to chance: false
/// alarm below 1e-6 over all points of all cases together, as means of so many runs are normal. A standard error is 1 to
/// 2 % here; half of the weight of one cut link, or an event one slot late, is further off at once.
@Test(arguments: [
  "[{at: 30 s, for: 40 s, partition: {bisect: spectral}}]",
  "[{at: 30 s, for: 40 s, partition: {groups: {west: [agent-0, agent-1, agent-2]}, known: true}}]",
  "[{at: 60 s, change-task: {truth: {distance: 1}}}, {at: 80 s, change-task: {truth: {by: [1, -0.5]}}}]",
  "[{at: 2 s, every: 2 s, change-task: {truth: {walk: 0.1}}}]",
  """
  [{at: 10 s, cut: {links: [[agent-0, agent-1], [agent-3, agent-2]], direction: forward}},
   {at: 40 s, partition: {bisect: bfs}}, {at: 60 s, change-task: {truth: {by: [0.5, 0.5]}}},
   {at: 70 s, restore: all}, {at: 90 s, heal: all}]
  """,
  """
  [{at: 20 s, for: 40 s, crash: {agents: [agent-2, agent-3]}}, {at: 40 s, change-task: {truth: {by: [1, 0]}}},
   {at: 50 s, crash: [agent-3]}, {at: 90 s, recover: [agent-3]}]
  """,
  """
  [{at: 10 s, cut: {links: [[agent-0, agent-1]], known: true}}, {at: 30 s, for: 40 s, partition: {bisect: bfs}},
   {at: 35 s, for: 60 s, crash: {highest-degree: 2}}]
  """,
])
func runsFollowThePredictionThroughATimeline(timeline: String) throws {
  #expect(
    try farthest(small("{kind: diffusion-atc, timing: slotted}", timeline, replications: 2000)) < 6)
}

/// The same of the other arrangements, and with agents that rest, messages that get lost, slots of another length, and
/// starts elsewhere.
@Test(arguments: [
  ("{kind: diffusion-cta, timing: slotted}", ""), ("{kind: consensus, timing: slotted}", ""),
  ("{kind: non-cooperative, timing: slotted}", ""),
  (
    "{kind: diffusion-atc, timing: slotted, slots: {activity: sleep, active-probability: 0.6}}",
    "learner: {step-size: 0.1, initial: 0.5}"
  ),
  (
    "{kind: diffusion-atc, timing: slotted, slots: {activity: pull, active-probability: 0.6, duration: 500 ms}}",
    "learner: {step-size: 0.1, initial: {entries: [1, -1]}}"
  ),
  (
    "{kind: diffusion-atc, timing: slotted}",
    "learner: {step-size: 0.1}\nconditions: {links: {loss: 0.3, latency: 100 ms}}"
  ),
])
func runsFollowThePredictionInAllArrangements(strategy: String, more: String) throws {
  let timeline = """
    [{at: 20 s, for: 40 s, partition: {bisect: spectral}}, {at: 80 s, change-task: {truth: {by: [1, 1]}}},
     {at: 50 s, for: 40 s, crash: [agent-1]}, {at: 60 s, for: 20 s, cut: {links: {of: {highest-degree: 1}}, known: true}}]
    """
  #expect(try farthest(small(strategy, timeline, replications: 2000, more: more)) < 6)
}

/// Rounds that all last the same time, 120 ms here, whatever ends them; and steps that keep time by themselves.
@Test(arguments: [
  ("{kind: diffusion-atc, timing: synchronous-global}", "20 ms"),
  ("{kind: diffusion-cta, timing: synchronous-local}", "20 ms"),
  ("{kind: consensus, timing: synchronous-global}", "120 ms"),
  ("{kind: diffusion-atc, timing: asynchronous}", "0 s"),
])
func runsFollowThePredictionInRounds(strategy: String, latency: String) throws {
  let step = latency == "20 ms" ? "100 ms" : "120 ms"
  let text = """
    name: rounds
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.1}
    network: {topology: ring, agents: 5, weights: metropolis}
    learner: {step-size: 0.1}
    strategy: \(strategy)
    conditions: {compute: {between-agents: \(step)}, links: {latency: \(latency)}}
    timeline: [{at: 6 s, change-task: {truth: {by: [1, -1]}}}, {at: 9.6 s, change-task: {truth: {distance: 2}}}]
    measure: {until: 12 s, every: 100 ms}
    replications: 2000
    """
  #expect(try farthest(text) < 6)
}

// MARK: - Words

/// What is printed before a run: the MSD next to what happens, and over the final window.
@Test func theSentenceNamesWhatMatters() throws {
  let text = small(
    "{kind: diffusion-atc, timing: slotted}",
    "[{at: 30 s, for: 40 s, partition: {bisect: spectral}}, {at: 80 s, change-task: {truth: {by: [1, 1]}}}]",
    replications: 2)
  let prediction = try prediction(try study(text))
  let curve = try #require(prediction.curve)
  #expect(curve.marks.map(\.time) == [30, 70, 80])
  #expect(curve.marks.map(\.deviation) == [30, 70, 80].map { curve.points[$0].deviation })
  #expect(curve.marks.map(\.before) == [nil, nil, curve.points[79].deviation])
  let window = curve.points.filter { $0.time >= 108 }.map(\.deviation)
  #expect(abs(curve.finalWindow - window.reduce(0, +) / Double(window.count)) < 1e-15)
  #expect(
    prediction.sentence(decibels: { "\($0 > 0)" }, number: { "\($0)" }, seconds: { "\(Int($0)) s" })
      == "Through the timeline theory predicts an MSD of true at 30 s, true at 70 s, true before and true at 80 s, and "
      + "true in the mean over the final window: the exact recursion of second moments in slots.")
  let walk = small(
    "{kind: diffusion-atc, timing: slotted}", "[{at: 0 s, every: 1 s, change-task: {truth: {walk: 0.1}}}]",
    replications: 2)
  #expect(
    try Studies.Prediction(study(walk).scenario.arms[0].settings, in: study(walk).world(of: 0)).sentence(
      decibels: { _ in "x" }, number: { "\($0)" }, seconds: { "\(Int($0))" })
      == "Through the timeline theory predicts an MSD of x at 0, x before and x at 1, x before and x at 2 and so on to x "
      + "before and x at 118, x before and x at 119, x before and x at 120, and x in the mean over the final window: "
      + "the exact recursion of second moments in slots.")
}

/// Where the timeline ends nothing that holds, the curve comes to the steady state of a scenario without one.
@Test func aTimelineThatLeavesNothingBehindComesToTheSteadyState() throws {
  let scripted = small("{kind: diffusion-atc, timing: slotted}", "[{at: 100 s, heal: all}]", replications: 2)
  let plain = small("{kind: diffusion-atc, timing: slotted}", "[]", replications: 2)
  let last = try #require(try curve(scripted).last)
  let steady = try #require(try prediction(try study(plain)).deviation)
  #expect(abs(decibels(ofPower: last) - decibels(ofPower: steady)) < 0.05)
}
