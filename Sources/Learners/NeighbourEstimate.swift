// SPDX-License-Identifier: GPL-3.0-or-later

/// What an agent knows of a neighbour when its turn of a sweep has come (`LearnerBank.takeTurn`).
public struct NeighbourEstimate<Scalar: BitwiseCopyable>: BitwiseCopyable {
  /// What the neighbour has sent last of its shared parameters; nothing where it has sent nothing yet.
  public let estimate: UnsafePointer<Scalar>?
  /// Whether it was sent since the agent's last turn.
  public let isNew: Bool
  /// Whether the neighbour comes before the agent in the order of the sweep.
  public let comesBefore: Bool
  /// A number for each shared parameter that the agent keeps for the edge between the two; zero at first.
  public let multiplier: UnsafeMutablePointer<Scalar>

  /// What is known of a neighbour.
  public init(
    _ estimate: UnsafePointer<Scalar>?, isNew: Bool, comesBefore: Bool, multiplier: UnsafeMutablePointer<Scalar>
  ) {
    self.estimate = estimate
    self.isNew = isNew
    self.comesBefore = comesBefore
    self.multiplier = multiplier
  }
}
