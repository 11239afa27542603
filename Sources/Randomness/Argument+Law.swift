// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension Argument {
  /// A law: itself, or the number that it always gives.
  package var law: Distribution {
    guard let law: Distribution = special() ?? number.map(Distribution.constant) else {
      preconditionFailure("A law is written for \(self).")
    }
    return law
  }
}
