// SPDX-License-Identifier: GPL-3.0-or-later

/// The actor-critic forms of Distral and its relatives: what the logits of an agent's policy are made of, with h those of
/// the shared policy and f the agent's own.
///
/// | variant | α | logits | the shared policy learns from |
/// |---|---|---|---|
/// | `sharedActor` | 0 | h | policy gradients of all tasks |
/// | `ownActor` | 0 | f | – |
/// | `twoColumns` | 0 | h + f | policy gradients |
/// | `divergenceOneColumn` | 1 | f | distillation |
/// | `divergenceEntropyOneColumn` | as given | f | distillation |
/// | `divergenceTwoColumns` | 1 | α h + β f | policy gradients and distillation |
/// | `divergenceEntropyTwoColumns` | as given | α h + β f | policy gradients and distillation |
///
/// With α = 0 the third one's logits would be β f alone if they were read as those of the last two; two columns are drawn
/// of it all the same, so they are added as they are.
///
/// Source: Teh et al., "Distral", 2017, table 1 and figure 2.
package enum DistralVariant: String, Sendable, CaseIterable {
  case sharedActor = "a3c-multitask"
  case ownActor = "a3c"
  case twoColumns = "a3c-2col"
  case divergenceOneColumn = "kl-1col"
  case divergenceEntropyOneColumn = "kl-ent-1col"
  case divergenceTwoColumns = "kl-2col"
  case divergenceEntropyTwoColumns = "kl-ent-2col"

  /// What logits are made of.
  package enum Logits: Sendable, Hashable {
    case shared
    case own
    case sum
    case weighted
  }

  package var logits: Logits {
    switch self {
    case .sharedActor: .shared
    case .ownActor, .divergenceOneColumn, .divergenceEntropyOneColumn: .own
    case .twoColumns: .sum
    case .divergenceTwoColumns, .divergenceEntropyTwoColumns: .weighted
    }
  }

  /// α, which the two with entropy leave to whoever asks.
  package func priorWeight<Scalar: NeuralScalar>(given weight: Scalar) -> Scalar {
    switch self {
    case .sharedActor, .ownActor, .twoColumns: 0
    case .divergenceOneColumn, .divergenceTwoColumns: 1
    case .divergenceEntropyOneColumn, .divergenceEntropyTwoColumns: weight
    }
  }

  /// Whether there is a network of the shared policy.
  package var hasShared: Bool { self != .ownActor }

  /// Whether each agent has a network of its own beside its critic.
  package var hasOwn: Bool { self != .sharedActor }
}
