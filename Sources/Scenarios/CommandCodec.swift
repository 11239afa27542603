// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

extension Codec<Argument> {
  /// A program with its arguments. It is looked for where the scenario is read to be run: a name with a slash from the
  /// scenario's folder, another one among the programs of the system.
  static var command: Codec {
    let words = Codec<String>.text.list
    return Codec(
      .command,
      read: { (tree, path) throws(ScenarioError) -> Argument in
        guard case .list(let items) = tree.content else { throw mistyped(tree, path, mustBe: Kind.command.allowed) }
        guard let first = items.first else {
          throw tree.error("\(path) names no program", hint: "such as [python3, learner.py]")
        }
        let source = tree.place.source
        let command = ProgramCommand(try words.read(tree, path), folder: source.folder)
        guard source.readsFiles else { return .special(command) }
        if let trouble = command.trouble {
          throw ScenarioError("\(path): \(trouble.message)", at: first.place, hint: trouble.hint)
        }
        return .special(command)
      },
      write: { Kind.command.text(of: $0) ?? "none" })
  }
}

extension ProgramCommand {
  /// Why there is nothing to start.
  fileprivate var trouble: (message: String, hint: String)? {
    let name = words[0]
    let isPath = name.contains("/")
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let places =
      isPath
      ? [name.hasPrefix("/") ? name : folder + name]
      : folders.split(separator: ":").map { "\($0)/\(name)" }
    if places.contains(where: Self.isProgram) { return nil }
    guard isPath else {
      return (
        "there is no program '\(shown(name))'",
        "it is looked for in PATH; a path needs a slash, such as ./\(shown(name))"
      )
    }
    guard FileManager.default.fileExists(atPath: places[0]) else {
      return ("there is no file \(shown(places[0], longest: 200))", "a path is relative to the scenario's folder")
    }
    return (
      "\(shown(places[0], longest: 200)) is no program that can be started",
      "make it executable, or name what reads it: [python3, …]"
    )
  }

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      && FileManager.default.isExecutableFile(atPath: path)
  }
}
