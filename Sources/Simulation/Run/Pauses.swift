// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Networks
import Quantities

/// Who stands still by the timeline, and what waits until it goes on.
///
/// A paused node receives, keeps and acknowledges; its clocks ring on, and where averaging happens on arrival it does. Its
/// step under way stands still, and it neither begins one nor combines at an instant of its own choice.
struct Pauses: ~Copyable {
  private let inPlace = InPlace()
  /// Whether the timeline changes any speed; else nobody asks here.
  let isOn: Bool
  /// Whether agents begin steps when they begin; else clocks tell them, which a pause leaves alone.
  private let holdsBegins: Bool
  private let states: Column<PauseState>

  init(_ settings: SimulationSettings, nodeCount: Int) {
    isOn = settings.followsScriptedSpeeds
    holdsBegins = !settings.usesClock
    states = Column(repeating: PauseState(), count: isOn ? nodeCount : 0)
  }

  @inline(__always)
  func isPaused(_ node: NodeID) -> Bool { isOn && states[node.index].isPaused }

  /// Since when a paused node is.
  func since(_ node: NodeID) -> VirtualTime { states[node.index].since }

  func pause(_ node: NodeID, at time: VirtualTime) {
    states[node.index].isPaused = true
    states[node.index].since = time
  }

  /// Lets a node go on.
  ///
  /// - Returns: what waited for it.
  func resume(_ node: NodeID) -> (begin: Bool, combine: Bool) {
    let state = states[node.index]
    states[node.index].isPaused = false
    forget(node)
    return (state.holdsBegin, state.holdsCombine)
  }

  /// What waited is gone.
  func forget(_ node: NodeID) {
    guard isOn else { return }
    states[node.index].holdsBegin = false
    states[node.index].holdsCombine = false
  }

  /// Keeps the begin of a paused node.
  ///
  /// - Returns: whether it has to wait.
  @inline(__always)
  func holdBegin(_ node: NodeID) -> Bool {
    guard isPaused(node), holdsBegins else { return false }
    states[node.index].holdsBegin = true
    return true
  }

  /// Keeps the combination of a paused node.
  ///
  /// - Returns: whether it has to wait.
  @inline(__always)
  func holdCombine(_ node: NodeID) -> Bool {
    guard isPaused(node) else { return false }
    states[node.index].holdsCombine = true
    return true
  }

  /// The event that ends the step under way.
  func end(_ node: NodeID) -> EventHandle { states[node.index].end }

  /// Keeps the event that ends the step under way, which may come sooner or later by the timeline.
  func expect(_ end: EventHandle, of node: NodeID) { states[node.index].end = end }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) { try memory.column("pauses", states) }
}

/// What is kept of a node that the timeline may slow down or pause.
struct PauseState: BitwiseCopyable {
  var isPaused = false
  /// Since when it is paused.
  var since = VirtualTime.zero
  var holdsBegin = false
  var holdsCombine = false
  /// The event that ends the step under way.
  var end = EventHandle.none
}
