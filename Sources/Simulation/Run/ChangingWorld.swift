// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// A run in the midst of a change of its world, with the strategy, which is told of it.
///
/// Changes are rare, and what they may be is long: it is compiled for each number that parameters are made of, and not
/// again for each strategy.
struct ChangingWorld<Scalar: ParameterScalar>: ~Copyable {
  private let place: UnsafeMutablePointer<RunState<Scalar>>
  let cooperation: ToldCooperation<Scalar>

  var run: RunState<Scalar> {
    _read { yield place.pointee }
    nonmutating _modify { yield &place.pointee }
  }

  /// Lets something happen to the world.
  static func change<Strategy: Cooperation & ~Copyable>(
    _ run: inout RunState<Scalar>, telling strategy: inout Strategy, _ body: (inout ChangingWorld) -> Void
  ) where Strategy.Scalar == Scalar {
    withUnsafeMutablePointer(to: &run) { run in
      withUnsafeMutablePointer(to: &strategy) { strategy in
        var world = ChangingWorld(place: run, cooperation: ToldCooperation(strategy))
        body(&world)
      }
    }
  }
}

/// A strategy whichever it is, as far as it is told of changes of the world.
struct ToldCooperation<Scalar: ParameterScalar> {
  private typealias Address = UnsafeMutableRawPointer

  private let address: Address
  private let hearOfAgent: (Address, NodeID, LifeChange, inout RunState<Scalar>) -> Void
  private let hearOfLink: (Address, LinkID, LinkStateChange, inout RunState<Scalar>) -> Void

  /// The strategy must outlive the value.
  init<Strategy: Cooperation & ~Copyable>(
    _ strategy: UnsafeMutablePointer<Strategy>
  ) where Strategy.Scalar == Scalar {
    address = Address(strategy)
    // They capture nothing, so that nothing is allocated for them.
    hearOfAgent = { address, node, change, run in
      address.assumingMemoryBound(to: Strategy.self).pointee.changed(node, change, &run)
    }
    hearOfLink = { address, link, change, run in
      address.assumingMemoryBound(to: Strategy.self).pointee.linkChanged(link, change, &run)
    }
  }

  /// As `Cooperation.changed`.
  func changed(_ node: NodeID, _ change: LifeChange, _ run: inout RunState<Scalar>) {
    hearOfAgent(address, node, change, &run)
  }

  /// As `Cooperation.linkChanged`.
  func linkChanged(_ link: LinkID, _ change: LinkStateChange, _ run: inout RunState<Scalar>) {
    hearOfLink(address, link, change, &run)
  }
}
