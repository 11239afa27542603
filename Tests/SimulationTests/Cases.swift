// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// The cases of a test that has many alike: all of them, or as many as `STARLING_CASES` says, evenly spread. Builds that
/// check every access to memory are too slow for all.
///
/// - Parameter least: how many there are in any case, where they are not all that alike.
func cases<Case>(_ all: some Collection<Case>, atLeast least: Int = 1) -> [Case] {
  let few = ProcessInfo.processInfo.environment["STARLING_CASES"].flatMap { Int($0) } ?? all.count
  let step = max(1, all.count / max(1, few, least))
  return all.enumerated().filter { $0.offset % step == 0 }.map(\.element)
}
