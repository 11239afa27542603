// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How a reference file without a schema is told: by the keys that it and its cases have. All are about environments,
/// policies and gradients of reinforcement learning.
struct ReferenceSignature: Sendable {
  /// The kind of the file, which is also its id.
  let kind: String
  /// What runs.
  let type: any ReferenceCase.Type
  /// Keys of the file.
  private let keys: Set<String>
  /// Keys of each of its cases.
  private let caseKeys: Set<String>

  private init(_ type: any ReferenceCase.Type, _ keys: Set<String> = [], cases caseKeys: Set<String> = []) {
    kind = type.kind
    self.type = type
    self.keys = keys
    self.caseKeys = caseKeys
  }

  /// The signature of a file, if it has one that is known.
  ///
  /// - Parameter object: the file as JSON, its keys as it spells them.
  static func of(_ object: [String: Any]) -> ReferenceSignature? { all.first { $0.matches(object) } }

  private func matches(_ object: [String: Any]) -> Bool {
    guard keys.isSubset(of: object.keys) else { return false }
    guard !caseKeys.isEmpty else { return true }
    guard let cases = object["cases"] as? [[String: Any]], !cases.isEmpty else { return false }
    return cases.allSatisfy { caseKeys.isSubset(of: $0.keys) }
  }

  private static let all = [
    ReferenceSignature(CartPoleBalanceVerification.self, cases: ["forces", "states", "terminated"]),
    ReferenceSignature(CartPoleSwingUpVerification.self, cases: ["forces", "states", "rewards_tip", "rewards_com"]),
    ReferenceSignature(PendulumVerification.self, cases: ["torques", "states", "rewards"]),
    ReferenceSignature(TwoRoomVerification.self, cases: ["positions", "observations", "shortest_path"]),
    ReferenceSignature(TwoRoomSoftVerification.self, cases: ["Q", "V", "pi", "pi0"]),
    ReferenceSignature(TwoRoomMapsVerification.self, ["rows", "actions", "rewards", "envs"]),
    ReferenceSignature(FiveStateVerification.self, cases: ["V_det", "V_opt", "curve", "modified"]),
    ReferenceSignature(FiveStatePolicyGradientVerification.self, cases: ["theta0", "theta_final", "trace", "W"]),
    ReferenceSignature(
      GridWorldsVerification.self, ["terminal", "boundary", "dcpg"], cases: ["path", "best_simple_path_value"]),
    ReferenceSignature(ParticleVerification.self, cases: ["n_adv", "n_good", "pos", "vel"]),
    ReferenceSignature(GradientsVerification.self, ["gaussian_actor", "critic", "diffusion_round", "returns"]),
    ReferenceSignature(PolicySearchVerification.self, ["admm", "lasso", "policy_gradient", "power"]),
    ReferenceSignature(DroneVerification.self, ["constants", "probes"], cases: ["clearance", "depths", "poses"]),
    ReferenceSignature(DroneMapsVerification.self, ["layout", "constants", "maps"]),
    ReferenceSignature(
      MultiAgentVerification.self, ["definitions"], cases: ["entities", "task_vectors", "target_params"]),
    ReferenceSignature(
      DistralVariantsVerification.self, ["definitions"], cases: ["actor_critic", "soft_q", "trajectories"]),
  ]
}
