// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Simulation

extension Scenario {
  /// The largest file that is read, in bytes.
  static let largestFile = 1_000_000

  /// Reads a scenario file.
  ///
  /// - Parameters:
  ///   - overrides: changes from the command line, applied in their order after the settings of arms.
  /// - Throws: `unreadable` when there is no such file or it cannot be read, `invalid` when it is no good scenario.
  ///   - arms: which arms to make.
  package static func load(
    path: String, overrides: [Override] = [], arms: ArmChoice = .written
  ) throws(ScenarioError) -> Scenario {
    let data: [UInt8]
    do throws(InputFile.Trouble) {
      data = try InputFile(path).bytes(atMost: largestFile, allowsStreams: true)
    } catch {
      throw unreadable(path, error)
    }
    guard let text = String(validating: data, as: UTF8.self) else { throw notUTF8(data, file: path) }
    return try parse(text: text, file: path, overrides: overrides, arms: arms)
  }

  /// Reads a scenario from its text.
  ///
  /// - Parameters:
  ///   - file: what errors call the text.
  ///   - overrides: changes from the command line, applied in their order after the settings of arms.
  ///   - arms: which arms to make.
  /// - Throws: one error with its place when the text is no good scenario.
  package static func parse(
    text: String, file: String, overrides: [Override] = [], arms choice: ArmChoice = .written
  ) throws(ScenarioError) -> Scenario {
    try checkSize(text.utf8.count, file: file)
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    return try parse(text, Source(file: file, text: text), overrides, choice)
  }

  /// Reads the scenario that a results file holds, however long it is.
  ///
  /// - Parameter readsFiles: whether the files that it names are read; else their checksums stand for them, and what
  ///   comes of it is there to be compared and not to be run.
  package static func parse(
    stored text: String, file: String, arms choice: ArmChoice, readsFiles: Bool
  ) throws(ScenarioError) -> Scenario {
    try parse(text, Source(file: file, text: text, readsFiles: readsFiles), [], choice)
  }

  private static func parse(
    _ text: String, _ source: Source, _ overrides: [Override], _ choice: ArmChoice
  ) throws(ScenarioError) -> Scenario {
    guard let root = try TreeReader.read(text, of: source), root.text != "" else {
      throw ScenarioError(
        "the file says nothing", at: source.place(line: 1, column: 1),
        note: "a scenario needs the keys name, task, network, learner, measure")
    }
    guard root.entries != nil else {
      throw root.error(
        "a scenario must be a map of keys and values, not \(root.nameOfKind)", hint: "such as 'name: my-study'")
    }
    let axes = try SweepBlock.axes(in: root)
    if choice == .swept { return try swept(root, axes, overrides) }
    var result = try scenario(
      root, ArmDraft.all(in: root, overrides: overrides, withoutArms: choice == .none))
    result.sweep = axes.map(\.axis)
    return result
  }

  /// All cells: the arms of the file × the values of the overrides with several, or else of the file's block. A key
  /// that an override sets to one value is not swept.
  private static func swept(
    _ root: Tree, _ block: [AxisDraft], _ overrides: [Override]
  ) throws(ScenarioError) -> Scenario {
    var drafts = try ArmDraft.written(in: root)
    let armCount = drafts.count
    var axes: [AxisDraft] = []
    var fixed: Set<String> = []
    for override in overrides {
      let (path, values) = try override.settings(folder: root.place.source.folder)
      let axis = AxisDraft(path: path, values: values)
      if values.count > 1 {
        axes.append(axis)
      } else {
        drafts = try ArmDraft.multiplied(drafts, by: axis, most: ArmDraft.mostCells)
        fixed.insert(path.text)
      }
    }
    if axes.isEmpty { axes = block.filter { !fixed.contains($0.path.text) } }
    for axis in axes { drafts = try ArmDraft.multiplied(drafts, by: axis, most: ArmDraft.mostCells) }
    var result = try scenario(root, drafts)
    result.sweep = axes.map(\.axis)
    let cells = drafts.count / armCount
    let names = try ArmDraft.written(in: root).map(\.name)
    result.unswept = names.enumerated().map { index, name in
      var arm = result.arms[index * cells]
      arm.name = name ?? arm.settings.strategy.usualArmName
      return arm
    }
    return result
  }

  private static func scenario(_ root: Tree, _ drafts: [ArmDraft]) throws(ScenarioError) -> Scenario {
    var arms: [Arm] = []
    var common = ScenarioDraft()
    for arm in drafts {
      let (draft, settings) = try read(arm, in: root)
      if arms.isEmpty { common = draft }
      arms.append(Arm(name: arm.name ?? settings.strategy.usualArmName, settings: settings))
    }
    return Scenario(
      name: common.name, question: common.question, arms: arms, replications: common.replications, seed: common.seed)
  }

  /// Reads one arm. An error that the scenario does not have without the arm's settings names the arm.
  private static func read(
    _ arm: ArmDraft, in root: Tree
  ) throws(ScenarioError) -> (ScenarioDraft, SimulationSettings) {
    do {
      var tree = root
      for setting in arm.settings { try tree.set(setting.path, to: setting.value) }
      tree.forgetParameters(inheritedFrom: root, after: arm.settings.map(\.path))
      return try resolve(tree)
    } catch {
      guard let name = arm.name, !arm.settings.isEmpty, error.place?.source.kind == .file else { throw error }
      do { _ = try resolve(root) } catch let base { if base.description == error.description { throw error } }
      throw error.inArm(name)
    }
  }

  private static func resolve(_ tree: Tree) throws(ScenarioError) -> (ScenarioDraft, SimulationSettings) {
    var draft = ScenarioDraft()
    try ScenarioDraft.record.read(tree, "", into: &draft)
    return (draft, try Consistency(draft: draft, tree: tree).settings())
  }

  // MARK: - Trouble with the bytes

  private static func unreadable(_ path: String, _ trouble: InputFile.Trouble) -> ScenarioError {
    func error(_ message: String, hint: String? = nil) -> ScenarioError {
      ScenarioError(kind: .unreadable, file: path, message: message, hint: hint)
    }
    switch trouble {
    case .missing: return error("there is no such file")
    case .isFolder: return error("this is a directory, not a scenario file")
    case .notRegular: return error("this is no regular file", hint: "a scenario from a pipe is read as /dev/stdin")
    case .cannotOpen: return error("the file cannot be opened", hint: "check its permissions")
    case .cannotRead(let reason): return error("the file cannot be read: \(reason)")
    case .tooLarge: return tooLarge(path)
    }
  }

  private static func tooLarge(_ file: String) -> ScenarioError {
    ScenarioError(
      kind: .invalid, file: file, message: "the file is larger than 1 MB, which no scenario needs",
      place: Source(file: file, text: "").place(line: 1, column: 1))
  }

  private static func checkSize(_ count: Int, file: String) throws(ScenarioError) {
    guard count <= largestFile else { throw tooLarge(file) }
  }

  private static func notUTF8(_ data: [UInt8], file: String) -> ScenarioError {
    var line = 1
    var column = 1
    var rest = data[...]
    while let end = rest.firstIndex(of: 10), String(validating: rest[..<end], as: UTF8.self) != nil {
      line += 1
      rest = rest[(end + 1)...]
    }
    let bad = rest.prefix { $0 != 10 }
    var good = bad.count
    while good > 0, String(validating: bad.prefix(good), as: UTF8.self) == nil { good -= 1 }
    column += String(decoding: bad.prefix(good), as: UTF8.self).unicodeScalars.count
    let source = Source(file: file, text: String(decoding: data, as: UTF8.self))
    return ScenarioError(
      "this is not UTF-8 text", at: source.place(line: line, column: column), hint: "save the file as UTF-8")
  }
}

/// Which arms a scenario is read with.
package enum ArmChoice: Sendable {
  /// Those of the file, multiplied by overrides with several values.
  case written
  /// One, which is what the arms of the file have in common.
  case none
  /// Every cell of a sweep.
  case swept
}

extension StrategySettings {
  /// What a scenario's only arm is called when it has no name.
  var usualArmName: String {
    kind == .nonCooperative || kind == .centralised ? kind.rawValue : timing.rawValue
  }
}
