// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// How large the networks of players are.
package struct PlayerSizes: Sendable, Equatable {
  /// K.
  package var skills: Int
  /// D.
  package var keyUnits: Int
  package var valueUnits: Int
  package var hiddenUnits: Int
  package var encoderUnits: Int
  /// Numbers of what a player sees of itself, of each entity, and of what describes a task; and actions.
  package var ownCount: Int
  package var entityWidth: Int
  package var descriptionCount: Int
  package var actionCount: Int

  package init(
    skills: Int = 4, keyUnits: Int = 16, valueUnits: Int = 16, hiddenUnits: Int = 32, encoderUnits: Int = 16,
    ownCount: Int = 5, entityWidth: Int = 8, descriptionCount: Int = 7, actionCount: Int = 5
  ) {
    self.skills = skills
    self.keyUnits = keyUnits
    self.valueUnits = valueUnits
    self.hiddenUnits = hiddenUnits
    self.encoderUnits = encoderUnits
    self.ownCount = ownCount
    self.entityWidth = entityWidth
    self.descriptionCount = descriptionCount
    self.actionCount = actionCount
  }
}

/// The networks of an agent whose task has several players, and where they lie in its vector of parameters:
///
///     │ policies θ₁ … θ_R │ critics α₁ … α_R │ relations φ │ task encoder ψ │ decoder ψ' │
///
/// with a policy and a critic for each role. Where agents keep their critics for themselves, these come last.
package struct PlayerNetworks<Scalar: NeuralScalar>: Sendable {
  package let sizes: PlayerSizes
  package let roles: Int
  /// What policies and critics are made of.
  package let attending: AttendingNetwork<Scalar>
  package let relations: RelationNetwork<Scalar>
  package let encoder: SkillEncoder<Scalar>
  package let skills: GumbelSoftmax<Scalar>
  package let choices: CategoricalPolicy<Scalar>
  /// Whether critics are shared.
  package let sharesCritics: Bool

  /// - Parameter temperature: τ, of skills.
  package init(_ sizes: PlayerSizes, roles: Int, temperature: Double, sharesCritics: Bool = true) {
    self.sizes = sizes
    self.roles = roles
    self.sharesCritics = sharesCritics
    attending = AttendingNetwork(
      ownCount: sizes.ownCount, entityWidth: sizes.entityWidth, valueUnits: sizes.valueUnits,
      hiddenUnits: sizes.hiddenUnits, actionCount: sizes.actionCount)
    relations = RelationNetwork(
      ownCount: sizes.ownCount, skillCount: sizes.skills, entityWidth: sizes.entityWidth,
      hiddenUnits: sizes.hiddenUnits, keyUnits: sizes.keyUnits)
    encoder = SkillEncoder(
      descriptionCount: sizes.descriptionCount, hiddenUnits: sizes.encoderUnits, skillCount: sizes.skills)
    skills = GumbelSoftmax(count: sizes.skills, temperature: Scalar(temperature))
    choices = CategoricalPolicy(actionCount: sizes.actionCount)
  }

  private var headCount: Int { roles * attending.parameterCount }

  package func policyStart(_ role: Int) -> Int { role * attending.parameterCount }

  package func criticStart(_ role: Int) -> Int {
    (sharesCritics ? headCount : decoderStart + encoder.decoder.parameterCount) + role * attending.parameterCount
  }

  package var relationStart: Int { (sharesCritics ? 2 : 1) * headCount }

  package var encoderStart: Int { relationStart + relations.parameterCount }

  package var decoderStart: Int { encoderStart + encoder.encoder.parameterCount }

  /// The number M of parameters.
  package var parameterCount: Int {
    2 * headCount + relations.parameterCount + encoder.encoder.parameterCount + encoder.decoder.parameterCount
  }

  /// What agents share, and what each has of its own.
  package var layout: StepLayout {
    let shared: [ParameterBlock] = [
      .shared("relations", relations.parameterCount), .shared("task-encoder", encoder.encoder.parameterCount),
      .shared("task-decoder", encoder.decoder.parameterCount),
    ]
    let policies = ParameterBlock.shared("policies", headCount)
    return sharesCritics
      ? StepLayout([policies, .shared("critics", headCount)] + shared)
      : StepLayout([policies] + shared + [.own("critics", headCount)])
  }

  /// The networks in the order of the vector, by how many parameters each has.
  var blockCounts: [Int] {
    let heads = Array(repeating: attending.parameterCount, count: roles)
    let rest = [
      relations.parameterCount, encoder.encoder.parameterCount, encoder.decoder.parameterCount,
    ]
    return sharesCritics ? heads + heads + rest : heads + rest + heads
  }
}
