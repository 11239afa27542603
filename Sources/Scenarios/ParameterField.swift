// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension Field<Arguments> {
  /// A parameter of a definition as a key of its map; it is shown where it was given.
  ///
  /// - Parameters:
  ///   - codec: how it is read and written; by default as its kind says.
  ///   - required: by default where the parameter is.
  init(_ parameter: Parameter, _ codec: Codec<Argument>? = nil, required: Bool? = nil) {
    self.init(
      parameter.name, \.[parameter.name], (codec ?? .value(parameter.kind)).orWord(), parameter.meaning,
      required: required ?? (parameter.presence == .required), hidden: { $0[parameter.name] == nil })
  }
}
