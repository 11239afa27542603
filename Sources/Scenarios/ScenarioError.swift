// SPDX-License-Identifier: GPL-3.0-or-later

/// What is wrong with a scenario, said once, with its place.
///
/// The description is what the terminal shows:
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

  /// The line of the file, from one; nothing where the trouble has no line.
  package var line: Int? { place?.line }
  /// The column in characters (Unicode scalars), from one.
  package var column: Int? { place?.column }

  init(_ message: String, at place: Place, hint: String? = nil, note: String? = nil) {
    self.init(kind: .invalid, file: place.source.name, message: message, hint: hint, note: note, place: place)
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

  /// The same error, found in one arm only.
  func inArm(_ name: String) -> ScenarioError {
    ScenarioError(
      kind: kind, file: file, message: "\(message) (in arm '\(name)')", hint: hint, note: note, place: place)
  }

  package var description: String {
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
