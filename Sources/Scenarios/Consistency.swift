// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
import Foundation
import Learners
import Networks
import Quantities
import Records
import Simulation

/// Checks that the sections of one arm fit together, and makes the settings of them.
struct Consistency {
  let draft: ScenarioDraft
  /// What was read, for places.
  let tree: Tree

  /// - Throws: the first thing that cannot be, at the key that says it.
  func settings() throws(ScenarioError) -> SimulationSettings {
    let network = try networkSettings()
    let agents = AgentNames(network)
    try checkTask(agents)
    try checkLearner(agents)
    try checkStrategy(agents)
    try checkConditions(agents)
    try checkMeasurement()
    let settings = SimulationSettings(
      network: network, task: draft.task.resolved, learner: draft.learner,
      strategy: draft.strategy.resolved, conditions: draft.conditions, measurement: draft.measure,
      resample: Set(draft.resample), seed: draft.seed, ties: draft.ties)
    if let obstacle = settings.directedObstacle { throw valueError(obstacle.reason, at: obstacle.key) }
    let load = ExpectedLoad(settings)
    try checkPace(load)
    try checkMessageSize(settings)
    try checkMemory(load)
    return settings
  }

  func error(_ message: String, at path: String, hint: String? = nil, note: String? = nil) -> ScenarioError {
    ScenarioError(message, at: tree.keyPlace(of: path), hint: hint, note: note)
  }

  func valueError(_ message: String, at path: String, hint: String? = nil, note: String? = nil) -> ScenarioError {
    ScenarioError(message, at: tree.place(of: path), hint: hint, note: note)
  }

  // MARK: - Task

  private func checkTask(_ agents: AgentNames) throws(ScenarioError) {
    let task = draft.task.settings
    try checkTaskKeys()
    try checkLength(task.noiseVariance, agents, "task.noise-variance")
    try checkLength(task.regressorVariance, agents, "task.regressor-variance")
    try checkLength(task.regressorCorrelation, agents, "task.regressor-correlation")
    try checkLength(draft.learner.stepSize, agents, "learner.step-size")
    if case .values(let centre) = task.truth.centre, centre.count != task.dimension {
      throw valueError(
        "task.truth.centre has \(centre.count) numbers, but task.dimension is \(task.dimension)",
        at: "task.truth.centre")
    }
    if let clusters = task.truth.clusters, clusters > agents.count {
      throw valueError(
        "task.truth.clusters is \(clusters), but the network has \(agents.count) agents", at: "task.truth.clusters")
    }
  }

  /// Refuses keys that do not go with the kind of task, and asks for those that it needs.
  private func checkTaskKeys() throws(ScenarioError) {
    let kind = draft.task.kind
    for entry in tree.entry("task")?.value.entries ?? [] where entry.key != "kind" {
      let kinds = TaskDraft.kinds(of: entry.key)
      if kind == .averaging, kinds == [.linearRegression] { continue }
      guard kinds.contains(kind) else {
        throw error(
          "task.\(entry.key) goes with task \(kinds.map(\.rawValue).joined(separator: " and ")) only, here it is "
            + kind.rawValue, at: "task.\(entry.key)")
      }
    }
    let tasks = TaskDraft.tasks(of: kind)
    guard tasks.isEmpty || tasks.contains(draft.task.tasks.rawValue) else {
      throw valueError(
        "tasks \(draft.task.tasks.rawValue) do not go with task \(kind.rawValue)", at: "task.tasks",
        hint: "use \(tasks.joined(separator: " or "))")
    }
    if kind == .linearRegression || kind == .averaging, draft.task.settings.dimension == 0 {
      throw missing("dimension", in: "task", "\(TaskDraft.dimensionHelp); a whole number from 1 to 1000000")
    }
    if kind == .control, draft.task.environment == nil {
      let names = ControlSettings.Environment.allCases.map(\.rawValue).joined(separator: ", ")
      throw missing("environment", in: "task", "what agents act on; \(names)")
    }
  }

  /// The error that a section lacks a key.
  func missing(_ key: String, in section: String, _ help: String) -> ScenarioError {
    valueError("missing key '\(key)' in \(section)", at: section, note: "\(key): \(help)")
  }

  func checkLength(_ value: PerAgent, _ agents: AgentNames, _ path: String) throws(ScenarioError) {
    guard case .values(let values) = value, values.count != agents.count else { return }
    throw valueError(
      "\(path) has \(values.count) numbers, but the network has \(agents.count) agents", at: path,
      hint: "give one number for each agent, or one for all")
  }

  // MARK: - Measurement and memory

  private func checkMeasurement() throws(ScenarioError) {
    let (until, every) = (draft.measure.until, draft.measure.every)
    guard every <= until else {
      throw valueError("measure.every is longer than measure.until", at: "measure.every")
    }
    try checkMeasured()
    guard until.count(of: every) <= 1_000_000 else {
      throw valueError(
        "measure.until / measure.every gives more than a million measurements", at: "measure.every",
        hint: "it must be at least \(QuantityKind.duration.text(until.seconds / 1e6))")
    }
  }

  /// Refuses what is not measured of such a task.
  private func checkMeasured() throws(ScenarioError) {
    let kind = draft.task.kind
    if let target = draft.measure.target {
      let measured =
        switch kind {
        case .linearRegression, .averaging: MetricName.ofEstimation
        case .control: MetricName.ofControl
        case .fiveState: MetricName.ofExactPolicies
        }
      guard measured.contains(target.metric) else {
        let others = measured.filter { $0.isReturn || $0.isSquaredError }.map(\.rawValue).joined(separator: ", ")
        throw valueError(
          "\(target.metric.rawValue) is not measured in task \(draft.task.kind.rawValue)", at: "measure.target",
          hint: "use one of \(others)")
      }
      try checkReach(target)
    }
    guard kind != .control else { return }
    if tree.entry("measure")?.value.entry("test-episodes") != nil {
      throw error("measure.test-episodes goes with task control only", at: "measure.test-episodes")
    }
    if kind != .fiveState, tree.entry("measure")?.value.entry("all-tasks") != nil {
      throw error("measure.all-tasks goes with task control and five-state only", at: "measure.all-tasks")
    }
    if case .episodes = draft.measure.budget {
      throw valueError("a budget of episodes goes with task control only", at: "measure.budget")
    }
  }

  /// Refuses a return above the greatest that the environment can give.
  private func checkReach(_ target: MeasurementSettings.Target) throws(ScenarioError) {
    guard draft.task.kind == .control, target.metric.isReturn, let environment = draft.task.environment else { return }
    let greatest: Double
    let reason: String
    switch environment {
    case .cartPoleBalance:
      let limit = draft.task.timeLimit ?? CartPoleBalance.timeLimit
      (greatest, reason) = (Double(limit), "1 for each of at most \(limit) steps")
    case .cartPoleSwingUp:
      let limit = draft.task.timeLimit ?? CartPoleSwingUp.timeLimit
      (greatest, reason) = (2 * Double(limit), "at most 2 for each of \(limit) steps")
    case .invertedPendulum: (greatest, reason) = (0, "no reward above 0")
    }
    guard target.threshold > greatest else { return }
    throw valueError(
      String(format: "no policy can have a return of %g: ", target.threshold)
        + "\(environment.rawValue) gives \(reason)",
      at: "measure.target.\(target.metric.rawValue)", hint: String(format: "use at most %g", greatest))
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
    guard settings.strategy.kind != .nonCooperative else { return }
    let extra = settings.strategy.kind == .pushSum ? 1 : 0
    let numbers = Double(settings.bytesPerParameter) * Double(settings.parameterCount + extra)
    let overhead = Double(settings.conditions.links.overhead.bytes)
    guard numbers + overhead > Double(UInt32.max) else { return }
    let isControl = draft.task.kind == .control
    throw valueError(
      String(
        format: "a message of %ld parameters has %.3g GiB, but it must have less than 4 GiB", settings.parameterCount,
        (numbers + overhead) / 0x1p30),
      at: overhead > numbers ? "conditions.links.overhead" : isControl ? "learner.hidden-units" : "task.dimension",
      hint: overhead > numbers ? nil : isControl ? "use fewer units" : "use a smaller task.dimension")
  }

  private func checkMemory(_ load: ExpectedLoad) throws(ScenarioError) {
    let need = MemoryNeed(load)
    guard let excess = need.excess(over: .atStart) else { return }
    throw valueError(excess.message, at: excess.path, hint: excess.hint)
  }
}
