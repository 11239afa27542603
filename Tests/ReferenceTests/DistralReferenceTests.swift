// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// What the forms of Distral and the soft values of rooms are held against.
struct DistralReferenceTests {
  private func file(_ name: String) throws -> Document {
    let url = Bundle.module.bundleURL.appendingPathComponent("Resources/rl/\(name).json")
    return Document(try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
  }

  private func report(_ document: Document) throws -> VerificationReport {
    let data = try JSONSerialization.data(withJSONObject: document.value)
    return try Verifier(jobs: 1).verify(Reference(data))
  }

  /// The paths of numbers whose change goes unnoticed, of the last number of every list and every single number.
  private func unnoticed(_ document: Document) throws -> [String] {
    let paths = document.pathsOfLastNumbers([])
    #expect(paths.count > 20)
    return paths.filter { path in
      let changed = document.replacing(path) { $0 + ($0 == $0.rounded() ? 1 : 1e-6) }
      return (try? report(changed))?.passes == true
    }.map { $0.map(\.description).joined(separator: ".") }
  }

  /// What may change are numbers that nothing depends on: values of a state that the task never sees, what is behind the
  /// end of a task, and how many steps targets would have if the episode were longer.
  @Test func aChangedNumberOfTheVariantsIsNoticed() throws {
    let document = try file("distral_variants")
    #expect(try report(document).passes)
    let unnoticed = try unnoticed(document)
    let idle = #/cases\.\d\.(V\.\d\.\d|trajectories\.\d\.s2\.\d|soft_q\.\w+\.tasks\.2\.n)/#
    #expect(unnoticed.allSatisfy { $0.wholeMatch(of: idle) != nil }, "\(unnoticed)")
    #expect(unnoticed.count < 20)
  }

  /// The number of sweeps may change by little, as last bits decide on it.
  @Test func aChangedNumberOfSoftValuesIsNoticed() throws {
    let document = try file("two_room_softq")
    #expect(try report(document).passes)
    #expect(try unnoticed(document) == (0..<4).map { "cases.\($0).iters" })
    let more = document.replacing([.key("cases"), .index(3), .key("iters")]) { ($0 * 1.1).rounded() }
    #expect(!(try report(more).passes))
  }

  /// Walks, and the map with all that stands beside it.
  @Test(arguments: ["two_room", "two_room_maps"]) func aChangedNumberOfTheRoomsIsNoticed(name: String) throws {
    let document = try file(name)
    #expect(try report(document).passes)
    #expect(try unnoticed(document) == [])
  }

  /// Every variant is looked at in every case, and all forms of soft Q-learning.
  @Test func nothingOfTheVariantsIsLeftOut() throws {
    let references = Set(try report(file("distral_variants")).checks.map(\.reference))
    let names = [
      "a3c", "a3c_2col", "a3c_multitask", "kl_1col", "kl_2col", "kl_ent_1col", "kl_ent_2col", "soft-q-kl",
      "soft-q-kl_ent", "soft-q-sql",
    ]
    #expect(references == Set((0..<2).flatMap { number in names.map { "distral-variants/\(number)/\($0)" } }))
  }

  @Test(arguments: [
    ("distral_variants", "alpha", "2", "'alpha' or 'gamma' does not lie in 0...1, or 'beta' is not above zero."),
    ("distral_variants", "h", "[]", "'h' is not 4 × 5 numbers."),
    ("distral_variants", "states", "3", "there are not values and a trajectory for each of 2 tasks."),
    ("two_room_softq", "env", "3", "there is no world 3."),
    ("two_room_softq", "pi0_kind", "\"random\"", "'pi0' is not random."),
    ("two_room_softq", "gamma", "1", "'gamma' is not below 1, or there cannot be 147 sweeps."),
    ("two_room_softq", "pi0", "[[1]]", "'pi0' is not 32 × 5 numbers."),
  ])
  func whatCannotBeIsSaid(name: String, key: String, text: String, sentence: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    let changed = try file(name).replacing([.key("cases"), .index(0), .key(key)], by: value)
    let error = #expect(throws: ReferenceError.self) { try report(changed) }
    #expect(try #require(error).description.hasSuffix(": case 0: " + sentence))
  }
}
