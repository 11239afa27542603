// SPDX-License-Identifier: GPL-3.0-or-later
// Usage: LearningStepBenchmark HIDDEN ROWS STEPS INFERENCES, or without HIDDEN for learning from replay; prints
// With MAP ROUNDS: steps of the navigation environment alone, "seconds-per-step allocations checksum". Else it prints
// "seconds-per-step allocations seconds-per-inference allocations checksum", in CPU time.

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
if numbers.count == 4 {
  let step = LearningStep(hidden: numbers[0], rows: numbers[1])
  let learning = measure(numbers[2]) { _ in step.learn() }
  var sum: Float = 0
  let inference = measure(numbers[3]) { sum += step.infer($0).mean }
  print(learning.seconds, learning.allocations, inference.seconds, inference.allocations, sum + step.checksum)
} else if numbers.count == 3 {
  let step = ReplayStep(rows: numbers[0])
  let learning = measure(numbers[1]) { _ in step.learn() }
  var sum = 0
  let choice = measure(numbers[2]) { sum += step.choose($0) }
  print(learning.seconds, learning.allocations, choice.seconds, choice.allocations, Float(sum) + step.checksum)
} else if numbers.count == 2 {
  let flight = FlightStep(map: numbers[0])
  var steps = 0
  let round = measure(numbers[1]) { _ in steps += flight.step() }
  print(
    round.seconds * Double(numbers[1] + max(1, numbers[1] / 10)) / Double(steps), round.allocations, flight.checksum)
} else {
  print("usage: LearningStepBenchmark [HIDDEN] ROWS STEPS INFERENCES | MAP ROUNDS")
}
