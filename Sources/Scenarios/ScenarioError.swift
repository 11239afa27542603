// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What is wrong with a scenario: one fault with its place, and all others that were found with it.
///
/// The description is what the terminal shows, for each fault:
/// ```
/// bad.yaml:14:5: error: unknown key 'latncy' in conditions.links
///  14 |     latncy: 20 ms
///     |     ^~~~~~ did you mean 'latency'?
/// ```
package struct ScenarioError: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble it is; each has its exit status.
  package enum Kind: Sendable, Equatable {
    /// The file cannot be read at all (exit status 66).
    case unreadable
    /// The file was read and is not a good scenario (exit status 65).
    case invalid
  }

  package let kind: Kind
  /// The name of the file, or `override PATH=VALUE`.
  package let file: String
  /// What is wrong, without the place.
  package let message: String
  /// What probably helps; follows the caret.
  package let hint: String?
  /// What is allowed at this place.
  package let note: String?
  let place: Place?
  /// The dotted path of the key that cannot be relied on.
  var key: String?
  /// Whether it is that a key is not there.
  var isAbsence = false
  /// Faults found beside this one, which is the first; none of them has others.
  private var others: [ScenarioError] = []

  /// The line of the file, from one; nothing where the trouble has no line.
  package var line: Int? { place?.line }
  /// The column in characters (Unicode scalars), from one.
  package var column: Int? { place?.column }

  init(_ message: String, at place: Place, hint: String? = nil, note: String? = nil, key: String? = nil) {
    self.init(kind: .invalid, file: place.source.name, message: message, hint: hint, note: note, place: place)
    self.key = key
  }

  /// An error of the whole file.
  package init(file: String, message: String) { self.init(kind: .invalid, file: file, message: message) }

  init(kind: Kind, file: String, message: String, hint: String? = nil, note: String? = nil, place: Place? = nil) {
    self.kind = kind
    self.file = file
    self.message = message
    self.hint = hint
    self.note = note
    self.place = place
  }

  /// The same error, found in some arms only.
  func inArms(_ names: [String]) -> ScenarioError {
    let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return ScenarioError(
      kind: kind, file: file, message: "\(message) (in arm\(names.count == 1 ? "" : "s") \(shown)\(more))",
      hint: hint, note: note, place: place)
  }

  /// This fault and those found beside it.
  package var faults: [ScenarioError] {
    var first = self
    first.others = []
    return [first] + others
  }

  /// One error of several faults: those of the file in the order of their places, then those of overrides. Of faults
  /// that read alike one is kept.
  ///
  /// - Returns: nothing for no faults.
  package static func joined(_ errors: [ScenarioError]) -> ScenarioError? {
    var seen: Set<String> = []
    // The values of a range stand at one place of an override, and are wrong in one way.
    let faults = errors.flatMap(\.faults).filter { fault in
      let place = fault.place.flatMap { $0.source.kind == .override ? "\(fault.file) \($0.column)" : nil }
      return seen.insert(place ?? fault.text).inserted
    }
    let sorted = faults.enumerated().sorted { left, right in
      let (first, second) = (left.element.rank, right.element.rank)
      return first == second ? left.offset < right.offset : first < second
    }.map(\.element)
    guard var first = sorted.first else { return nil }
    first.others = Array(sorted.dropFirst())
    return first
  }

  /// Whether a key, what is below it, or what it lies in cannot be relied on because of this fault.
  func concerns(_ path: String) -> Bool {
    guard let key else { return false }
    return key == path || key.hasPrefix(path + ".") || key.hasPrefix(path + "[") || path.hasPrefix(key + ".")
  }

  /// Compares as places do.
  private var rank: (Int, Int, Int) {
    guard let place else { return (0, 0, 0) }
    return place.source.kind == .file ? (0, place.line, place.column) : (1, 0, 0)
  }

  /// All faults as the terminal shows them, and how many there are where there are several.
  package var description: String {
    let faults = self.faults
    guard faults.count > 1 else { return text }
    return (faults.map(\.text) + ["\(faults.count) errors"]).joined(separator: "\n")
  }

  /// In characters; what it quotes of the user may be of any length.
  private static let longestMessage = 800

  /// The fault alone. What it quotes of the user is made visible.
  private var text: String {
    let (file, message) = (visible(file), shown(message, longest: Self.longestMessage))
    let (hint, note) = (hint.map { visible($0) }, note.map { visible($0) })
    guard let place else {
      return (["\(file): error: \(message)"] + [hint, note].compactMap { $0 }.map { "  \($0)" })
        .joined(separator: "\n")
    }
    let numbered = place.source.kind == .file
    let head = numbered ? "\(file):\(place.line):\(place.column)" : file
    let number = numbered ? " \(place.line) " : "  "
    let margin = String(repeating: " ", count: number.count) + "| "
    let excerpt = place.excerpt()
    var lines = ["\(head): error: \(message)", "\(number)| \(excerpt.line)"]
    lines.append(margin + excerpt.caret + (hint.map { " \($0)" } ?? ""))
    if let note { lines.append(margin + note) }
    return lines.joined(separator: "\n")
  }
}
