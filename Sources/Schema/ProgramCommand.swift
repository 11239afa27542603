// SPDX-License-Identifier: GPL-3.0-or-later

/// A program with its arguments, as a scenario names it. No shell reads it.
public struct ProgramCommand: SpecialValue {
  /// The program and its arguments, word by word.
  public let words: [String]
  /// Where it is started: the folder of the scenario, so that its arguments may name files there; empty for the present one.
  public let folder: String

  /// The command of a scenario in a folder.
  package init(_ words: [String], folder: String = "") {
    precondition(!words.isEmpty, "A command names a program.")
    self.words = words
    self.folder = folder
  }

  /// As messages show it.
  package var text: String { words.joined(separator: " ") }

  /// By the words: the same study may lie in another folder.
  public static func == (left: ProgramCommand, right: ProgramCommand) -> Bool { left.words == right.words }
}
