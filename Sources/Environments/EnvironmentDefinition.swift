// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

/// An environment: its name, its tasks, what agents see and do in it, and how episodes are played.
///
/// An environment is one file that makes one of these from a `ControlTask`, and a line in `builtIn`.
public struct EnvironmentDefinition: Definition, Equatable {
  /// One task of the environment, such as a pole of some mass and length.
  package struct Task: Sendable {
    /// Short enough for a command line; no two tasks of an environment share it.
    package let name: String
    /// The seconds of the agent's own world that a step lasts.
    package let timeStep: Double
    /// Makes so many episodes that are truncated after so many steps, with first states from a stream.
    package let episodes: @Sendable (_ count: Int, _ timeLimit: Int, _ starts: StreamKey) -> Episodes
    /// Plays one episode at a time, in a state that lies wherever the caller wants it.
    package let solo: SoloTask
  }

  /// The greatest return of an episode, and why.
  public struct ReturnBound: Sendable {
    package let greatest: Double
    /// Follows the name of the environment, as in "gives no reward above 0".
    package let reason: String

    /// A bound with its reason.
    public init(_ greatest: Double, _ reason: String) {
      self.greatest = greatest
      self.reason = reason
    }
  }

  /// The name in scenarios.
  public let name: String
  /// What it is, as `Definition` wants it.
  public let meaning: String
  /// Where it comes from.
  public let source: String?
  /// None: a task of it is chosen by name.
  public let parameters: [Parameter] = []
  /// The numbers of an observation by name, as columns of a table.
  package let observationNames: [String]
  /// How many numbers an action has.
  package let actionCount: Int
  /// How many choices an action has, which then is the index of one; nothing where actions are any numbers.
  package let actionChoices: Int?
  /// How many states there are; nothing where they are not finitely many.
  package let stateCount: Int?
  /// The largest magnitude that the mean action of a bounded policy has, in the unit of the action.
  package let meanActionBound: Double
  /// What each number of an observation usually is at most; nothing where nobody has said.
  package let observationScales: [Double]?
  /// After how many steps the published experiments truncate an episode.
  package let timeLimit: Int
  /// The task of single-task experiments.
  package let single: Task
  /// The tasks of multitask experiments.
  package let grid: [Task]
  /// The greatest return of an episode of so many steps; nothing where none is known.
  package let returnBound: @Sendable (_ timeLimit: Int) -> ReturnBound?
  /// What an agent sees in its corridor; nothing where it has none.
  package var corridor: Corridor?
  /// By how many metres every step leads on, where episodes are measured by how far they lead; nothing elsewhere.
  package var stepLength: Double?

  /// An environment that a type describes. What is played is compiled here for this type.
  ///
  /// - Parameters:
  ///   - names: what a task is called.
  ///   - timeStep: the seconds that a step of a task lasts.
  public init<Described: ControlTask>(
    name: String, meaning: String, source: String? = nil, single: Described, grid: [Described],
    observationNames: [String], taskName: (Described) -> String, timeStep: (Described) -> Double,
    returnBound: @escaping @Sendable (Int) -> ReturnBound? = { _ in nil }
  ) {
    precondition(observationNames.count == Described.observationCount, "Every number of an observation has a name.")
    self.name = name
    self.meaning = meaning
    self.source = source
    self.observationNames = observationNames
    actionCount = Described.actionCount
    actionChoices = Described.actionChoices
    stateCount = Described.stateCount
    meanActionBound = Described.meanActionBound
    observationScales = Described.observationScales
    timeLimit = Described.timeLimit
    self.returnBound = returnBound
    func task(_ described: Described) -> Task {
      Task(
        name: taskName(described), timeStep: timeStep(described),
        episodes: { count, timeLimit, starts in
          Episodes(EpisodeBatch(described, count: count, timeLimit: timeLimit, starts: starts))
        }, solo: SoloTask(described))
    }
    self.single = task(single)
    self.grid = grid.map(task)
  }

  /// All tasks by which a scenario can name one: the single one, and those of the grid.
  package var tasks: [Task] { grid.contains { $0.name == single.name } ? grid : [single] + grid }

  /// What an action is, and which tasks there are.
  public var properties: [Property] {
    let names = tasks.map(\.name)
    let listed =
      names.count <= 8
      ? names.joined(separator: ", ") : "\(names.count) such as \(names[0]), \(names[1]) and \(names[names.count - 1])"
    let states = stateCount.map { [Property("states", "\($0), for learners that keep a table")] } ?? []
    return [Property("actions", actionWords)] + states
      + [Property("tasks", listed), Property("steps", "\(timeLimit) at most")]
  }

  /// What an action is, in words.
  package var actionWords: String {
    actionChoices.map { "one of \($0) choices" } ?? (actionCount == 1 ? "any number" : "any \(actionCount) numbers")
  }

  /// Starling's own environments: a new one is a file of its own and a line here.
  private static let builtIn: [EnvironmentDefinition] = [
    .cartPoleBalance, .cartPoleSwingUp, .invertedPendulum, .mountainCar, .cartPoleDiscrete, .mountainCarDiscrete,
    .twoRoom, .twoRoomCompact, .twoRoomAnywhere, .navigation,
  ]

  package static let register = Register("environment", builtIn) { $0.name }

  /// All environments: Starling's own and those that a program adds.
  package static let all = register.close()

  /// The environment of a name.
  package static func named(_ name: String) -> EnvironmentDefinition? { all.first { $0.name == name } }

  /// By the name, as no two share it.
  public static func == (left: EnvironmentDefinition, right: EnvironmentDefinition) -> Bool { left.name == right.name }
}

/// The name of a task of masses and lengths, such as `m0.1-l0.5`.
func taskName(mass: Double, length: Double) -> String { "m\(mass)-l\(length)" }
