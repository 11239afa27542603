// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results
import Summaries

/// The two streams of text that the program writes.
enum Terminal {
  /// Whether a person probably reads standard error as it is written.
  static var errorIsInteractive: Bool { isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb" }

  /// How text on standard output is laid out: as wide as `COLUMNS` says, else as the terminal is, and coloured there
  /// unless `NO_COLOR` is set.
  static var style: TerminalStyle {
    let wanted = environment("COLUMNS").flatMap { Int($0) }
    guard isatty(STDOUT_FILENO) == 1 else { return TerminalStyle(width: wanted ?? 80) }
    var size = winsize()
    let known = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    let mayColour = environment("NO_COLOR") == nil && environment("TERM") != "dumb"
    return TerminalStyle(width: wanted ?? (known ? Int(size.ws_col) : 80), isColoured: mayColour)
  }

  /// Writes lines to standard output.
  ///
  /// - Throws: if they cannot be written, as on a full disk.
  static func print(_ text: String) throws { try printRaw(text + "\n") }

  /// Writes text with its own line ends to standard output.
  static func printRaw(_ text: String) throws { try write(Data(text.utf8)) }

  /// Writes one JSON document to standard output.
  static func printJSON(_ value: some Encodable) throws {
    var data = try resultsEncoder().encode(value)
    data.append(0x0A)
    try write(data)
  }

  /// Writes a line to standard error.
  static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  private static func write(_ data: Data) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      throw Failure(.inputOutput, "error: cannot write to standard output")
    }
  }

  /// A variable of the environment; an empty one counts as not set.
  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
