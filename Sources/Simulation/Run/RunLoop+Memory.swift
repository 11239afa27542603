// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

extension RunLoop where Strategy: ~Copyable {
  /// All of the run that changes while it goes on.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try run.visit(&memory)
    try cooperation.visit(&memory)
    try recorder.visit(&memory)
    try memory.value("ending", &ending)
    try memory.value("time of the end", &endTime)
    try memory.value("next keeping", &nextKeeping)
    var kept = memory.isReading ? [] : self.kept
    try run.visit(&kept, names: names, &memory)
    if memory.isReading { keep(kept) }
  }
}

extension RunState {
  /// The parameters that results keep, of all agents at each time.
  @inline(never)
  fileprivate func visit(
    _ kept: inout [KeptParameters], names: [String], _ memory: inout RunMemory
  ) throws(RunMemoryFault) {
    var times = stride(from: 0, to: kept.count, by: agentCount).map { kept[$0].time }
    try memory.list("times of kept parameters", &times)
    for (index, time) in times.enumerated() {
      for rank in 0..<agentCount {
        var numbers = memory.isReading ? [] : kept[index * agentCount + rank].values.numbers(as: Scalar.self)
        try memory.list("kept parameters", &numbers)
        guard numbers.count == dimension else { throw RunMemoryFault("it keeps other parameters than the run") }
        if memory.isReading { kept.append(KeptParameters(agent: names[rank], time: time, values: .init(numbers))) }
      }
    }
  }
}

extension KeptParameters.Values {
  /// Numbers in their own precision.
  init<Number: BinaryFloatingPoint>(_ numbers: some Collection<Number>) {
    self = Number.self == Float.self ? .single(numbers.map { Float($0) }) : .double(numbers.map { Double($0) })
  }

  /// The numbers, in the precision that they have.
  fileprivate func numbers<Number: BinaryFloatingPoint>(as type: Number.Type) -> [Number] {
    switch self {
    case .single(let numbers): numbers.map { Number($0) }
    case .double(let numbers): numbers.map { Number($0) }
    }
  }
}
