// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness

/// How agents of `TabularValueLearning` act and learn.
package final class TabularValueCore: ActingCore, @unchecked Sendable {
  package static var givesGradients: Bool { false }

  /// How far an agent has come.
  struct Place: BitwiseCopyable {
    var life = Life()
    /// What it has chosen to do next, as what it is worth has counted already; negative where it has not.
    var chosen: Int32 = -1
  }

  package let steps: ActingSteps
  private let settings: TabularValueSettings
  private let table: TabularValues
  private let solos: [SoloTask]
  private let streams: ActingStreams
  private let keys: [EntityKey]
  /// Where agents are, and their states; and the same in the steps under way, which count when these end.
  private let places: Column<Place>
  private let shadows: Column<Place>
  private let states: StateRows
  private let shadowStates: StateRows
  /// The table of each agent in the step under way.
  private let rooms: RoomPool<TabularValueRoom>

  package init(
    _ settings: TabularValueSettings, tasks: ControlTasks, agents: [EntityKey], learners: Int, streams: ActingStreams
  ) {
    self.settings = settings
    let table = TabularValues(settings, tasks: tasks)
    self.table = table
    solos = tasks.list.map(\.solo)
    self.streams = streams
    keys = agents
    steps = ActingSteps(tasks, nodes: agents.count, learners: learners, parameterCount: table.parameterCount)
    places = Column(repeating: Place(), count: agents.count)
    shadows = Column(repeating: Place(), count: agents.count)
    states = StateRows(solos[0], count: agents.count)
    shadowStates = StateRows(solos[0], count: agents.count)
    rooms = RoomPool { TabularValueRoom(table) }
  }

  package var layout: StepLayout { table.layout }

  package var policies: PolicyForm { table.policies }

  package func initialise(_ agent: Int, into parameters: UnsafeMutablePointer<Float>) {
    parameters.update(repeating: Float(settings.firstValue), count: table.parameterCount)
  }

  package func lives(of agent: Int) -> [Life] { [places[agent].life] }

  // MARK: - Steps

  package func compute(_ agent: Int) {
    let room = rooms.take()
    let increment = steps.gradients[agent]
    increment.update(repeating: 0, count: table.parameterCount)
    room.values.base.update(from: steps.parameters(of: agent), count: table.parameterCount)
    let episodes = live(agent, in: room, into: increment)
    let samples = UInt64(settings.stepsPerUpdate)
    steps.work[agent] = StepWork(samples: samples, environmentSteps: samples, episodes: episodes)
    rooms.giveBack(room)
  }

  /// Acts in the shadow of a step and learns from each step of the environment at once.
  ///
  /// - Returns: how many episodes have ended.
  private func live(_ agent: Int, in room: TabularValueRoom, into increment: UnsafeMutablePointer<Float>) -> UInt64 {
    let task = steps.taskUnderWay(of: agent)
    let (solo, state) = (solos[task], shadowStates[agent])
    let starts = streams.starts.key(keys[agent]).attempt(steps.attempt(of: agent))
    var noise = Draws(streams.noise.key(keys[agent]), at: steps.underWay[agent].attempt)
    var place = places[agent]
    shadowStates.copy(states[agent], to: agent)
    let endedBefore = place.life.episodes
    var begun: UInt64 = 0
    for _ in 0..<settings.stepsPerUpdate {
      if place.life.task != Int32(task) {
        var draws = Draws(starts, at: begun)
        begun &+= 1
        solo.start(state, &draws)
        place.life.begin(in: Int32(task))
        place.chosen = -1
      }
      let before = solo.stateNumber(state)
      let action =
        place.chosen >= 0 ? Int(place.chosen) : choose(in: before, after: place.life.steps, in: room, &noise)
      room.action[0] = Float(action)
      let transition = solo.step(state, UnsafePointer(room.action.base))
      place.life.step(reward: transition.reward)
      place.chosen = -1
      var target = Float(transition.reward)
      if !transition.isTerminated {
        let next = solo.stateNumber(state)
        if settings.rule == .taken {
          place.chosen = Int32(choose(in: next, after: place.life.steps, in: room, &noise))
        }
        let best = place.chosen >= 0 ? Int(place.chosen) : room.best(in: next, table)
        target += Float(settings.discount) * room.values[table.place(next, best)]
      }
      let entry = table.place(before, action)
      increment[entry] += Float(settings.stepSize) * (target - room.values[entry])
      room.values[entry] = steps.parameters(of: agent)[entry] + increment[entry]
      if transition.isTerminated || Int(place.life.elapsed) >= steps.tasks.timeLimit {
        place.life.end()
        place.chosen = -1
      }
    }
    shadows[agent] = place
    return place.life.episodes &- endedBefore
  }

  /// An action in a state after so many steps: the best one, or any.
  ///
  /// *Randomness*: a number, and another where the action is any.
  private func choose(
    in state: Int, after steps: UInt64, in room: TabularValueRoom, _ noise: inout Draws
  ) -> Int {
    noise.uniform() < settings.exploration.probability(after: steps)
      ? Int(noise.integer(below: UInt32(table.actionCount))) : room.best(in: state, table)
  }

  package func commit(_ agent: Int) {
    places[agent] = shadows[agent]
    states.copy(shadowStates[agent], to: agent)
  }

  /// The increment is there.
  package func turnIntoIncrement(_ agent: Int) {}

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: Int) {
    preconditionFailure("Steps of this learner end with their increments only.")
  }

  package func forget(_ node: Int) { places[node] = Place() }

  // MARK: - Memory

  /// Bytes of tables and states, and of all rooms that were ever needed.
  package var bytesHeld: Int {
    steps.bytesHeld + 2 * places.count * MemoryLayout<Place>.stride + states.bytes + shadowStates.bytes
      + rooms.freeCount * table.parameterCount * MemoryLayout<Float>.size
  }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    try steps.visit(&memory, increments: increments)
    try memory.column("places", places)
    try memory.column("places in steps under way", shadows)
    try states.visit(&memory, "states", from: 0, count: states.count)
    try shadowStates.visit(&memory, "states in steps under way", from: 0, count: shadowStates.count)
    for agent in 0..<places.count {
      try check(places[agent])
      try check(shadows[agent])
    }
  }

  package func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try memory.values("place", places.base + node, count: 1)
    try check(places[node])
    try states.visit(&memory, "state", from: node, count: 1)
  }

  private func check(_ place: Place) throws(RunMemoryFault) {
    guard (-1..<solos.count).contains(Int(place.life.task)), place.chosen < Int32(table.actionCount) else {
      throw RunMemoryFault("its agents are in tasks, or do things, that the run does not have")
    }
  }
}

/// Room for the table of one agent while a step is computed.
final class TabularValueRoom: @unchecked Sendable {
  let values: Column<Float>
  let action: Column<Float>

  init(_ table: TabularValues) {
    values = Column(repeating: 0, count: table.parameterCount)
    action = Column(repeating: 0, count: 1)
  }

  /// The action of a state that is worth most, the first of several.
  func best(in state: Int, _ table: TabularValues) -> Int {
    greatest(UnsafePointer(values.base + table.place(state, 0)), count: table.actionCount)
  }
}
