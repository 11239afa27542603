// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records
import Schema

extension LearnerDefinition {
  /// A learner that is a program of the user.
  package static let external = LearnerDefinition(
    name: "external", meaning: "a program of your own computes the steps, in Python or any other language",
    parameters: [
      Parameter("command", .command, "that starts the program, with its arguments", example: "[python3, learner.py]"),
      Parameter("dimension", .count(1...100_000_000), "parameters of each agent, in task external", .optional),
      Parameter(
        "step-size", Parameter.stepSize.kind, "that the program is told for each agent",
        .otherwise(.perAgent(.law(.constant(0))))),
      ExternalMetrics.parameter,
      Parameter(
        "options", .dictionary(.either([.number(.anyNumber), .flag, .line])), "that the program is told", .optional),
      Parameter(
        "timeout", .duration(.positiveDuration),
        "real time in which the program has to answer; to start it has a minute at least",
        .otherwise(.duration(VirtualDuration(nanoseconds: 60_000_000_000)))),
    ], tasks: ["external", "linear-regression"],
    check: externalFault,
    facts: externalFacts,
    make: { context in
      let dimension = externalDimension(context.settings, context.task as? LinearRegressionTask)
      let definitions = ExternalMetrics.definitions(context.settings.arguments["metrics"])
      if let task = context.task as? LinearRegressionTask {
        let plain = LeastMeanSquares(
          task, initial: .constant(0), agents: context.nodes, seed: context.seed, replication: context.replication)
        return .double(StepBank(bank(RegressionData(plain), context, definitions, dimension)))
      }
      guard context.task is ExternalTask else { return nil }
      return .double(StepBank(bank(OwnData(), context, definitions, dimension)))
    })

  private static func bank<Task: ExternalData & ~Copyable>(
    _ task: consuming Task, _ context: LearningContext, _ metrics: [MetricDefinition], _ dimension: Int
  ) -> ExternalBank<Task> {
    let arguments = context.settings.arguments
    let family = StreamFamily(seed: context.seed, replication: StreamFamily.study, purpose: .learnerParameters)
    let agents = Array(context.nodes.prefix(context.agentCount))
    let options = (arguments["options"]?.entries ?? []).compactMap { name, value in
      ExternalOption(value).map { (name, $0) }
    }
    let hello = ExternalSession.Hello(
      seed: context.seed, replication: context.replication,
      agents: context.names.isEmpty ? agents.indices.map { "agent-\($0)" } : Array(context.names.prefix(agents.count)),
      parameters: dimension, metrics: metrics.map(\.name),
      task: context.task is ExternalTask ? "external" : "linear-regression",
      sampleNumbers: task.sampleNumbers, stepSizes: context.settings.stepSize.drawn(for: agents, from: family, at: 0),
      options: Dictionary(options) { _, last in last })
    let session = ExternalSession(
      hello, command: arguments.special("command") ?? ProgramCommand(["false"]),
      timeout: arguments.duration("timeout").seconds, trouble: context.trouble)
    return ExternalBank(task, context, session, metrics: hello.metrics, dimension: dimension)
  }

  /// M.
  private static func externalDimension(_ learner: LearnerSettings, _ task: LinearRegressionTask?) -> Int {
    task?.dimension ?? learner.arguments["dimension"]?.count ?? 0
  }

  @Sendable private static func externalFault(_ plan: LearningPlan) -> Fault? {
    let isOwn = plan.task.definition == .external
    let dimension = plan.learner.arguments["dimension"]
    if isOwn, dimension == nil {
      return Fault("command", "does not say how many parameters an agent has", hint: "add learner.dimension")
    }
    if !isOwn, dimension != nil {
      return Fault("dimension", "is said by task \(plan.task.definition.name)", hint: "leave it out")
    }
    let metrics = plan.learner.arguments["metrics"]
    if isOwn, !ExternalMetrics.definitions(metrics).contains(where: \.isJudged) {
      return Fault(
        "command", "measures nothing by which agents could be judged",
        hint: "add learner.metrics, such as {accuracy: {scale: share, better: more}}")
    }
    return ExternalMetrics.fault(metrics)
  }

  @Sendable private static func externalFacts(_ plan: LearningPlan) -> LearnerFacts {
    let own = ExternalMetrics.definitions(plan.learner.arguments["metrics"])
    var facts: LearnerFacts
    if plan.task.definition == .external {
      let count = plan.learner.arguments["dimension"]?.count ?? 0
      facts = LearnerFacts(parameterCount: count, metrics: own + MetricDefinition.ofEveryRun)
      facts.sizeSaidBy = "learner.dimension"
      facts.matchingObstacle = "has no squared error to match"
    } else {
      facts = LearnerFacts(regression: plan, isRandom: true)
      facts.metrics += own
    }
    facts.isRandom = true
    facts.startsVary = true
    // What a program of somebody else computes follows no recursion, and nobody knows where it leads.
    facts.followsTheory = false
    facts.isBiased = true
    // The frame of a step and its answer.
    facts.memory.perLearner += 3 * 8 * Double(facts.parameterCount)
    facts.isComputedByPrograms = true
    return facts
  }
}
