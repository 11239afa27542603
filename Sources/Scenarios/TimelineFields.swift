// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Simulation

/// An entry of the timeline as it is written.
private struct TimelineDraft {
  var moments: [TimelineEntry.Moment] = []
  var every: VirtualDuration?
  var times: Int?
  var length: VirtualDuration?
  var name: String?
  /// What is written of each disturbance, by its name.
  var actions: [String: Arguments] = [:]

  subscript(_ action: String) -> Arguments? {
    get { actions[action] }
    set { actions[action] = newValue }
  }

  init() {}

  init(_ entry: TimelineEntry) {
    (moments, every, times) = (entry.moments, entry.every, entry.times)
    (length, name) = (entry.length, entry.name)
    actions = [entry.action: entry.arguments]
  }

  static var record: Record<TimelineDraft> {
    let duration = Codec<VirtualDuration>.duration(.positiveDuration)
    return Record(
      [
        Field("at", \.moments, TimelineEntry.Moment.codec, "when it happens first, or several times", required: true),
        Field("every", \.every, duration.orWord(), "comes again so often", hidden: { $0.every == nil }),
        Field(
          "times", \.times, Codec<Int>.count(1...1_000_000_000).orWord(), "so many times in all; by default to the end",
          hidden: { $0.times == nil }),
        Field("for", \.length, duration.orWord(), "is undone after so long", hidden: { $0.length == nil }),
        Field("name", \.name, Codec.line.orWord(), "by default what and when", hidden: { $0.name == nil }),
      ]
        + DisturbanceDefinition.all.map { definition in
          Field(
            definition.name, \.[definition.name], definition.codec.orWord(), definition.meaning,
            hidden: { $0[definition.name] == nil })
        })
  }
}

extension TimelineEntry {
  /// The whole timeline.
  static var codec: Codec<[TimelineEntry]> {
    Codec<TimelineEntry>(
      TimelineDraft.record.kind,
      read: { (tree, path) throws(ScenarioError) -> TimelineEntry in try read(tree, path) },
      write: { TimelineDraft.record.inline(TimelineDraft($0)) }
    ).list
  }

  private static func read(_ tree: Tree, _ path: String) throws(ScenarioError) -> TimelineEntry {
    var draft = TimelineDraft()
    try TimelineDraft.record.read(tree, path, into: &draft)
    let actions = (tree.entries ?? []).filter { draft.actions[$0.key] != nil }
    guard let action = actions.first, let arguments = draft.actions[action.key] else {
      throw tree.error(
        "\(path) says when, but not what",
        note: "disturbances: " + DisturbanceDefinition.all.map(\.name).joined(separator: ", "))
    }
    if actions.count > 1 {
      throw ScenarioError(
        "\(path) has both '\(action.key)' and '\(actions[1].key)'", at: actions[1].keyPlace, hint: "write two entries")
    }
    return TimelineEntry(
      at: draft.moments, every: draft.every, times: draft.times, for: draft.length, name: draft.name,
      action: action.key, arguments)
  }
}

extension TimelineEntry.Moment {
  /// One or several points of time.
  static var codec: Codec<[Self]> {
    Codec(
      .described(
        .either([.list(.duration(.duration)), .duration(.duration), .quantity(.share, .share)]),
        "a time such as 40 s, a share of measure.until such as 33 %, or a list of such"),
      read: { (tree, path) throws(ScenarioError) -> [Self] in
        guard case .list(let items) = tree.content else { return [try one(tree, path)] }
        if items.isEmpty { throw tree.error("\(path) names no time") }
        var moments: [Self] = []
        for (index, item) in items.enumerated() { moments.append(try one(item, "\(path)[\(index)]")) }
        return moments
      },
      write: { moments in
        let texts = moments.map(text)
        return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
      })
  }

  private static var time: Codec<VirtualDuration> { .duration(.duration) }
  private static var share: Codec<Double> { .quantity(.share, .share) }

  private static func one(_ tree: Tree, _ path: String) throws(ScenarioError) -> Self {
    tree.text?.hasSuffix("%") == true ? .share(try share.read(tree, path)) : .after(try time.read(tree, path))
  }

  private static func text(_ moment: Self) -> String {
    switch moment {
    case .after(let duration): time.write(duration)
    case .share(let share): "\(plainNumber(share * 100)) %"
    }
  }
}
