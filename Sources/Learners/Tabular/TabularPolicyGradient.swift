// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records
import Schema

/// The gradient of each agent's own objective by the table θ of its softmax policy: θ ← θ + α_k ∇L_k(θ), with
/// the relative entropy of `SoftmaxObjective`. It is exact and uses no data, or comes from episodes (`SampledGradient`).
///
/// As a step is taken at frozen parameters, strategy `consensus` in synchronous-global timing is the paper's algorithm
/// (`DecentralizedPolicyGradient`), and non-cooperative its single-agent baseline.
///
/// Parameters that are not finite any more have increments and returns that are not numbers.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
/// algorithm 1 and equations 5 to 9.
///
/// *Randomness*: `initialParameters` of the agent at index 0; of sampled gradients `data` of the agent at the attempt.
package struct TabularPolicyGradient: ~Copyable, ImmediateLearnerBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  private let agents: TabularAgents
  /// Of each task.
  private let objectives: [SoftmaxObjective]
  /// The same; none where gradients are exact.
  private let samples: [SampledGradient]
  private let data: Column<StreamKey>
  /// What the step of each agent takes that is under way.
  private let underWay: Column<StepWork>

  /// The learners of one replication.
  ///
  /// - Parameters:
  ///   - sampling: of how many episodes a gradient is made, and how long they are at most; nothing where it is exact.
  ///   - learners: how many of the agents learn.
  package init(
    _ tasks: FiniteTasks, relativeEntropyWeight: Double, sampling: (episodes: Int, longest: Int)? = nil,
    initial: InitialParameters.Choice, agents: [EntityKey], learners: Int, seed: UInt64, replication: UInt32
  ) {
    samples =
      sampling.map { sampling in
        tasks.processes.map { SampledGradient($0, episodes: sampling.episodes, longest: sampling.longest) }
      } ?? []
    let family = StreamFamily(seed: seed, replication: replication, purpose: .data)
    data = Column(agents.map { family.key($0) })
    underWay = Column(repeating: StepWork(samples: 0), count: agents.count)
    self.agents = TabularAgents(
      tasks, initial: initial, agents: agents, learners: learners, seed: seed, replication: replication)
    objectives = tasks.processes.map { SoftmaxObjective($0, relativeEntropyWeight: relativeEntropyWeight) }
  }

  package var parameterCount: Int { agents.parameterCount }

  package var workPerStep: StepWork { StepWork(samples: 0) }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    agents.initialise(node, into: parameters)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>
  ) {
    let agent = step.node.index
    guard let table = agents.table(at: parameters) else {
      return increment.update(repeating: .nan, count: parameterCount)
    }
    let process = agents.process(of: agent)
    let objective = objectives[process]
    let gradient: [Double]
    if samples.isEmpty {
      gradient = solved { () throws(EnvironmentError) in try objective.gradient(at: table) }
    } else {
      let policy = objective.policy(table)
      var sampled = table.indices.map { objective.pull(policy, at: $0) }
      var draws = Draws(data[agent], at: step.attempt)
      let steps = UInt64(samples[process].add(of: policy, to: &sampled, &draws))
      underWay[agent] = StepWork(
        samples: steps, environmentSteps: steps, episodes: UInt64(samples[process].episodes))
      gradient = sampled
    }
    for index in gradient.indices { increment[index] = agents.stepSize[agent] * gradient[index] }
  }

  package func work(of node: NodeID) -> StepWork { underWay[node.index] }

  package func finish(_ node: NodeID) -> StepWork { underWay[node.index] }

  package func change(_ change: TaskChange, of nodes: [NodeID]) { agents.change(change, of: nodes) }

  package func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>
  ) throws(RunMemoryFault) {
    try agents.visit(&memory)
    try memory.column("work", underWay)
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    SquaredErrors(toNetworkOptimum: .nan, toOwnMinimiser: .nan)
  }

  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Double>, into returns: borrowing Column<Double>
  ) {
    let actions = agents.tasks.actionCount
    agents.ownReturns(at: parameters, into: returns) { TabularPolicy(softmax: $0, actionCount: actions) }
  }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Double>) -> TaskReturns? {
    let actions = agents.tasks.actionCount
    return agents.taskReturns(at: parameters) { TabularPolicy(softmax: $0, actionCount: actions) }
  }

  package func taskName(of node: NodeID) -> String? { agents.taskName(of: node.index) }
}

extension LearnerDefinition {
  /// The gradient of a softmax policy.
  package static let policyGradient = LearnerDefinition(
    name: "policy-gradient",
    meaning:
      "the gradient of the agent's softmax policy in its decision process, exact or from episodes, with a relative "
      + "entropy",
    source: "Zeng et al., A decentralized policy gradient approach to multi-task reinforcement learning, 2021",
    parameters: [
      .stepSize, .initial,
      Parameter(
        "relative-entropy-weight", .number(.notNegative), "what keeps policies from certainty", .otherwise(.number(0))),
      Parameter(
        "gradient", .choice(["exact", "sampled"]), "whether it is computed, or estimated from episodes",
        .otherwise(.text("exact"))),
      Parameter(
        "episodes-per-step", .count(1...10_000), "that a sampled gradient is the mean of", .otherwise(.count(1))),
      Parameter(
        "longest-episode", .count(1...100_000), "steps after which an episode of a sampled gradient is cut off",
        .otherwise(.count(200))),
    ], tasks: ["five-state", "grid-world"], check: { $0.initialFault },
    facts: { plan in
      var facts = LearnerFacts(tabular: plan)
      guard let sampling = plan.learner.gradientSampling else { return facts }
      facts.isRandom = true
      facts.mostSamplesPerStep = UInt64(sampling.episodes * sampling.longest)
      facts.leastPerStep = (samples: 0, episodes: Double(sampling.episodes))
      return facts
    },
    make: { context in
      guard let tasks = context.task as? FiniteTasks else { return nil }
      return .double(
        StepBank(
          TabularPolicyGradient(
            tasks, relativeEntropyWeight: context.settings.relativeEntropyWeight,
            sampling: context.settings.gradientSampling, initial: context.settings.initial, agents: context.nodes,
            learners: context.agentCount, seed: context.seed, replication: context.replication)))
    })
}

extension LearnerSettings {
  /// λ, the weight of the relative entropy (policy gradient).
  package var relativeEntropyWeight: Double {
    get { arguments.number("relative-entropy-weight") ?? 0 }
    set { arguments["relative-entropy-weight"] = .number(newValue) }
  }

  /// Of what gradients are made; nothing where they are exact.
  package var gradientSampling: (episodes: Int, longest: Int)? {
    get {
      guard arguments.text("gradient") == "sampled" else { return nil }
      return (arguments.count("episodes-per-step"), arguments.count("longest-episode"))
    }
    set {
      arguments["gradient"] = .text(newValue == nil ? "exact" : "sampled")
      guard let newValue else { return }
      arguments["episodes-per-step"] = .count(newValue.episodes)
      arguments["longest-episode"] = .count(newValue.longest)
    }
  }
}
