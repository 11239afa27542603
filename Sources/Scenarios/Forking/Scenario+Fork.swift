// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Simulation

/// A study of branches: every arm of another study as it was, and with more in its timeline from some time on.
package struct ForkedScenario: Sendable {
  /// An arm of it.
  package struct Arm: Sendable, Equatable {
    package let name: String
    /// The arm of the other study.
    package let parent: String
    /// Whether it has more in its timeline; else it is the other study's.
    package let isBranch: Bool
    /// When the last that it has more has come, or is undone; nothing of an arm that has no more, or where some of it holds
    /// to the end.
    package let lastChange: VirtualDuration?
  }

  package let scenario: Scenario
  package let arms: [Arm]
}

/// What is asked of a fork.
package struct ForkRequest: Sendable {
  /// From when on branches differ.
  package var start: VirtualDuration
  /// What each branch has more.
  package var branches: [String]
  /// What branches are called, the first ones; others by what happens first in them.
  package var names: [String]
  /// The arms of the study; all where this is empty.
  package var arms: [String]
  /// When runs end; as in the study where there is nothing.
  package var until: VirtualDuration?
  /// As many as the study has where there is nothing.
  package var replications: Int?

  package init(
    start: VirtualDuration, branches: [String], names: [String] = [], arms: [String] = [],
    until: VirtualDuration? = nil, replications: Int? = nil
  ) {
    (self.start, self.branches, self.names, self.arms) = (start, branches, names, arms)
    (self.until, self.replications) = (until, replications)
  }
}

extension Scenario {
  /// What the arm of a fork is called that is the other study's.
  package static let asItWas = "as it was"

  /// The study of branches of one that a results file holds.
  ///
  /// Times that are shares of the length of the run are those of the study. Agents of a branch acknowledge if those of the
  /// study do: they do not know what is to come.
  ///
  /// - Parameters:
  ///   - text: of the scenario, as the results file keeps it.
  ///   - file: what errors call it.
  ///   - folder: where files lie that it names: empty, or a path that ends with a slash.
  ///   - parent: the scenario, as it was read from that text with its arms.
  /// - Throws: all that is wrong with what is asked.
  package static func forked(
    stored text: String, file: String, folder: String, from parent: Scenario, _ request: ForkRequest
  ) throws(ScenarioError) -> ForkedScenario {
    let source = Source(file: file, text: text, folder: folder)
    guard let root = try TreeReader.read(text, of: source) else {
      throw ScenarioError(file: file, message: "it says nothing")
    }
    var faults = Faults()
    let texts = request.branches.compactMap { branch in
      faults.gather { () throws(ScenarioError) in try BranchText(branch, from: request.start) }
    }
    try faults.finish()
    var reader = try ForkReader(root: root, parent: parent, request)
    return try reader.read(texts)
  }
}

/// Puts the arms of a fork together.
private struct ForkReader {
  private let root: Tree
  private let parent: Scenario
  private let drafts: [ArmDraft]
  private let request: ForkRequest
  /// In the order of the drafts of the fork; names and times of those with changes are known once they are read.
  private var arms: [(parent: Scenario.Arm, more: BranchText?)] = []

  init(root: Tree, parent: Scenario, _ request: ForkRequest) throws(ScenarioError) {
    var tree = root
    try tree.set("name", to: parent.name + "-fork-\(plainNumber(request.start.seconds))s")
    if let replications = request.replications { try tree.set("replications", to: String(replications)) }
    var faults = Faults()
    drafts =
      try parent.unswept.isEmpty
      ? ArmDraft.all(in: root, overrides: [], &faults) : ScenarioReader(root: root).cells(&faults)
    try faults.finish()
    (self.root, self.parent, self.request) = (tree, parent, request)
  }

  mutating func read(_ texts: [BranchText]) throws(ScenarioError) -> ForkedScenario {
    for name in request.names where !ArmDraft.isName(name) {
      throw ScenarioError(file: "--name", message: ArmDraft.ruleOfNames)
    }
    var forked: [ArmDraft] = []
    for (arm, draft) in zip(parent.arms, drafts) where request.arms.isEmpty || request.arms.contains(arm.name) {
      try checkStart(of: arm)
      forked.append(try self.draft(draft, of: arm, having: nil))
      arms.append((arm, nil))
      for text in texts {
        forked.append(try self.draft(draft, of: arm, having: text))
        arms.append((arm, text))
      }
    }
    let names = names(count: texts.count + 1)
    for index in forked.indices { forked[index].name = names[index] }
    var scenario = try ScenarioReader(root: root.without("arms").without("sweep")).scenario(of: forked)
    scenario.sweep = []
    for (arm, made) in zip(arms, scenario.arms) {
      if let more = arm.more, made.settings.checkpointIntervals != arm.parent.settings.checkpointIntervals {
        throw more.checkpointError
      }
    }
    let facts = zip(zip(names, arms), scenario.arms).map { named, arm in
      ForkedScenario.Arm(
        name: named.0, parent: named.1.parent.name, isBranch: named.1.more != nil,
        lastChange: lastChange(of: named.1.parent, arm))
    }
    return ForkedScenario(scenario: scenario, arms: facts)
  }

  /// What is written of an arm of the fork.
  private func draft(
    _ draft: ArmDraft, of arm: Scenario.Arm, having more: BranchText?
  ) throws(ScenarioError) -> ArmDraft {
    let place = root.place
    var draft = draft
    func set(_ path: String, _ value: Tree) {
      draft.settings.removeAll { $0.path.text == path }
      draft.settings.append((DottedPath(path, at: place), value))
    }
    let until = arm.settings.measurement.until
    if let end = request.until { set("measure.until", Tree(content: .text(end.text), place: place)) }
    guard more != nil || request.until != nil else { return draft }
    let text = TimelineEntry.codec.write(kept(arm))
    let written = try TreeReader.read(text, of: Source(file: "the timeline of '\(arm.name)'", text: text))
    let present: [Tree] = if case .list(let items)? = written?.content { items } else { [] }
    let own = try more?.timed(until: request.until ?? until) ?? []
    set("timeline", Tree(content: .list(present + own), place: place))
    if more != nil, arm.settings.keepsSilent {
      set("strategy.retransmission.acknowledge", Tree(content: .text("never"), place: place))
    }
    return draft
  }

  /// The timeline of an arm of the study as it is written out, so that shares of the length of the run are those of the run
  /// that there was, up to where runs of the fork end.
  private func kept(_ arm: Scenario.Arm) -> [TimelineEntry] {
    let until = arm.settings.measurement.until
    let end = request.until ?? until
    let names = arm.settings.timeline.names(in: until)
    return zip(arm.settings.timeline, names).compactMap { entry, name in
      var entry = entry
      let times = entry.moments.map { $0.duration(in: until) }
      entry.moments = (end < until ? times.filter { $0 < end } : times).map { .after($0) }
      // Draws are keyed by the name, which follows the first time where there is none.
      if end < until { entry.name = name }
      return entry.moments.isEmpty ? nil : entry
    }
  }

  private func checkStart(of arm: Scenario.Arm) throws(ScenarioError) {
    let until = arm.settings.measurement.until
    func error(_ message: String) -> ScenarioError { ScenarioError(file: "--at", message: message) }
    if request.start <= .zero {
      throw error("a branch begins after the start of the run, not at \(request.start.text)")
    }
    if request.start >= until {
      throw error("\(request.start.text) is not before the end of the run (measure.until is \(until.text))")
    }
    if let end = request.until, end <= request.start {
      throw error("the run would end at \(end.text), before the branch begins at \(request.start.text)")
    }
    if arm.settings.ties != .firstInFirstOut {
      throw error(
        "the study takes exact ties at random, by the number of all events: what comes later would change them")
    }
  }

  /// What the arms of the fork are called: by what happens first in them, unless they were given names.
  ///
  /// - Parameter count: of arms for each of the study's.
  private func names(count: Int) -> [String] {
    let isAlone = arms.count == count
    var taken: Set<String> = []
    return arms.enumerated().map { index, arm in
      let number = index % count
      if number == 0 { taken = [Scenario.asItWas] }
      var name = Scenario.asItWas
      if let more = arm.more {
        let wanted =
          number <= request.names.count
          ? request.names[number - 1] : more.title(until: arm.parent.settings.measurement.until)
        let further = (2...).lazy.map { "\(wanted)#\($0)" }
        name = taken.contains(wanted) ? further.first { !taken.contains($0) } ?? wanted : wanted
        taken.insert(name)
      }
      return isAlone ? name : "\(arm.parent.name), \(name)"
    }
  }

  /// When the last of what an arm has more has come, and is undone; nothing where something of it holds to the end.
  private func lastChange(of parent: Scenario.Arm, _ arm: Scenario.Arm) -> VirtualDuration? {
    let until = arm.settings.measurement.until
    let known = kept(parent).count
    let names = arm.settings.timeline.names(in: until).dropFirst(known)
    let more = Array(arm.settings.timeline.dropFirst(known))
    func ends(_ entry: TimelineEntry, _ name: String) -> Bool {
      guard let change = entry.change, entry.definition?.holds == true, entry.length == nil else { return true }
      return more.contains {
        $0.definition?.ends == entry.action && $0.lastBegin(in: until) >= entry.lastBegin(in: until)
          && $0.change?.isAboutAll(of: change, named: name) == true
      }
    }
    guard zip(more, names).allSatisfy(ends),
      let last = more.map({ $0.lastBegin(in: until) + ($0.length ?? .zero) }).max(),
      last < until
    else { return nil }
    return last
  }
}

extension Tree {
  /// Puts a text at a path.
  fileprivate mutating func set(_ path: String, to text: String) throws(ScenarioError) {
    try set(DottedPath(path, at: place), to: Tree(content: .text(text), place: place))
  }

  /// The map without a key.
  fileprivate func without(_ key: String) -> Tree {
    guard let entries else { return self }
    return Tree(content: .map(entries.filter { $0.key != key }), place: place)
  }
}

extension SimulationSettings {
  /// Whether agents that would acknowledge, did they know of losses, do not.
  fileprivate var keepsSilent: Bool {
    strategy.facts.cooperates && (strategy.timing.hasRounds || strategy.waitsForAnswers)
      && strategy.retransmission.acknowledge == .auto && !usesAcknowledgements
  }
}
