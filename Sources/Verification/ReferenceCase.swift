// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Why a reference file cannot be used, as a full sentence.
package struct ReferenceError: Error, CustomStringConvertible {
  package let description: String
  /// Whether the file could not even be read.
  package let isUnreadable: Bool

  package init(_ description: String, isUnreadable: Bool = false) {
    self.description = description
    self.isUnreadable = isUnreadable
  }
}

/// A kind of reference case: decoded from a file, it runs through the engine and reports what it saw.
protocol ReferenceCase: Decodable, Sendable {
  /// The value of `kind` in the file.
  static var kind: String { get }

  /// - Throws: if the file asks for something that cannot be.
  func report(_ verifier: Verifier) throws -> VerificationReport

  /// The same with what lies beside its file.
  func beside(_ path: String) throws -> Self
}

extension ReferenceCase {
  /// Nothing of that matters.
  func beside(_ path: String) throws -> Self { self }
}

/// The graph of a reference case; edges are pairs of agents, numbered from zero.
struct ReferenceGraph: Decodable, Sendable {
  let n: Int
  let edges: [[Int]]
  /// Whether edges go from their first agent to their second only.
  var directed: Bool?
}

/// The combination matrix of a reference case.
struct ReferenceWeights: Decodable, Sendable {
  let rule: String
  /// matrix[l][k] is the weight that agent k gives to information from agent l.
  let matrix: [[Double]]
  /// θ² of the Hastings rule, or the variances of the relative-variance rule, as fractions.
  let theta2: [Fraction]?
}

/// The linear regression data of a reference case: one common minimiser w0, LMS from w = 0.
struct ReferenceData: Decodable, Sendable {
  let w0: [Double]
  let mu: ScalarOrList
  let regressorVariance: ScalarOrList
  let regressorRho: ScalarOrList
  let noiseVariance: ScalarOrList

  /// The same with zero as the minimiser.
  var withMinimiserZero: ReferenceData {
    ReferenceData(
      w0: w0.map { _ in 0 }, mu: mu, regressorVariance: regressorVariance, regressorRho: regressorRho,
      noiseVariance: noiseVariance)
  }
}

/// The bars of cases with a mean square deviation.
struct DeviationBars: Decodable, Sendable {
  let networkMsdDb: Double
  let agentMsdDb: Double?
  let transientDb: Double?
  let transientNeedsRuns: Int?
}

/// One number for all agents, or one for each.
enum ScalarOrList: Decodable, Sendable {
  case scalar(Double)
  case list([Double])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let scalar = try? container.decode(Double.self) {
      self = .scalar(scalar)
    } else {
      self = .list(try container.decode([Double].self))
    }
  }

  /// The number of each agent.
  func values(count: Int) -> [Double] {
    switch self {
    case .scalar(let value): Array(repeating: value, count: count)
    case .list(let values): values
    }
  }
}

/// An exact number written as `a/b` or `a`.
struct Fraction: Decodable, Sendable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    switch parts.count {
    case 1:
      if let whole = parts[0], whole.isFinite {
        value = whole
        return
      }
    case 2:
      if let numerator = parts[0], let denominator = parts[1], denominator != 0, numerator.isFinite {
        value = numerator / denominator
        return
      }
    default: break
    }
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no fraction.")
  }
}

/// A pair of a whole number (a slot, round or tick) or a time and a value.
struct ReferencePoint<Value: Decodable & Sendable>: Decodable, Sendable {
  let at: Double
  let value: Value

  init(at: Double, value: Value) { (self.at, self.value) = (at, value) }

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    at = try container.decode(Double.self)
    value = try container.decode(Value.self)
    guard at >= 0, at <= ReferenceLimits.latest else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\(at) is no slot or time from 0 to \(Int(ReferenceLimits.latest))."))
    }
  }

  /// The slot, round or tick.
  var index: Int { Int(at) }
}

/// What a reference file may ask for at most, so that no file can take all memory or all time.
enum ReferenceLimits {
  static let agents = 10_000
  /// Slots, rounds, ticks or units of time.
  static let latest = 1_000_000.0
  static let runs = 100_000
  static let delays = 0...1000

  /// - Throws: if nobody could simulate so many runs.
  static func checkRuns(_ count: Int, _ name: String) throws {
    guard (1...runs).contains(count) else { throw ReferenceError("\(name) is \(count), not from 1 to \(runs).") }
  }

  /// - Throws: if no recursion can have a delay of so many slots.
  static func checkDelay(_ slots: Int, _ name: String) throws {
    guard delays.contains(slots) else {
      throw ReferenceError("\(name) is \(slots), not from \(delays.lowerBound) to \(delays.upperBound).")
    }
  }
}
