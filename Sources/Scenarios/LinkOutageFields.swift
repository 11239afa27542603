// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

extension LinkOutageSettings {
  private static var record: Record<Arguments> { Record(parameters.map { Field($0) }) }

  static var schemaKeys: [SchemaKey] { record.schemaKeys }

  /// A map of two laws, who goes down as one, and how links start.
  static var codec: Codec<LinkOutageSettings> {
    let record = record
    return Codec(
      .described(record.kind, "{up: law, down: law, scope: edge or link, start: up or stationary}"),
      read: { (tree, path) throws(ScenarioError) -> LinkOutageSettings in
        var said = Arguments()
        try record.read(tree, path, into: &said)
        let settings = LinkOutageSettings(said)
        guard let fault = settings.fault else { return settings }
        let subject = fault.parameter.map { "\(path).\($0)" } ?? path
        throw ScenarioError(
          "\(subject) \(fault.trouble)", at: fault.parameter.map { tree.place(of: $0) } ?? tree.place,
          hint: fault.hint)
      },
      write: { record.inline($0.arguments) })
  }
}
