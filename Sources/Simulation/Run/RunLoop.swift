// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Learners
import Quantities
import Records

/// One run from its start to its end: takes event after event and hands it to the cooperation.
struct RunLoop<Strategy: Cooperation & ~Copyable>: ~Copyable {
  typealias Scalar = Strategy.Scalar

  var cooperation: Strategy
  var run: RunState<Scalar>
  var recorder: Recorder
  let until: VirtualTime
  /// Asked now and then whether the run is to be given up.
  let watch: RunWatch
  /// Which part of the run is carried out, and how it is kept; nothing for the whole.
  let span: RunSpan?
  /// Checks what must hold; in debug builds, and in runs that tests trace.
  let audit: RunAudit?
  /// What the cooperation conserves, after every event of a traced run.
  var conservedSums: [[Double]]?
  var ending = RunRecord.Ending.until
  /// When nobody could proceed any more.
  var endTime: VirtualTime?
  /// Which parameters the results keep, and those kept so far.
  let keeping: MeasurementSettings.Keeping
  let names: [String]
  var kept: [KeptParameters] = []
  /// When parameters are kept next: at a multiple of the time between keepings.
  var nextKeeping = VirtualTime.zero

  /// Goes on to the end, or until everything up to a time has happened.
  ///
  /// - Returns: whether the run has come to its end. Where not, its steps are still under way.
  /// - Throws: if the run was cancelled, takes far more than was to be expected, or virtual time stands still.
  mutating func execute(until limit: VirtualTime) throws(SimulationError) -> Bool {
    var isUnderWay = false
    defer { if !isUnderWay { run.abandonSteps() } }
    var handled = Int(run.scheduler.handledCount)
    let question = watch.question
    var hasEnded = false
    while let event = run.scheduler.next(until: limit) {
      if run.isAttended { run.attend(event) }
      if event.kind == .stop {
        hasEnded = true
        break
      }
      handle(event)
      if conservedSums != nil { conservedSums?.append(cooperation.conservedSums(run)) }
      handled &+= 1
      if handled >= question.pointee, try watch.answer(after: handled), let span, let saving = span.saving {
        try save(saving, as: span.label())
      }
    }
    if let livelock = run.scheduler.livelock {
      throw SimulationError(
        "Virtual time stands still at \(livelock.seconds) s: steps and messages that take no time follow each other "
          + "without end. Give computing or links a duration above zero.")
    }
    guard hasEnded else {
      isUnderWay = true
      return false
    }
    run.closeLastWindow()
    if run.hasSpentBudget { ending = .budget }
    run.tellOpenMessages()
    run.tell(.ends, nil)
    audit?.check(run, conserved: cooperation.conservedSums(run), hasEnded: true)
    keepParameters(isLast: true)
    for index in 0..<run.parameters.count {
      run.scheduler.fold(canonical(Double(run.parameters[index])).bitPattern)
    }
    return true
  }

  /// Schedules what a run begins with.
  mutating func start() {
    run.scheduler.schedule(Event(kind: .stop, subject: 0), at: until)
    run.scheduleFirstOutages()
    if run.present.changes { ChangingWorld.change(&run, telling: &cooperation) { $0.startNetwork() } }
    run.scheduleFirstLinkOutages()
    run.scheduleTimeline()
    run.scheduleCheckpoint()
    for rank in 0..<run.agentCount where run.present.has(NodeID(rank)) {
      run.scheduleBegin(NodeID(rank), at: run.computeTimes.start(of: NodeID(rank)))
    }
    scheduleMeasurement()
  }

  private mutating func scheduleMeasurement() {
    guard let time = recorder.nextTime else { return }
    run.scheduler.schedule(Event(kind: .measurement, subject: 0), at: time)
  }

  @inline(__always)
  private mutating func handle(_ event: Event) {
    let node = NodeID(rank: event.subject)
    switch event.kind {
    case .failure:
      changeWorld(event)
    case .computeEnd where run.isCurrent(event):
      endStep(node)
    case .arrival:
      deliver(event, to: node)
    case .linkChange:
      if event.tag == LinkTag.departure {
        run.departNext(over: LinkID(rank: event.payload))
      } else {
        changeWorld(event)
      }
    case .timer where run.isCurrent(event):
      cooperation.timerFired(node, tag: event.tag, payload: event.payload, &run)
    case .combine where run.isCurrent(event):
      if run.pauses.holdCombine(node) { break }
      run.agents[node.index].hasRequestedCombine = false
      cooperation.combineDue(node, &run)
    case .computeStart where run.isCurrent(event):
      if run.pauses.holdBegin(node) { break }
      cooperation.begin(node, &run)
    case .measurement:
      measure()
    case .computeEnd, .timer, .combine, .computeStart, .stop:
      break
    }
  }

  @inline(never)
  private mutating func changeWorld(_ event: Event) {
    ChangingWorld.change(&run, telling: &cooperation) { $0.handle(event) }
  }

  private mutating func endStep(_ node: NodeID) {
    run.lookAhead()
    let psi = Strategy.sharesGradients ? run.finishGradient(node) : run.finishStep(node)
    cooperation.stepEnded(node, psi, &run)
    if run.agents[node.index].owesStep {
      run.agents[node.index].owesStep = false
      run.launchStep(node)
    }
  }

  @inline(__always)
  private mutating func deliver(_ event: Event, to node: NodeID) {
    run.lookAhead()
    guard let message = run.arrive(event.payload, at: node) else { return }
    if event.tag == ArrivalTag.acknowledgement {
      cooperation.acknowledged(message, &run)
    } else {
      cooperation.received(message, &run)
    }
    run.discard(event.payload)
  }

  /// Measures, and notices when nothing but measurements is left: then nobody can proceed any more, the estimates
  /// stay as they are, and the rest of the grid is measured without change.
  private mutating func measure() {
    let masses = recorder.areMasses ? cooperation.masses(run) : nil
    recorder.measure(&run, masses: masses)
    run.tell(.measured, nil)
    audit?.check(run, conserved: cooperation.conservedSums(run), hasEnded: false)
    keepParameters(isLast: false)
    if run.scheduler.pendingActivity == 0, run.now < until, ending == .until {
      ending = .stalled
      endTime = run.now
    }
    scheduleMeasurement()
  }

  /// Keeps the parameters of all agents if the scenario wants them now.
  private mutating func keepParameters(isLast: Bool) {
    switch keeping {
    case .none: return
    case .auto where !isLast || !recorder.areReturns: return
    case .final where !isLast: return
    case .every(let interval) where !isLast:
      guard run.now >= nextKeeping else { return }
      nextKeeping = VirtualTime(interval * (Int(run.now.sinceStart.count(of: interval)) + 1))
    default: break
    }
    // What was measured last may be what the run ends with.
    let time = run.now.seconds
    if let last = kept.last, last.time == time { return }
    keep(run.keptParameters(names: names, at: time))
  }

  mutating func keep(_ parameters: [KeptParameters]) {
    kept += parameters
    watch.account.grow(by: parameters.reduce(0) { $0 + $1.bytes })
  }
}

extension RunState {
  /// The parameters of all agents.
  ///
  /// - Parameter time: seconds of virtual time.
  @inline(never)
  fileprivate func keptParameters(names: [String], at time: Double) -> [KeptParameters] {
    (0..<agentCount).map { rank in
      let row = UnsafeBufferPointer(start: UnsafePointer(row(NodeID(rank))), count: dimension)
      return KeptParameters(agent: names[rank], time: time, values: .init(row))
    }
  }
}
