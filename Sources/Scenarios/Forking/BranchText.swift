// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Simulation

/// What a branch of a study has more in its timeline, as it is written: an entry `{crash: a}`, a list of such, the path of
/// a file that has a timeline, or a key of links with a value, such as `conditions.links.loss=30 %`.
struct BranchText {
  /// What becomes of an entry that says no time.
  let start: VirtualDuration
  let entries: [Tree]
  private let source: Source

  /// - Parameter start: when the branch begins.
  /// - Throws: where it is none of these.
  init(_ text: String, from start: VirtualDuration) throws(ScenarioError) {
    self.start = start
    let first = text.drop(while: \.isWhitespace).first
    if first == "{" || first == "[" {
      source = Source(option: "--with", text: text)
      entries = try Self.entries(TreeReader.read(text, of: source), source)
    } else if let equals = text.firstIndex(of: "="), Self.isPath(text[..<equals]) {
      source = Source(option: "--with", text: text)
      entries = [try Self.change(String(text[..<equals]), text[text.index(after: equals)...], source, start)]
    } else {
      let content = try Scenario.text(path: text)
      source = Source(file: text, text: content)
      entries = try Self.entries(TreeReader.read(content, of: source), source)
    }
  }

  private static func isPath(_ text: Substring) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "." || $0 == "-") }
  }

  private static func entries(_ tree: Tree?, _ source: Source) throws(ScenarioError) -> [Tree] {
    let start = source.place(line: 1, column: 1)
    guard let tree else { throw ScenarioError("there is nothing here", at: start, hint: hint) }
    if case .list(let items) = tree.content {
      if items.isEmpty { throw tree.error("the branch has nothing more than the run", hint: hint) }
      return items
    }
    guard let keys = tree.entries, let first = keys.first else {
      throw tree.error("this is no entry of a timeline", hint: hint)
    }
    guard let timeline = tree.entry("timeline") else {
      if let other = keys.first(where: { ["task", "network", "learner", "measure"].contains($0.key) }) {
        throw ScenarioError("this is a scenario without a timeline", at: other.keyPlace, hint: hint)
      }
      return [tree]
    }
    if let other = keys.first(where: { $0.key != "timeline" }) {
      throw ScenarioError(
        "\(shown(other.key)) cannot change in a branch: only the timeline can", at: other.keyPlace)
    }
    guard case .list(let items) = timeline.value.content else {
      throw ScenarioError("a timeline is a list of entries", at: first.keyPlace, hint: hint)
    }
    if items.isEmpty { throw timeline.value.error("the branch has nothing more than the run", hint: hint) }
    return items
  }

  private static let hint = "such as {for: 60 s, partition: {bisect: spectral}}"

  /// A key of links as the event that puts another value in its place.
  private static func change(
    _ path: String, _ value: Substring, _ source: Source, _ start: VirtualDuration
  ) throws(ScenarioError) -> Tree {
    let place = source.place(line: 1, column: 1, width: path.unicodeScalars.count)
    let home = "conditions.links."
    let covered = DisturbanceDefinition.replacedKeys
    guard path.hasPrefix(home), covered.contains(String(path.dropFirst(home.count))) else {
      throw ScenarioError(
        "\(path) cannot change at \(start.text): only the timeline can", at: place,
        note: "what can happen: " + DisturbanceDefinition.all.map(\.name).joined(separator: ", ")
          + "; of conditions.links, as they are, " + covered.joined(separator: ", "))
    }
    let width = value.unicodeScalars.count
    let offset = path.unicodeScalars.count + 1
    guard let tree = try TreeReader.read(String(value), of: source, columnOffset: offset) else {
      throw ScenarioError("\(path) has an empty value", at: place)
    }
    func entry(_ key: String, _ value: Tree) -> Tree.Entry { Tree.Entry(key: key, keyPlace: place, value: value) }
    let all = Tree(content: .text("all"), place: source.place(line: 1, column: offset + 1, width: width))
    let change = Tree(
      content: .map([entry("links", all), entry(String(path.dropFirst(home.count)), tree)]), place: tree.place)
    return Tree(content: .map([entry("change-links", change)]), place: place)
  }
}

extension BranchText {
  /// The entries with their times, all of them at the start of the branch or later.
  ///
  /// - Parameter until: when the run ends.
  /// - Throws: where one comes before, or cannot come later without having been known.
  func timed(until: VirtualDuration) throws(ScenarioError) -> [Tree] {
    var faults = Faults()
    let found = entries.map { entry -> Tree? in
      faults.gather { () throws(ScenarioError) in try timed(entry, until) }
    }
    try faults.finish()
    return found.compactMap { $0 }
  }

  private func timed(_ entry: Tree, _ until: VirtualDuration) throws(ScenarioError) -> Tree {
    guard var keys = entry.entries, !keys.isEmpty else {
      throw entry.error("an entry of a timeline is a map, not \(entry.nameOfKind)", hint: Self.hint)
    }
    if let join = keys.first(where: { DisturbanceDefinition.named($0.key)?.isKnownBefore == true }) {
      throw ScenarioError(
        "agents that join at \(start.text) would not have been there before", at: join.keyPlace,
        hint: "let them crash and recover")
    }
    guard let at = entry.entry("at") else {
      let text = Tree(content: .text(start.text), place: entry.place)
      keys.insert(Tree.Entry(key: "at", keyPlace: entry.place, value: text), at: 0)
      return Tree(content: .map(keys), place: entry.place)
    }
    for moment in try TimelineEntry.Moment.codec.read(at.value, "at") where moment.duration(in: until) < start {
      throw at.value.error(
        "\(moment.duration(in: until).text) is before \(start.text), from which on the branch differs")
    }
    return entry
  }
}

extension BranchText {
  /// Says that the branch needs checkpoints that the run before it has not written.
  var checkpointError: ScenarioError {
    let crash = entries.flatMap { $0.entries ?? [] }.first { $0.key == "crash" }
    let keys = crash.map { [$0] + ($0.value.entries ?? []) } ?? []
    let place = keys.first { $0.key == "checkpoint-every" } ?? keys.first { $0.key == "on-recovery" } ?? crash
    return ScenarioError(
      "agents would come back to checkpoints that nobody wrote before \(start.text)",
      at: place?.keyPlace ?? source.place(line: 1, column: 1),
      hint: "on-recovery: keep, neighbour or reset; or let the study itself write checkpoints at these times")
  }
}

extension BranchText {
  /// What the branch is called: what its entries do first, and when.
  func title(until: VirtualDuration) -> String {
    let titles = entries.map { entry -> String in
      var entry = entry
      if let timed = try? timed(entry, until) { entry = timed }
      return (try? TimelineEntry.codec.read(Tree(content: .list([entry]), place: entry.place), "timeline"))?.first?
        .title(in: until) ?? "branch"
    }
    return titles.joined(separator: " + ")
  }
}
