// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// What is found wrong while reading goes on, so that all of it is said at once.
///
/// What a wrong key makes wrong elsewhere is not said: a rule applies where nothing is wrong with what it needs.
struct Faults {
  private(set) var found: [ScenarioError] = []
  /// Faults that others have found and said.
  private let known: [ScenarioError]

  init(besides known: [ScenarioError] = []) { self.known = known }

  /// More than anybody mends at once.
  private static let most = 200

  var isEmpty: Bool { found.isEmpty }
  var isFull: Bool { found.count >= Self.most }

  /// Does a piece of work; what it finds wrong is kept, and nothing is returned.
  ///
  /// - Parameter key: the path that was read, for faults that name none.
  mutating func gather<Value>(
    at key: String? = nil, _ work: () throws(ScenarioError) -> Value
  ) -> Value? {
    do throws(ScenarioError) {
      return try work()
    } catch {
      add(error, at: key)
      return nil
    }
  }

  /// Applies a rule where all keys that it needs are sound.
  mutating func gather<Value>(
    needing keys: [String], _ rule: () throws(ScenarioError) -> Value
  ) -> Value? {
    areSound(keys) ? gather(rule) : nil
  }

  /// Whether nothing is wrong with any of these keys.
  func areSound(_ keys: [String]) -> Bool {
    !(known + found).contains { fault in keys.contains(where: fault.concerns) }
  }

  mutating func add(_ error: ScenarioError, at key: String? = nil) {
    for fault in error.faults where !isFull {
      var fault = fault
      fault.key = fault.key ?? key
      found.append(fault)
    }
  }

  /// - Throws: all that was found, if anything.
  func finish() throws(ScenarioError) {
    if let error = ScenarioError.joined(found) { throw error }
  }
}
