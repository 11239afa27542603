// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension Distribution {
  /// The law of this quantity times a factor; nothing where the law does not allow such a size.
  ///
  /// A law is scaled in what it says in the unit of the quantity and in nothing else, so a draw from an index is the
  /// same draw, scaled.
  ///
  /// - Parameter factor: above zero and finite.
  package func scaled(by factor: Double) -> Distribution? {
    precondition(factor > 0 && factor.isFinite, "A law is scaled by a factor above zero.")
    var said = Arguments()
    for (name, value) in definition.write(self) {
      guard let parameter = definition.parameters.first(where: { $0.name == name }) else { return nil }
      switch (parameter.kind, value) {
      case (.quantityOfLaw, .number(let number)):
        said[name] = .number(number * factor)
      case (.lawOfLaw, _):
        guard let part: Distribution = value.special(), let scaled = part.scaled(by: factor) else { return nil }
        said[name] = .special(scaled)
      default:
        said[name] = value
      }
    }
    return try? definition.resolve(said, false)
  }
}
