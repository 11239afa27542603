// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// A change in the life of an agent.
enum LifeChange {
  case crash
  case recovery
  /// It exists from now on; its links are there already.
  case arrival
  /// It is gone for good, or comes only later; its links go next.
  case departure
}

/// A change of a link.
enum LinkStateChange {
  /// It carries nothing any more.
  case cut
  /// Nothing cuts it any more.
  case restoration
  /// It is no more in the present graph, which both ends know: what was on it is lost, and what was heard over it forgotten.
  case removal
  /// It is in the present graph, and empty.
  case appearance
}

/// A strategy in a timing: what agents do when something happens to them.
///
/// A cooperation acts through the verbs of `RunState` only (launch a step, send, keep, combine, adopt, set a timer),
/// which do all the accounting, so that it cannot forget to count a byte. It meets the learner nowhere.
protocol Cooperation: ~Copyable, SendableMetatype {
  /// The number that parameters are made of.
  associatedtype Scalar: ParameterScalar

  /// The strategy of one run, before anything has happened.
  ///
  /// - Throws: if the network or the clocks do not go with it.
  init(_ context: StrategyContext) throws(SimulationError)

  /// Slots that an agent keeps for each neighbour, where steps have so many phases.
  static func mailboxDepth(phases: Int) -> Int

  /// Whether local steps end with their gradients instead of intermediate estimates.
  static var sharesGradients: Bool { get }

  /// How many numbers a message carries beside parameters.
  static var numbersBeside: Int { get }

  /// How many numbers more some of its messages carry, and say so in their bytes.
  ///
  /// - Parameter shared: the shared parameters of an agent.
  static func numbersOfSome(_ settings: SimulationSettings, shared: Int) -> Int

  /// An agent begins: at its start, and whenever `RunState.scheduleBegin` asked for it.
  mutating func begin(_ node: NodeID, _ run: inout RunState<Scalar>)

  /// A local step has ended with the intermediate estimate `psi`, which the cooperation now holds. It is a gradient
  /// with the number of its samples where the cooperation shares gradients.
  mutating func stepEnded(
    _ node: NodeID, _ psi: SnapshotHandle, _ run: inout RunState<Scalar>)

  /// A message has reached a live agent; what it carries is borrowed.
  mutating func received(_ message: Message, _ run: inout RunState<Scalar>)

  /// An acknowledgement has reached the live sender of the message that it acknowledges.
  mutating func acknowledged(
    _ acknowledgement: Message, _ run: inout RunState<Scalar>)

  /// A timer of a live agent has fired.
  mutating func timerFired(
    _ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>)

  /// The combination asked for with `RunState.requestCombine` is due: all news of this instant have arrived.
  mutating func combineDue(_ node: NodeID, _ run: inout RunState<Scalar>)

  /// An agent has crashed or recovered, come or gone; its parameters and mailbox are already what they will be.
  mutating func changed(
    _ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>)

  /// A link is cut, or whole again, or goes or comes. Of cuts only who is told without a message does anything: an ideal
  /// barrier.
  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>)

  /// All of it that changes while the run goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault)

  /// Sums that no event may change, for tests: traced runs note them after every event. Empty where there are none.
  borrowing func conservedSums(_ run: borrowing RunState<Scalar>) -> [Double]

  /// What there is of the mass of push-sum; nothing of strategies without one.
  borrowing func masses(_ run: borrowing RunState<Scalar>) -> PushSumMasses?
}

extension Cooperation where Self: ~Copyable {
  static func mailboxDepth(phases: Int) -> Int { phases }

  static var sharesGradients: Bool { false }

  static var numbersBeside: Int { 0 }

  static func numbersOfSome(_ settings: SimulationSettings, shared: Int) -> Int { 0 }

  borrowing func conservedSums(_ run: borrowing RunState<Scalar>) -> [Double] { [] }

  borrowing func masses(_ run: borrowing RunState<Scalar>) -> PushSumMasses? { nil }

  mutating func acknowledged(_ acknowledgement: Message, _ run: inout RunState<Scalar>) {}

  mutating func timerFired(_ node: NodeID, tag: UInt8, payload: UInt32, _ run: inout RunState<Scalar>) {}

  mutating func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {}
}
