// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// A control task: what an agent acts on, step by step, until its episode ends.
///
/// A value of the task holds its parameters, such as masses and lengths; the state of an episode is a trivial value of
/// its own, so that any number of episodes lie in a row (`EpisodeBatch`). Loops are generic and compiled for their
/// task: a step costs no dynamic dispatch, no allocation and no reference count.
///
/// A task knows nothing of time limits: what it ends by itself is *terminated*, and its state then has no value beyond
/// the reward. Who cuts an episode off *truncates* it, and its last state still has a value.
///
/// Source: Towers et al., "Gymnasium: a standard interface for reinforcement learning environments", 2024.
public protocol ControlTask: BitwiseCopyable, Sendable {
  /// What the future of an episode depends on.
  associatedtype State: BitwiseCopyable & Sendable

  /// How many numbers an observation has.
  static var observationCount: Int { get }

  /// How many numbers an action has.
  static var actionCount: Int { get }

  /// How many choices an action has: then it is one number, the index of the choice. Nothing where actions are any numbers.
  static var actionChoices: Int? { get }

  /// The largest magnitude that the mean action of a bounded policy has, in the unit of the action.
  static var meanActionBound: Double { get }

  /// After how many steps the published experiments truncate an episode.
  static var timeLimit: Int { get }

  /// How many states there are for who keeps a table of them; nothing where they are not finitely many. What of a state the
  /// future does not depend on makes no other one.
  static var stateCount: Int? { get }

  /// What the numbers of an observation usually are at most, for who wants them of one size; nothing where nobody has said.
  static var observationScales: [Double]? { get }

  /// The number of a state, from 0 to `stateCount` − 1.
  func stateNumber(of state: State) -> Int

  /// A state to start an episode from.
  func start(_ draws: inout Draws) -> State

  /// Takes one step.
  ///
  /// - Parameter action: `actionCount` numbers.
  func step(_ state: inout State, action: UnsafePointer<Double>) -> Transition

  /// Writes what the agent sees of a state: `observationCount` numbers.
  func observe<Scalar: BinaryFloatingPoint>(_ state: State, into observation: UnsafeMutablePointer<Scalar>)
}

extension ControlTask {
  /// Actions are any numbers.
  public static var actionChoices: Int? { nil }

  /// Nobody has said.
  public static var observationScales: [Double]? { nil }

  /// They are not finitely many.
  public static var stateCount: Int? { nil }

  /// Must not be called.
  public func stateNumber(of state: State) -> Int { preconditionFailure("Only finitely many states have numbers.") }
}

/// A control task in which an action is one of a few choices.
public protocol DiscreteControlTask: ControlTask {
  /// How many choices there are, at least one.
  static var choiceCount: Int { get }

  /// Takes one step.
  ///
  /// - Parameter choice: the index of what is done, from 0 to `choiceCount` − 1.
  func step(_ state: inout State, choice: Int) -> Transition
}

extension DiscreteControlTask {
  /// One: the index of the choice.
  public static var actionCount: Int { 1 }

  /// `choiceCount`.
  public static var actionChoices: Int? { choiceCount }

  /// Zero, as a choice has no magnitude.
  public static var meanActionBound: Double { 0 }

  /// Takes the choice whose index the action is; what is no index, as of a policy that has diverged, is the first one or
  /// the last.
  public func step(_ state: inout State, action: UnsafePointer<Double>) -> Transition {
    let number = action[0]
    let choice = number > 0 ? Int(min(number, Double(Self.choiceCount - 1))) : 0
    return step(&state, choice: choice)
  }
}

/// What a step came to.
public struct Transition: BitwiseCopyable, Sendable, Equatable {
  /// What the agent gets for the step.
  public let reward: Double
  /// Whether the task has ended the episode in the state that the step led to.
  public let isTerminated: Bool

  /// What a step came to.
  public init(reward: Double, isTerminated: Bool) {
    self.reward = reward
    self.isTerminated = isTerminated
  }
}

extension Draws {
  /// The next number, uniform between two bounds.
  mutating func uniform(from lower: Double, to upper: Double) -> Double { lower + (upper - lower) * uniform() }
}
