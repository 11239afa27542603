// SPDX-License-Identifier: GPL-3.0-or-later

/// The integral of a function over an interval, by Gauss and Kronrod's rules of 7 and 15 points, where the interval is
/// halved wherever these differ.
///
/// Source: Piessens and others, "QUADPACK", Springer 1983 (the pair of rules of QK15).
///
/// - Parameters:
///   - parts: equal parts to begin with.
///   - tolerance: the largest difference of the two rules, over the whole interval.
///   - mostPoints: at which the function is asked; then what is left is taken as it is. Jumps cost about a thousand.
package func integral(
  from lower: Double, to upper: Double, parts: Int = 16, tolerance: Double, mostPoints: Int = 200_000,
  of function: (Double) -> Double
) -> Double {
  guard upper > lower else { return 0 }
  var open = (0..<parts).map { part in
    let width = (upper - lower) / Double(parts)
    return (lower + width * Double(part), lower + width * Double(part + 1))
  }
  var (sum, points) = (0.0, 0)
  while let (start, end) = open.popLast() {
    let (value, error) = kronrod(from: start, to: end, function)
    points += 15
    let share = (end - start) / (upper - lower)
    let middle = (start + end) / 2
    if error <= tolerance * share || points >= mostPoints || !(start < middle && middle < end) {
      sum += value
    } else if error <= tolerance / 16, share < 1e-9 {
      // A jump: halving goes on with what is small for the whole.
      sum += value
    } else {
      open.append((start, middle))
      open.append((middle, end))
    }
  }
  return sum
}

/// The points of both rules right of the middle of [−1, 1], with their weights; Gauss's are every other one.
private let points: [(place: Double, kronrod: Double, gauss: Double)] = [
  (0.991455371120812639206854697526329, 0.022935322010529224963732008058970, 0),
  (0.949107912342758524526189684047851, 0.063092092629978553290700663189204, 0.129484966168869693270611432679082),
  (0.864864423359769072789712788640926, 0.104790010322250183839876322541518, 0),
  (0.741531185599394439863864773280788, 0.140653259715525918745189590510238, 0.279705391489276667901467771423780),
  (0.586087235467691130294144691693013, 0.169004726639267902826583426598550, 0),
  (0.405845151377397166906606412076961, 0.190350578064785409913256402421014, 0.381830050505118944950369775488975),
  (0.207784955007898467600689403773245, 0.204432940075298892414161999234649, 0),
]
private let middlePoint = (kronrod: 0.209482141084727828012999174891714, gauss: 0.417959183673469387755102040816327)

/// The integral by 15 points, and how far from it that by 7 of them is.
private func kronrod(from lower: Double, to upper: Double, _ function: (Double) -> Double) -> (Double, Double) {
  let (middle, half) = ((lower + upper) / 2, (upper - lower) / 2)
  let centre = function(middle)
  var (kronrod, gauss) = (middlePoint.kronrod * centre, middlePoint.gauss * centre)
  for point in points {
    let both = function(middle - half * point.place) + function(middle + half * point.place)
    kronrod += point.kronrod * both
    gauss += point.gauss * both
  }
  return (kronrod * half, abs(kronrod - gauss) * half)
}
