// SPDX-License-Identifier: GPL-3.0-or-later
import Theory

/// One slot of a model straight from the definition: all sets of active agents and of arriving messages, one by one,
/// with naive loops. Only for a few agents.
struct Enumeration {
  let model: SlottedRecursion
  let links: [(sender: Int, receiver: Int)]

  init(_ model: SlottedRecursion) {
    self.model = model
    links = (0..<model.combination.count).flatMap { receiver in
      model.combination.senders(to: receiver).map { ($0, receiver) }
    }
  }

  private var agents: Int { model.combination.count }
  private var dimension: Int { model.costs.dimension }
  private var size: Int { agents * (model.delay + 1) * dimension }

  /// Mean-square deviations of all agents after each of some slots, the start included.
  func curve(slots: Int) -> [[Double]] {
    let truth = Array(model.costs.truth(of: 0))
    var moments = (0..<size).map { row in
      (0..<size).map { truth[row % dimension] * truth[$0 % dimension] }
    }
    var curve = [deviations(moments)]
    for _ in 0..<slots {
      moments = next(moments)
      curve.append(deviations(moments))
    }
    return curve
  }

  private func deviations(_ moments: [[Double]]) -> [Double] {
    (0..<agents).map { agent in
      (0..<dimension).reduce(0) { $0 + moments[agent * dimension + $1][agent * dimension + $1] }
    }
  }

  private func next(_ moments: [[Double]]) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for activity in 0..<(1 << agents) {
      let isActive = (0..<agents).map { activity & (1 << $0) != 0 }
      var share = 1.0
      for agent in 0..<agents {
        share *= isActive[agent] ? model.activeProbabilities[agent] : 1 - model.activeProbabilities[agent]
      }
      for delivery in 0..<(1 << links.count) where share > 0 {
        var probability = share
        var matrix = (0..<agents).map { row in (0..<agents).map { row == $0 ? 1.0 : 0 } }
        for (index, link) in links.enumerated() {
          let arrival = model.deliveryProbabilities[link.sender * agents + link.receiver]
          let arrives = delivery & (1 << index) != 0
          probability *= arrives ? arrival : 1 - arrival
          let isUsed =
            switch model.activity {
            case .compute: true
            case .pull: isActive[link.receiver]
            case .sleep: isActive[link.receiver] && isActive[link.sender]
            }
          guard arrives, isUsed else { continue }
          let weight = model.combination[link.sender, link.receiver]
          matrix[link.receiver][link.sender] = weight
          matrix[link.receiver][link.receiver] -= weight
        }
        guard probability > 0 else { continue }
        let outcome = outcome(moments, isActive, stacked(matrix))
        for row in 0..<size { for column in 0..<size { result[row][column] += probability * outcome[row][column] } }
      }
    }
    return result
  }

  /// The combination of the whole state (w, and ψ of τ slots) after the step, from rows by receiver.
  private func stacked(_ matrix: [[Double]]) -> [[Double]] {
    let blocks = agents * (model.delay + 1)
    var whole = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    func set(_ row: Int, _ column: Int, _ value: Double) {
      for entry in 0..<dimension { whole[row * dimension + entry][column * dimension + entry] = value }
    }
    for receiver in 0..<agents {
      for sender in 0..<agents {
        set(receiver, sender == receiver ? sender : model.delay * agents + sender, matrix[receiver][sender])
      }
    }
    for row in agents..<max(agents, blocks) { set(row, row - agents, 1) }
    return whole
  }

  private func outcome(_ moments: [[Double]], _ isActive: [Bool], _ combination: [[Double]]) -> [[Double]] {
    switch model.strategy {
    case .adaptThenCombine, .nonCooperative: return conjugated(adapted(moments, isActive), combination)
    case .combineThenAdapt: return adapted(conjugated(moments, combination), isActive)
    case .consensus:
      var mean = combination
      for agent in 0..<agents where isActive[agent] {
        let covariance = model.costs.covariance(of: agent)
        for row in 0..<dimension {
          for column in 0..<dimension {
            mean[agent * dimension + row][agent * dimension + column] -=
              model.stepSizes[agent] * covariance[row * dimension + column]
          }
        }
      }
      return adding(moments, isActive, to: conjugated(moments, mean))
    }
  }

  /// The steps of the active agents.
  private func adapted(_ moments: [[Double]], _ isActive: [Bool]) -> [[Double]] {
    var mean = (0..<size).map { row in (0..<size).map { row == $0 ? 1.0 : 0 } }
    for agent in 0..<agents where isActive[agent] {
      let covariance = model.costs.covariance(of: agent)
      for row in 0..<dimension {
        for column in 0..<dimension {
          mean[agent * dimension + row][agent * dimension + column] -=
            model.stepSizes[agent] * covariance[row * dimension + column]
        }
      }
    }
    return adding(moments, isActive, to: conjugated(moments, mean))
  }

  /// Adds μ² (R K R + R tr(K R)) + μ² σ²_v R, what a step has beyond (I - μ R) K (I - μ R).
  private func adding(_ moments: [[Double]], _ isActive: [Bool], to result: [[Double]]) -> [[Double]] {
    var result = result
    for agent in 0..<agents where isActive[agent] {
      let covariance = model.costs.covariance(of: agent)
      let start = agent * dimension
      let square = model.stepSizes[agent] * model.stepSizes[agent]
      var power = model.noiseVariances[agent]
      for row in 0..<dimension {
        for column in 0..<dimension {
          power += moments[start + row][start + column] * covariance[column * dimension + row]
        }
      }
      for row in 0..<dimension {
        for column in 0..<dimension {
          var sandwiched = 0.0
          for left in 0..<dimension {
            for right in 0..<dimension {
              sandwiched +=
                covariance[row * dimension + left] * moments[start + left][start + right]
                * covariance[right * dimension + column]
            }
          }
          result[start + row][start + column] += square * (sandwiched + covariance[row * dimension + column] * power)
        }
      }
    }
    return result
  }

  /// A K A'.
  private func conjugated(_ moments: [[Double]], _ matrix: [[Double]]) -> [[Double]] {
    func product(_ left: [[Double]], _ right: [[Double]]) -> [[Double]] {
      left.map { row in
        (0..<size).map { column in (0..<size).reduce(0) { $0 + row[$1] * right[$1][column] } }
      }
    }
    let turned = (0..<size).map { row in (0..<size).map { matrix[$0][row] } }
    return product(product(matrix, moments), turned)
  }
}
