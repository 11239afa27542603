// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// How old estimates were when they were combined.
struct CombinedAges: BitwiseCopyable {
  var count: UInt64 = 0
  /// Nanoseconds; as whole numbers in a `Double` they add up exactly to 104 days, and cannot overflow.
  var ageSum = 0.0
  var ageMaximum = VirtualDuration.zero
  var updatesSum = 0.0
  var updatesMaximum: UInt64 = 0
}

/// Collects how old estimates were when they were combined, and how long messages took.
struct StalenessAccount: ~Copyable {
  private static let updatesBins = 256

  private let secondsHistogram = Column<UInt64>(repeating: 0, count: AgeBins.count)
  private let updatesHistogram = Column<UInt64>(repeating: 0, count: StalenessAccount.updatesBins)
  /// Of estimates that were combined; who counts several keeps it at hand meanwhile.
  var combined = CombinedAges()
  private var deliveries: UInt64 = 0
  private var deliverySum = 0.0
  private var steps: UInt64 = 0
  private var stepChanges: UInt64 = 0
  private var stepChangesMaximum: UInt64 = 0

  /// Counts one estimate that was combined.
  mutating func add(age: VirtualDuration, ageUpdates: UInt64) {
    var ages = combined
    add(age: age, ageUpdates: ageUpdates, to: &ages)
    combined = ages
  }

  /// Counts one estimate that was combined, in what was taken from `combined` and will be put back.
  @inline(__always)
  func add(age: VirtualDuration, ageUpdates: UInt64, to combined: inout CombinedAges) {
    combined.count &+= 1
    combined.ageSum += Double(age.nanoseconds)
    combined.ageMaximum = max(combined.ageMaximum, age)
    combined.updatesSum += Double(ageUpdates)
    combined.updatesMaximum = max(combined.updatesMaximum, ageUpdates)
    secondsHistogram[AgeBins.bin(age)] &+= 1
    updatesHistogram[Int(min(ageUpdates, UInt64(Self.updatesBins - 1)))] &+= 1
  }

  /// Counts one estimate that was delivered, some time after it was made.
  @inline(__always)
  mutating func delivered(after age: VirtualDuration) {
    deliveries += 1
    deliverySum += Double(age.nanoseconds)
  }

  /// Counts one local step during which the agent's parameters changed so often by averaging: the staleness of its
  /// gradient, where parameters change on arrival.
  mutating func stepped(afterUpdates changes: UInt64) {
    steps += 1
    stepChanges += changes
    stepChangesMaximum = max(stepChangesMaximum, changes)
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("ages in seconds", secondsHistogram)
    try memory.column("ages in updates", updatesHistogram)
    try memory.value("combined", &combined.count)
    try memory.value("sum of ages", &combined.ageSum)
    try memory.value("greatest age", &combined.ageMaximum)
    try memory.value("sum of ages in updates", &combined.updatesSum)
    try memory.value("greatest age in updates", &combined.updatesMaximum)
    try memory.value("deliveries", &deliveries)
    try memory.value("sum of times to deliver", &deliverySum)
    try memory.value("steps", &steps)
    try memory.value("changes during steps", &stepChanges)
    try memory.value("most changes during a step", &stepChangesMaximum)
  }

  /// What is kept of it.
  var record: Staleness {
    var record = Staleness()
    let count = combined.count
    record.count = count
    record.meanSeconds = count == 0 ? 0 : combined.ageSum / Double(count) / 1e9
    record.maximumSeconds = combined.ageMaximum.seconds
    record.meanUpdates = count == 0 ? 0 : combined.updatesSum / Double(count)
    record.maximumUpdates = combined.updatesMaximum
    record.deliveries = deliveries
    record.meanDeliverySeconds = deliveries == 0 ? 0 : deliverySum / Double(deliveries) / 1e9
    record.gradients = steps
    record.meanGradientUpdates = steps == 0 ? 0 : Double(stepChanges) / Double(steps)
    record.maximumGradientUpdates = stepChangesMaximum
    record.secondsHistogram = Self.trimmed(secondsHistogram)
    record.updatesHistogram = Self.trimmed(updatesHistogram)
    return record
  }

  /// The bins up to the last one that is not empty.
  private static func trimmed(_ bins: borrowing Column<UInt64>) -> [UInt64] {
    var last = bins.count
    while last > 0, bins[last - 1] == 0 { last -= 1 }
    return (0..<last).map { bins[$0] }
  }
}
