// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Randomness

/// A waiting line with several servers, first come first served, on the scheduler. Times in mean service times.
struct QueueingSystem {
  var servers: Int
  /// Arrivals over the capacity of all servers.
  var utilisation: Double
  /// The law of the service, of mean 1.
  var service = Distribution.exponential(mean: 1)
}

/// Means over the customers of one replication.
struct QueueingOutcome {
  /// The mean time before the service starts, Wq.
  var meanWait = 0.0
  /// The fraction of customers that waited.
  var waited = 0.0
  /// The mean number of customers in the system over time, L.
  var meanNumber = 0.0
  /// The fraction whose time in the system was above a limit.
  var sojournedLonger = 0.0
  /// The sum over all customers, those of the warm-up too, of the time in the system.
  var totalSojourn = 0.0
  /// The integral over the whole run of the number in the system.
  var totalArea = 0.0
  var fingerprint: UInt64 = 0
}

extension QueueingSystem {
  /// Serves customers until the system is empty again and averages over those after the warm-up.
  func run(
    seed: UInt64, replication: UInt32, warmUp: Int, customers: Int, sojournLimit: Double = .infinity
  ) -> QueueingOutcome {
    let arrivalKey = StreamKey(seed: seed, replication: replication, purpose: .queueing, entity: "arrivals")
    let serviceKey = StreamKey(seed: seed, replication: replication, purpose: .queueing, entity: "services")
    let gaps = Distribution.exponential(mean: 1 / (utilisation * Double(servers)))
    let total = warmUp + customers
    var arrivals = [Double](repeating: 0, count: total)
    var scheduler = Scheduler(capacity: servers + 2)
    var outcome = QueueingOutcome()
    var (inSystem, nextToServe, area, lastChange, windowStart, windowArea) = (0, 0, 0.0, 0.0, 0.0, 0.0)

    func startService(_ scheduler: inout Scheduler) {
      let customer = nextToServe
      nextToServe += 1
      let duration = VirtualDuration(seconds: service.sample(serviceKey, at: UInt64(customer)))
      scheduler.schedule(Event(kind: .computeEnd, subject: UInt32(customer)), at: scheduler.now + duration)
      guard customer >= warmUp else { return }
      let wait = scheduler.now.seconds - arrivals[customer]
      outcome.meanWait += wait / Double(customers)
      if wait > 0 { outcome.waited += 1 / Double(customers) }
    }

    let firstGap = gaps.sample(arrivalKey, at: 0)
    scheduler.schedule(Event(kind: .arrival, subject: 0), at: VirtualTime(seconds: firstGap))
    while let event = scheduler.next() {
      let now = scheduler.now.seconds
      area += Double(inSystem) * (now - lastChange)
      lastChange = now
      let customer = Int(event.subject)
      if event.kind == .arrival {
        arrivals[customer] = now
        if customer == warmUp { (windowStart, windowArea) = (now, area) }
        if customer == total - 1 { outcome.meanNumber = (area - windowArea) / (now - windowStart) }
        inSystem += 1
        if inSystem <= servers { startService(&scheduler) }
        if customer + 1 < total {
          let gap = VirtualDuration(seconds: gaps.sample(arrivalKey, at: UInt64(customer + 1)))
          scheduler.schedule(Event(kind: .arrival, subject: event.subject + 1), at: scheduler.now + gap)
        }
      } else {
        inSystem -= 1
        let sojourn = now - arrivals[customer]
        outcome.totalSojourn += sojourn
        if customer >= warmUp && sojourn > sojournLimit { outcome.sojournedLonger += 1 / Double(customers) }
        if inSystem >= servers { startService(&scheduler) }
      }
    }
    outcome.totalArea = area
    outcome.fingerprint = scheduler.fingerprint
    return outcome
  }
}
