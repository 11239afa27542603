// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
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

  /// Makes writing to a closed pipe an error instead of the end of the program, which may be in the middle of runs,
  /// and so a file that is larger than the system allows. Closed streams are opened, so that no other file takes
  /// their place and receives what is meant for them; writing to them stays an error.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var descriptor: Int32
    repeat { descriptor = open("/dev/null", O_RDONLY) } while descriptor >= 0 && descriptor <= STDERR_FILENO
    if descriptor >= 0 { close(descriptor) }
  }

  /// Writes lines to standard output, as long as somebody reads there.
  ///
  /// - Throws: if they cannot be written, as on a full disk.
  static func print(_ text: String) throws { try printRaw(text + "\n") }

  /// Writes text with its own line ends to standard output, as long as somebody reads there.
  static func printRaw(_ text: String) throws {
    do { try write(Array(style.guarded(text).utf8)) } catch is OutputIsClosed {}
  }

  /// Writes one JSON document to standard output.
  static func printJSON(_ value: some Encodable) throws {
    let text = visibleJSON(String(decoding: try resultsEncoder().encode(value), as: UTF8.self))
    do { try write(Array((text + "\n").utf8)) } catch is OutputIsClosed {}
  }

  /// Writes a line to standard error.
  static func complain(_ text: String) { mention(text + "\n") }

  /// Writes to standard error, as far as anybody listens.
  static func mention(_ text: String) {
    _ = writeAll(Array(visible(text, keepingLines: true).utf8), to: STDERR_FILENO)
  }

  /// Empties the line on standard error that is written again and again.
  static func eraseLine() { _ = writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }

  /// Writes bytes to standard output.
  ///
  /// - Throws: if they cannot be written; `OutputIsClosed` where nobody reads on, as before `head`.
  static func write(_ bytes: [UInt8]) throws {
    let reason = writeAll(bytes, to: STDOUT_FILENO)
    if reason == EPIPE { throw OutputIsClosed() }
    guard reason == 0 else {
      throw Failure(.inputOutput, "error: cannot write to standard output: \(String(cString: strerror(reason)))")
    }
  }

  /// A variable of the environment; an empty one counts as not set.
  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Nobody reads what the program writes: no reason to complain, nor to go on.
struct OutputIsClosed: Error {}
