// SPDX-License-Identifier: GPL-3.0-or-later
import StarlingKit

/// `starling` with a task, a learner and two metrics more.
@main
enum Program {
  static func main() {
    Starling.main(
      adding: Additions(
        tasks: [.twoClasses], learners: [.logisticRegression],
        metrics: [.misclassification, .worstMisclassification]))
  }
}
