// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Verification

/// What a reference file is about, told from its content alone.
enum ReferenceContent {
  case theory(Reference)
  case statistics([StatisticsCase])
  /// An environment, a policy or a gradient, by name.
  case reinforcementLearning(String)

  /// - Throws: if the file is no JSON, or nothing that is known.
  init(file: URL) throws {
    let data = try Data(contentsOf: file)
    let object: [String: JSONValue]
    do {
      object = try JSONDecoder().decode([String: JSONValue].self, from: data)
    } catch {
      throw UnknownReference(file: file, reason: "is no JSON object: \(error)")
    }
    switch object["schema"] {
    case .text:
      self = .theory(try Reference(path: file.path))
    case .number(1) where object["made_with"] != nil:
      struct File: Decodable { let cases: [StatisticsCase] }
      do {
        self = .statistics(try JSONDecoder().decode(File.self, from: data).cases)
      } catch {
        throw UnknownReference(file: file, reason: "has cases that are not those of statistics: \(error)")
      }
    case nil:
      guard let signature = Signature.all.first(where: { $0.matches(object) }) else {
        throw UnknownReference(file: file, reason: "has keys that are not known: \(object.keys.sorted())")
      }
      self = .reinforcementLearning(signature.name)
    default:
      throw UnknownReference(file: file, reason: "has a schema that is not known")
    }
  }
}

/// A file that cannot be told, so that nothing in it was checked.
struct UnknownReference: Error, CustomStringConvertible {
  let file: URL
  let reason: String

  var description: String { "\(file.path) \(reason)." }
}

/// The keys by which a file of reinforcement learning is known.
private struct Signature {
  let name: String
  /// Keys of the file.
  let keys: Set<String>
  /// Keys of each of its cases.
  let caseKeys: Set<String>

  init(_ name: String, _ keys: Set<String>, cases caseKeys: Set<String> = []) {
    self.name = name
    self.keys = keys
    self.caseKeys = caseKeys
  }

  func matches(_ object: [String: JSONValue]) -> Bool {
    guard keys.isSubset(of: object.keys) else { return false }
    guard !caseKeys.isEmpty else { return true }
    guard let cases = object["cases"]?.list, !cases.isEmpty else { return false }
    return cases.allSatisfy { caseKeys.isSubset(of: $0.keys) }
  }

  static let all = [
    Signature("cart-pole balance", [], cases: ["forces", "states", "terminated"]),
    Signature("cart-pole swing-up", [], cases: ["forces", "states", "rewards_tip", "rewards_com"]),
    Signature("pendulum", [], cases: ["torques", "states", "rewards"]),
    Signature("two rooms", [], cases: ["positions", "observations", "shortest_path"]),
    Signature("two rooms, soft Q", [], cases: ["Q", "V", "pi", "pi0"]),
    Signature("two rooms, maps", ["rows", "actions", "rewards", "envs"]),
    Signature("five states", [], cases: ["V_det", "V_opt", "curve", "modified"]),
    Signature("five states, DCPG", [], cases: ["theta0", "theta_final", "trace", "W"]),
    Signature("10 × 10 grid", ["terminal", "boundary", "dcpg"], cases: ["path", "best_simple_path_value"]),
    Signature("particles", [], cases: ["n_adv", "n_good", "pos", "vel"]),
    Signature("gradients", ["gaussian_actor", "critic", "diffusion_round", "returns"]),
    Signature("Dist-MTLPS", ["admm", "lasso", "policy_gradient", "power"]),
    Signature("drone", ["constants", "probes"], cases: ["clearance", "depths", "poses"]),
    Signature("drone, maps", ["layout", "constants", "maps"]),
    Signature("multi-agent learning", ["definitions"], cases: ["entities", "task_vectors", "target_params"]),
    Signature("Distral variants", ["definitions"], cases: ["actor_critic", "soft_q", "trajectories"]),
  ]
}
