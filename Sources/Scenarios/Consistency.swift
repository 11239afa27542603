// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
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
    checkTask(agents, &faults)
    checkLearner(agents, &faults)
    checkStrategy(agents, &faults)
    if let agents { checkConditions(agents, &faults) }
    checkTimeline(agents, &faults)
    checkMeasurement(&faults)
    guard let network else {
      try faults.finish()
      return nil
    }
    let settings = SimulationSettings(
      network: network, task: draft.task.resolved, learner: draft.learner,
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

  // MARK: - Task

  private func checkTask(_ agents: AgentNames?, _ faults: inout Faults) {
    let task = draft.task.settings
    checkTaskKeys(&faults)
    if case .values(let centre) = task.truth.centre {
      _ = faults.gather(needing: ["task"]) { () throws(ScenarioError) in
        guard centre.count != task.dimension else { return }
        throw valueError(
          "task.truth.centre has \(counted(centre.count, "number")), but task.dimension is \(task.dimension)",
          at: "task.truth.centre")
      }
    }
    guard let agents else { return }
    let perAgent = [
      ("task.noise-variance", task.noiseVariance), ("task.regressor-variance", task.regressorVariance),
      ("task.regressor-correlation", task.regressorCorrelation), ("learner.step-size", draft.learner.stepSize),
    ]
    for (key, value) in perAgent {
      _ = faults.gather(needing: [key]) { () throws(ScenarioError) in try checkLength(value, agents, key) }
    }
    if let clusters = task.truth.clusters, clusters > agents.count {
      _ = faults.gather(needing: ["task.truth"]) { () throws(ScenarioError) in
        throw valueError(
          "task.truth.clusters is \(clusters), but the network has \(counted(agents.count, "agent"))",
          at: "task.truth.clusters")
      }
    }
  }

  /// Refuses keys that do not go with the kind of task, and asks for those that it needs.
  private func checkTaskKeys(_ faults: inout Faults) {
    let kind = draft.task.kind
    for entry in tree.entry("task")?.value.entries ?? [] where entry.key != "kind" {
      let kinds = TaskDraft.kinds(of: entry.key)
      if kind == .averaging, kinds == [.linearRegression] || kinds.contains(kind) { continue }
      _ = faults.gather(needing: ["task.kind", "task.\(entry.key)"]) { () throws(ScenarioError) in
        guard !kinds.contains(kind) else { return }
        throw error(
          "task.\(entry.key) goes with task \(kinds.map(\.rawValue).joined(separator: " and ")) only, here it is "
            + kind.rawValue, at: "task.\(entry.key)")
      }
    }
    let tasks = TaskDraft.tasks(of: kind)
    _ = faults.gather(needing: ["task.kind", "task.tasks"]) { () throws(ScenarioError) in
      guard !tasks.isEmpty, !tasks.contains(draft.task.tasks.rawValue) else { return }
      throw valueError(
        "tasks \(draft.task.tasks.rawValue) do not go with task \(kind.rawValue)", at: "task.tasks",
        hint: "use \(tasks.joined(separator: " or "))")
    }
    _ = faults.gather(needing: ["task.kind", "task.dimension"]) { () throws(ScenarioError) in
      guard kind == .linearRegression || kind == .averaging, draft.task.settings.dimension == 0 else { return }
      throw missing("dimension", in: "task", "\(TaskDraft.dimensionHelp); a whole number from 1 to 1000000")
    }
    _ = faults.gather(needing: ["task.kind", "task.environment"]) { () throws(ScenarioError) in
      guard kind == .control, draft.task.environment == nil else { return }
      let names = ControlSettings.Environment.allCases.map(\.rawValue).joined(separator: ", ")
      throw missing("environment", in: "task", "what agents act on; \(names)")
    }
  }

  /// The error that a section lacks a key.
  func missing(_ key: String, in section: String, _ help: String) -> ScenarioError {
    ScenarioError(
      "missing key '\(key)' in \(section)", at: tree.place(of: section), note: "\(key): \(help)",
      key: "\(section).\(key)")
  }

  func checkLength(_ value: PerAgent, _ agents: AgentNames, _ path: String) throws(ScenarioError) {
    guard case .values(let values) = value, values.count != agents.count else { return }
    throw valueError(
      "\(path) has \(counted(values.count, "number")), but the network has \(counted(agents.count, "agent"))", at: path,
      hint: "give one number for each agent, or one for all")
  }

  // MARK: - Measurement and memory

  private func checkMeasurement(_ faults: inout Faults) {
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
    _ = faults.gather(needing: ["task.kind", "task.environment", "task.time-limit", "measure.target"]) {
      () throws(ScenarioError) in try checkTarget()
    }
    checkMeasured(&faults)
  }

  /// Refuses what is not measured of such a task.
  private func checkTarget() throws(ScenarioError) {
    guard let target = draft.measure.target else { return }
    let measured =
      switch draft.task.kind {
      case .linearRegression, .averaging: MetricDefinition.ofEstimation
      case .control: MetricDefinition.ofControl
      case .fiveState: MetricDefinition.ofExactPolicies
      }
    guard measured.contains(target.metric) else {
      let others = measured.filter(\.canBeTarget).map(\.name).joined(separator: ", ")
      throw valueError(
        "\(target.metric.name) is not measured in task \(draft.task.kind.rawValue)", at: "measure.target",
        hint: "use one of \(others)")
    }
    try checkReach(target)
  }

  /// Refuses keys that say nothing of such a task.
  private func checkMeasured(_ faults: inout Faults) {
    let kind = draft.task.kind
    guard kind != .control else { return }
    let given = tree.entry("measure")?.value
    func refuse(_ key: String, _ error: ScenarioError) {
      _ = faults.gather(needing: ["task.kind", key]) { () throws(ScenarioError) in throw error }
    }
    if given?.entry("test-episodes") != nil {
      let key = "measure.test-episodes"
      refuse(key, error("\(key) goes with task control only", at: key))
    }
    if kind != .fiveState, given?.entry("all-tasks") != nil {
      let key = "measure.all-tasks"
      refuse(key, error("\(key) goes with task control and five-state only", at: key))
    }
    if case .episodes = draft.measure.budget {
      refuse("measure.budget", valueError("a budget of episodes goes with task control only", at: "measure.budget"))
    }
  }

  /// Refuses a return above the greatest that the environment can give.
  private func checkReach(_ target: MeasurementSettings.Target) throws(ScenarioError) {
    guard draft.task.kind == .control, target.metric.sense == .more, let environment = draft.task.environment else {
      return
    }
    let greatest: Double
    let reason: String
    switch environment {
    case .cartPoleBalance:
      let limit = draft.task.timeLimit ?? CartPoleBalance.timeLimit
      (greatest, reason) = (Double(limit), "1 for each of at most \(counted(limit, "step"))")
    case .cartPoleSwingUp:
      let limit = draft.task.timeLimit ?? CartPoleSwingUp.timeLimit
      (greatest, reason) = (2 * Double(limit), "at most 2 for each of \(counted(limit, "step"))")
    case .invertedPendulum: (greatest, reason) = (0, "no reward above 0")
    }
    guard target.threshold > greatest else { return }
    throw valueError(
      String(format: "no policy can have a return of %g: ", target.threshold)
        + "\(environment.rawValue) gives \(reason)",
      at: "measure.target.\(target.metric.name)", hint: String(format: "use at most %g", greatest))
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
    let numbers = Double(bytes) * Double(settings.parameterCount + extra)
    let overhead = Double(settings.conditions.links.overhead.bytes)
    let isControl = draft.task.kind == .control
    try checkSize(
      numbers + overhead, "a message of \(counted(settings.parameterCount, "parameter"))",
      at: overhead > numbers ? "conditions.links.overhead" : isControl ? "learner.hidden-units" : "task.dimension",
      hint: overhead > numbers ? nil : isControl ? "use fewer units" : "use a smaller task.dimension")
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
