// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Records
import Schema
import Simulation

/// Checks that the sections of one arm fit together, and makes the settings of them.
struct Consistency {
  let draft: ScenarioDraft
  /// What was read, for places.
  let tree: Tree

  /// - Parameter known: what is wrong with single keys; no rule applies to these.
  /// - Returns: nothing where too little could be read.
  /// - Throws: all that cannot be, at the keys that say it.
  func settings(known: [ScenarioError]) throws(ScenarioError) -> SimulationSettings? {
    var faults = Faults(besides: known)
    let network = faults.gather(needing: ["network", "strategy.kind"]) { () throws(ScenarioError) in
      try networkSettings()
    }
    let agents = network.map(AgentNames.init)
    let plan = learningPlan(agents, &faults)
    checkStrategy(agents, plan, &faults)
    if let agents { checkConditions(agents, &faults) }
    if let agents, let plan { checkTruth(plan, agents, &faults) }
    checkTimeline(agents, &faults)
    if let agents { checkMembers(agents, &faults) }
    if let network { checkSendTo(network, &faults) }
    if let plan { checkTaskChanges(plan, &faults) }
    checkMeasurement(agents, plan, &faults)
    guard let network, let plan else {
      try faults.finish()
      return nil
    }
    let settings = SimulationSettings(
      network: network, task: plan.task, learner: plan.learner,
      strategy: draft.strategy.resolved, conditions: draft.conditions, timeline: draft.timeline,
      measurement: draft.measure,
      resample: Set(draft.resample), seed: draft.seed, ties: draft.ties)
    checkWhole(settings, &faults)
    try faults.finish()
    return settings
  }

  /// What concerns several sections at once.
  private func checkWhole(_ settings: SimulationSettings, _ faults: inout Faults) {
    let run = ["strategy", "conditions", "measure", "task", "learner"]
    _ = faults.gather(needing: ["strategy", "conditions"]) { () throws(ScenarioError) in
      if let obstacle = settings.directedObstacle { throw valueError(obstacle.reason, at: obstacle.key) }
    }
    let precision = "conditions.links.message-precision"
    _ = faults.gather(needing: ["strategy", "task.kind", precision]) { () throws(ScenarioError) in
      if let obstacle = settings.precisionObstacle {
        throw valueError(obstacle.reason, at: precision, hint: obstacle.hint)
      }
    }
    _ = faults.gather(needing: run) { () throws(ScenarioError) in
      let load = ExpectedLoad(settings)
      var found = Faults()
      _ = found.gather { () throws(ScenarioError) in try checkPace(load) }
      // That memory is too small for what no message can carry goes without saying.
      _ = found.gather { () throws(ScenarioError) in
        try checkMessageSize(settings)
        try checkMemory(load)
      }
      try found.finish()
    }
  }

  func error(_ message: String, at path: String, hint: String? = nil, note: String? = nil) -> ScenarioError {
    ScenarioError(message, at: tree.keyPlace(of: path), hint: hint, note: note, key: path)
  }

  func valueError(_ message: String, at path: String, hint: String? = nil, note: String? = nil) -> ScenarioError {
    ScenarioError(message, at: tree.place(of: path), hint: hint, note: note, key: path)
  }

  func checkLength(_ value: PerAgent, _ agents: Int, _ path: String) throws(ScenarioError) {
    guard case .values(let values) = value, values.count != agents else { return }
    throw valueError(
      "\(path) has \(counted(values.count, "number")), but the network has \(counted(agents, "agent"))", at: path,
      hint: "give one number for each agent, or one for all")
  }

  // MARK: - Measurement and memory

  private func checkMeasurement(_ agents: AgentNames?, _ plan: LearningPlan?, _ faults: inout Faults) {
    let (until, every) = (draft.measure.until, draft.measure.every)
    _ = faults.gather(needing: ["measure.until", "measure.every"]) { () throws(ScenarioError) in
      guard every <= until else {
        throw valueError("measure.every is longer than measure.until", at: "measure.every")
      }
      guard until.count(of: every) <= 1_000_000 else {
        let least = VirtualDuration(nanoseconds: (until.nanoseconds + 999_999) / 1_000_000)
        throw valueError(
          "measure.until / measure.every gives more than a million measurements", at: "measure.every",
          hint: "it must be at least \(least.text)")
      }
    }
    if let plan {
      if faults.areSound(["measure.also"]) { checkAlso(plan, &faults) }
      _ = faults.gather(needing: ["measure.target", "measure.also"]) { () throws(ScenarioError) in
        try checkTarget(plan)
      }
    }
    checkMeasured(&faults)
    _ = faults.gather(needing: ["measure.until", "measure.records", "strategy.kind", "network"]) {
      () throws(ScenarioError) in try checkRealised(agents)
    }
    _ = faults.gather(needing: ["measure.records"]) { () throws(ScenarioError) in try checkEnergy() }
  }

  /// Refuses what is not measured of such agents, and a return above the greatest that there can be.
  private func checkTarget(_ plan: LearningPlan) throws(ScenarioError) {
    guard let target = draft.measure.target else { return }
    let measured = plan.facts.metrics(and: draft.measure.also)
    guard measured.contains(target.metric) else {
      let others = measured.filter(\.canBeTarget).map(\.name).joined(separator: ", ")
      throw valueError(
        "\(target.metric.name) is not measured in task \(plan.task.definition.name)", at: "measure.target",
        hint: "use one of \(others)")
    }
    guard target.metric.sense == .more, let bound = plan.task.facts.returnBound, target.threshold > bound.greatest
    else { return }
    throw valueError(
      String(format: "no policy can have a return of %g: ", target.threshold)
        + "\(plan.task.arguments.text("environment") ?? plan.task.definition.name) gives \(bound.reason)",
      at: "measure.target.\(target.metric.name)", hint: String(format: "use at most %g", bound.greatest))
  }

  /// Refuses what the learner cannot measure, or does anyway.
  private func checkAlso(_ plan: LearningPlan, _ faults: inout Faults) {
    let names = draft.measure.also
    let whole = tree.piece(at: "measure.also").value
    for (index, name) in names.enumerated() {
      let place = if case .list(let items) = whole.content { items[index].place } else { whole.place }
      _ = faults.gather(at: "measure.also") { () throws(ScenarioError) in
        try checkAlso(name, plan, isRepeated: names[..<index].contains(name), at: place)
      }
    }
  }

  private func checkAlso(
    _ name: String, _ plan: LearningPlan, isRepeated: Bool, at place: Place
  ) throws(ScenarioError) {
    let strategy = draft.strategy.settings.kind
    let masses = [MetricDefinition.mass, .massLeast].map(\.name)
    if masses.contains(name), !strategy.facts.passesShares {
      throw ScenarioError(
        "\(name) is measured of push-sum alone, and strategy \(strategy.name) has none", at: place, hint: "leave it out"
      )
    }
    let able = plan.facts.furtherMetrics.map(\.name) + (strategy.facts.passesShares ? masses : [])
    let learner = plan.learner.algorithm.name
    if isRepeated { throw ScenarioError("measure.also names \(name) twice", at: place) }
    guard !able.contains(name) else { return }
    guard plan.facts.metrics.named(name) == nil else {
      throw ScenarioError("\(name) is measured of learner \(learner) anyway", at: place, hint: "leave it out")
    }
    let guess = nearest(to: name, among: able)
    throw ScenarioError(
      "\(name) is nothing that learner \(learner) can measure", at: place, hint: guess.map { "did you mean '\($0)'?" },
      note: "further metrics of this learner: \(able.isEmpty ? "none" : able.joined(separator: ", "))")
  }

  /// Refuses keys that say nothing of such a task.
  private func checkMeasured(_ faults: inout Faults) {
    let task = draft.task.definition
    let given = tree.entry("measure")?.value
    func refuse(_ key: String, _ error: ScenarioError) {
      _ = faults.gather(needing: ["task.kind", key]) { () throws(ScenarioError) in throw error }
    }
    if !task.hasEpisodes, given?.entry("test-episodes") != nil {
      let key = "measure.test-episodes"
      refuse(key, error("\(key) goes with \(Self.tasksOfEpisodes) only", at: key))
    }
    if !task.scoresEveryTask, given?.entry("all-tasks") != nil {
      let key = "measure.all-tasks"
      let tasks = alternatives(TaskDefinition.all.filter(\.scoresEveryTask).map(\.name))
      refuse(key, error("\(key) goes with task \(tasks) only", at: key))
    }
    if !task.hasEpisodes, case .episodes = draft.measure.budget {
      refuse(
        "measure.budget",
        valueError("a budget of episodes goes with \(Self.tasksOfEpisodes) only", at: "measure.budget"))
    }
  }

  /// The tasks in which agents act in episodes, in words.
  static var tasksOfEpisodes: String {
    "task " + alternatives(TaskDefinition.all.filter(\.hasEpisodes).map(\.name))
  }

  /// Refuses a run of more events than can be waited for, from the means of its laws alone; what is drawn is looked at
  /// when it is drawn.
  private func checkPace(_ load: ExpectedLoad) throws(ScenarioError) {
    guard let flood = load.flood() else { return }
    throw valueError(
      flood.message, at: flood.path, hint: "in the mean it must be at least \(flood.leastInterval.text)")
  }

  /// Refuses messages of 4 GiB or more, whose bytes nobody could count.
  private func checkMessageSize(_ settings: SimulationSettings) throws(ScenarioError) {
    guard settings.strategy.facts.cooperates else { return }
    let extra = settings.strategy.facts.numbersBesideParameters
    let bytes = settings.conditions.links.bytesPerNumber(bytesPerParameter: settings.bytesPerParameter)
    let numbers = Double(bytes) * Double(settings.sharedCount + extra)
    let overhead = Double(settings.conditions.links.overhead.bytes)
    let size = settings.learning.sizeSaidBy
    try checkSize(
      numbers + overhead, "a message of \(counted(settings.sharedCount, "parameter"))",
      at: overhead > numbers ? "conditions.links.overhead" : size ?? "task",
      hint: overhead > numbers ? nil : size.map { "use a smaller \($0)" })
    if settings.strategy.facts.hasCentre {
      try checkSize(
        Double(settings.uploadBytes(samples: settings.mostSamplesPerStep)),
        "what an agent sends of \(counted(Int(settings.mostSamplesPerStep), "sample"))",
        at: "learner.episodes-per-step", hint: "use fewer or shorter episodes")
    }
    if settings.usesAcknowledgements {
      try checkSize(
        Double(settings.strategy.retransmission.acknowledgementSize.bytes), "an acknowledgement",
        at: "strategy.retransmission.acknowledgement-size")
    }
  }

  private func checkSize(_ bytes: Double, _ what: String, at path: String, hint: String? = nil) throws(ScenarioError) {
    guard bytes > Double(UInt32.max) else { return }
    throw valueError(
      String(format: "\(what) has %.3g GiB, but it must have less than 4 GiB", bytes / 0x1p30), at: path, hint: hint)
  }

  private func checkMemory(_ load: ExpectedLoad) throws(ScenarioError) {
    let need = MemoryNeed(load)
    // Where there are too many events to tell what memory they take, they are refused for that.
    guard !need.bytes.isNaN, let excess = need.excess(over: .atStart) else { return }
    throw valueError(excess.message, at: excess.path, hint: excess.hint)
  }
}
