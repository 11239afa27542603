// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import RandomScenarios

/// Writes random scenarios into files, for programs that are not ours to link: `scripts/compare-revisions` gives them
/// to another revision.
///
/// Usage: `WriteRandomScenarios FOLDER COUNT FIRST-SEED`. Every third has constant durations, so that many events share
/// their instant.
@main
struct WriteRandomScenarios {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 3, let folder = arguments.first, let count = UInt64(arguments[2]),
      let first = UInt64(arguments[3])
    else {
      FileHandle.standardError.write(Data("usage: WriteRandomScenarios FOLDER COUNT FIRST-SEED\n".utf8))
      exit(EX_USAGE)
    }
    for seed in first..<first + count {
      let scenario = RandomScenario(seed: seed, durations: seed % 3 == 0 ? .constant(.one) : .drawn)
      try scenario.text.write(toFile: "\(folder)/random-\(seed).yaml", atomically: false, encoding: .utf8)
    }
  }
}
