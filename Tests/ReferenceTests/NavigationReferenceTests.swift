// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

private func content(_ name: String) throws -> [String: Any] {
  let file = Bundle.module.bundleURL.appendingPathComponent("Resources/rl/\(name).json")
  return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
}

private func report(_ content: [String: Any]) throws -> VerificationReport {
  try Verifier(jobs: 1).verify(Reference(JSONSerialization.data(withJSONObject: content)))
}

/// Without the file of maps beside it flights are those in the maps of the environment: these are the same.
@Test func theMapsOfTheEnvironmentAreThoseOfTheReference() throws {
  #expect(try report(content("drone")).passes)
}

/// What is wrong with a map or a flight is seen.
@Test func aWrongWallIsSeen() throws {
  var maps = try content("drone_maps")
  var all = try #require(maps["maps"] as? [[String: Any]])
  var segments = try #require(all[2]["segments"] as? [[Double]])
  segments[0][2] += 0.5
  all[2]["segments"] = segments
  maps["maps"] = all
  #expect(!(try report(maps)).passes)
  var drone = try content("drone")
  var cases = try #require(drone["cases"] as? [[String: Any]])
  var noise = try #require(cases[0]["noise"] as? [Double])
  noise[0] += 1e-6
  cases[0]["noise"] = noise
  drone["cases"] = cases
  #expect(!(try report(drone)).passes)
  cases[0]["map"] = 17
  drone["cases"] = cases
  #expect(throws: ReferenceError.self) { try report(drone) }
}

/// A way that is no way has no value, and an ascent of another step size is another one.
@Test func aWrongWayAndAWrongAscentAreSeen() throws {
  var grid = try content("grid10")
  let cases = try #require(grid["cases"] as? [[String: Any]])
  var one = cases[0]
  one["dcpg_exact_uniform"] = nil
  one["dcpg_exact_start"] = (one["dcpg_exact_start"] as? [Any]).map { Array($0.prefix(2)) }
  grid["cases"] = [one]
  #expect(try report(grid).passes)
  var path = try #require(one["path"] as? [[Int]])
  path.remove(at: 3)
  one["path"] = path
  grid["cases"] = [one]
  #expect(!(try report(grid)).passes)
  one["path"] = cases[0]["path"]
  grid["cases"] = [one]
  grid["dcpg"] = ["alpha": 19, "iterations": 400]
  #expect(!(try report(grid)).passes)
}
