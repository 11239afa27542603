// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Randomness
import Schema

/// How long edges are there and away, as it is written.
private struct EdgeSpellDraft {
  var present: Distribution?
  var absent: Distribution?

  static var record: Record<EdgeSpellDraft> {
    let law = Codec<Distribution>.law(.positiveDuration).orWord()
    return Record([
      Field("present", \.present, law, "how long an edge is there", required: true),
      Field("absent", \.absent, law, "how long it is away", required: true),
    ])
  }
}

extension NetworkSettings.EdgeSpells {
  static var schemaKeys: [SchemaKey] { EdgeSpellDraft.record.schemaKeys }

  static var codec: Codec<NetworkSettings.EdgeSpells> {
    let record = EdgeSpellDraft.record
    return Codec(
      .described(record.kind, "such as {present: {exponential: {mean: 1 min}}, absent: {exponential: {mean: 20 s}}}"),
      read: { (tree, path) throws(ScenarioError) -> NetworkSettings.EdgeSpells in
        var draft = EdgeSpellDraft()
        try record.read(tree, path, into: &draft)
        guard let present = draft.present, let absent = draft.absent else {
          throw tree.error("\(path) needs 'present' and 'absent'")
        }
        return NetworkSettings.EdgeSpells(present: present, absent: absent)
      },
      write: { record.inline(EdgeSpellDraft(present: $0.present, absent: $0.absent)) })
  }
}
