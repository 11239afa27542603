// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How old the newest estimate is that was heard over a link which sends at renewal times and loses messages by a state
/// that is good or bad, in the long run.
///
/// With intervals X between messages and the chain of states P that messages see, let A_j = E[Xʲ P(X)], D the diagonal of
/// the probabilities of loss and Y the time from one delivery to the next. First steps give, by the state of the message
/// that was delivered,
///
///     m₁ = (I − A₀D)⁻¹ A₁ 1,    m₂ = (I − A₀D)⁻¹ (A₂ 1 + 2 A₁ D m₁),
///
/// the moments of Y, and with the states of messages that are delivered, α ∝ π (I − D),
///
///     mean age = latency + α m₂ / (2 α m₁),    mean peak = latency + α m₁.
///
/// Source: renewal-reward over the intervals between deliveries; Yates and Kaul, The age of information: real-time status
/// updating by multiple sources, IEEE Trans. Inf. Theory 65 (2019), for the age as such.
package struct AgeOfInformation: Sendable, Equatable {
  /// What states do between two messages.
  package enum Chain: Sendable, Equatable {
    /// Every message moves them, with these probabilities, whatever time passes.
    case messages(goodToBad: Double, badToGood: Double)
    /// They move in continuous time with these rates, a second.
    case time(goodToBad: Double, badToGood: Double)
  }

  /// The times between messages.
  package enum Intervals: Sendable, Equatable {
    /// All the same, seconds.
    case constant(Double)
    /// Exponential with this mean, seconds.
    case exponential(Double)
    /// Of any law that has these moments; states that move in time need to know more.
    case moments(mean: Double, second: Double)
  }

  /// Seconds, from birth to what is heard.
  package let meanAge: Double
  /// Just before a newer estimate is heard.
  package let meanPeakAge: Double
  /// How many messages are lost in a row in the mean, where any is.
  package let meanLossRun: Double

  /// - Parameters:
  ///   - loss: of a message in the good and in the bad state.
  /// - Returns: nothing where everything is lost, or states and intervals do not go together.
  package init?(_ chain: Chain, loss: (good: Double, bad: Double), every intervals: Intervals, latency: Double) {
    guard let (moments, share) = Self.moments(chain, intervals) else { return nil }
    let losses = Pair(loss.good, loss.bad)
    let stationary = Pair(1 - share, share)
    let delivered = Pair(stationary.good * (1 - loss.good), stationary.bad * (1 - loss.bad))
    let kept = delivered.good + delivered.bad
    guard kept > 0 else { return nil }
    let alpha = Pair(delivered.good / kept, delivered.bad / kept)
    let system = Matrix.identity.minus(moments.0.scaled(columns: losses))
    guard let first = system.solve(moments.1 * Pair(1, 1)) else { return nil }
    let again = moments.1.scaled(columns: losses) * first
    let square = moments.2 * Pair(1, 1)
    guard let second = system.solve(Pair(square.good + 2 * again.good, square.bad + 2 * again.bad)) else { return nil }
    meanAge = latency + alpha.times(second) / (2 * alpha.times(first))
    meanPeakAge = latency + alpha.times(first)
    // A run begins where a message is lost after one that was not.
    let lost = stationary.times(losses)
    let begins = kept * alpha.times(moments.0 * losses)
    meanLossRun = begins > 0 ? lost / begins : 0
  }

  /// A₀, A₁ and A₂, and the share of bad.
  private static func moments(_ chain: Chain, _ intervals: Intervals) -> ((Matrix, Matrix, Matrix), Double)? {
    switch chain {
    case .messages(let toBad, let toGood):
      let step = Matrix(Pair(1 - toBad, toBad), Pair(toGood, 1 - toGood))
      let (mean, second) = intervals.plainMoments
      let share = toBad + toGood > 0 ? toBad / (toBad + toGood) : 0
      return ((step, step.scaled(mean), step.scaled(second)), share)
    case .time(let toBad, let toGood):
      let rate = toBad + toGood
      guard rate > 0, let decays = intervals.decays(rate) else { return nil }
      let share = toBad / rate
      let (mean, second) = intervals.plainMoments
      // exp(Qt) = 1π + exp(−rate t) (I − 1π).
      let settled = Matrix(Pair(1 - share, share), Pair(1 - share, share))
      let transient = Matrix.identity.minus(settled)
      func mixed(_ moment: Double, _ decay: Double) -> Matrix { settled.scaled(moment).plus(transient.scaled(decay)) }
      return ((mixed(1, decays.0), mixed(mean, decays.1), mixed(second, decays.2)), share)
    }
  }
}

extension AgeOfInformation.Intervals {
  fileprivate var plainMoments: (mean: Double, second: Double) {
    switch self {
    case .constant(let length): (length, length * length)
    case .exponential(let mean): (mean, 2 * mean * mean)
    case .moments(let mean, let second): (mean, second)
    }
  }

  /// E[Xʲ exp(−rate X)] for j from 0 to 2; nothing where more than moments would have to be known.
  fileprivate func decays(_ rate: Double) -> (Double, Double, Double)? {
    switch self {
    case .constant(let length):
      let decay = exp(-rate * length)
      return (decay, length * decay, length * length * decay)
    case .exponential(let mean):
      // λ / (λ + rate) and its derivatives.
      let (own, sum) = (1 / mean, 1 / mean + rate)
      return (own / sum, own / (sum * sum), 2 * own / (sum * sum * sum))
    case .moments: return nil
    }
  }
}

/// A number for each state.
private struct Pair {
  var good: Double
  var bad: Double

  init(_ good: Double, _ bad: Double) { (self.good, self.bad) = (good, bad) }

  func times(_ other: Pair) -> Double { good * other.good + bad * other.bad }
}

/// A number for each pair of states, row after row.
private struct Matrix {
  var good: Pair
  var bad: Pair

  init(_ good: Pair, _ bad: Pair) { (self.good, self.bad) = (good, bad) }

  static var identity: Matrix { Matrix(Pair(1, 0), Pair(0, 1)) }

  static func * (left: Matrix, right: Pair) -> Pair { Pair(left.good.times(right), left.bad.times(right)) }

  func scaled(_ factor: Double) -> Matrix {
    Matrix(Pair(good.good * factor, good.bad * factor), Pair(bad.good * factor, bad.bad * factor))
  }

  func scaled(columns: Pair) -> Matrix {
    Matrix(
      Pair(good.good * columns.good, good.bad * columns.bad), Pair(bad.good * columns.good, bad.bad * columns.bad))
  }

  func plus(_ other: Matrix) -> Matrix {
    Matrix(
      Pair(good.good + other.good.good, good.bad + other.good.bad),
      Pair(bad.good + other.bad.good, bad.bad + other.bad.bad))
  }

  func minus(_ other: Matrix) -> Matrix { plus(other.scaled(-1)) }

  /// By Cramer's rule; nothing of a singular matrix.
  func solve(_ right: Pair) -> Pair? {
    let determinant = good.good * bad.bad - good.bad * bad.good
    guard abs(determinant) > 1e-300 else { return nil }
    return Pair(
      (right.good * bad.bad - good.bad * right.bad) / determinant,
      (good.good * right.bad - right.good * bad.good) / determinant)
  }
}
