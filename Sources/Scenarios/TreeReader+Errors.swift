// SPDX-License-Identifier: GPL-3.0-or-later
import Yams

/// What Yams cannot read, said with its place.
extension TreeReader {
  /// Yams' tree of a text; nothing when the text is empty.
  func compose(_ text: String) throws(ScenarioError) -> Node? {
    do {
      return try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
      let key = keys.first.map(Self.showingStars) ?? ""
      throw doubled(key, at: placeOfSecond(in: text, first: context.mark, key: keys.first))
    } catch {
      throw syntaxError(error)
    }
  }

  /// Yams names only the first of two equal keys; with that one changed, the second is found beside it.
  private func placeOfSecond(in text: String, first: Mark, key: String?) -> Place {
    let fallback = place(first, width: key?.unicodeScalars.count ?? 1)
    guard let key, let changed = Self.changing(text, at: first) else { return fallback }
    do {
      guard let root = try Yams.compose(yaml: changed, .basic, .default, .utf8) else { return fallback }
      let mark = Self.twin(of: first, named: key, in: root, depth: 0)
      return mark.map { place($0, width: key.unicodeScalars.count) } ?? fallback
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) where keys.first == key {
      return place(context.mark, width: key.unicodeScalars.count)
    } catch {
      return fallback
    }
  }

  /// The text with the first letter of the key at a mark exchanged.
  private static func changing(_ text: String, at mark: Mark) -> String? {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Array(Substring($0).unicodeScalars)
    }
    let row = mark.line - 1
    guard lines.indices.contains(row), lines[row].indices.contains(mark.column - 1) else { return nil }
    let isQuoted = lines[row][mark.column - 1] == "\"" || lines[row][mark.column - 1] == "'"
    let column = mark.column - 1 + (isQuoted ? 1 : 0)
    guard lines[row].indices.contains(column) else { return nil }
    lines[row][column] = self.mark
    var result = String.UnicodeScalarView()
    result.append(contentsOf: lines.joined(separator: ["\n"]))
    return String(result)
  }

  private static func twin(of mark: Mark, named key: String, in node: Node, depth: Int) -> Mark? {
    guard depth < deepest else { return nil }
    switch node {
    case .scalar, .alias:
      return nil
    case .sequence(let sequence):
      return sequence.lazy.compactMap { twin(of: mark, named: key, in: $0, depth: depth + 1) }.first
    case .mapping(let mapping):
      if mapping.contains(where: { $0.key.mark?.line == mark.line && $0.key.mark?.column == mark.column }) {
        return mapping.first { $0.key.string == key }?.key.mark
      }
      return mapping.lazy.compactMap { twin(of: mark, named: key, in: $0.value, depth: depth + 1) }.first
    }
  }

  private func syntaxError(_ error: any Error) -> ScenarioError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = place(mark)
      if source.scalar(line: place.line, column: place.column) == "\t" {
        return ScenarioError("a tab cannot indent YAML", at: place, hint: "use spaces")
      }
      if problem.contains("another document") {
        return ScenarioError("a scenario is one YAML document, here another one begins", at: place)
      }
      if let context, let opened = neverClosed(context, problemAt: place) { return opened }
      let doing = context.map { " \($0.text)" } ?? ""
      return ScenarioError(
        Self.showingStars("not valid YAML: \(problem)\(doing)"), at: place, hint: Self.remedy(problem))
    case .reader(let problem, _, _, _):
      return ScenarioError("not valid YAML: \(problem)", at: place(nil))
    default:
      return ScenarioError("not valid YAML", at: place(nil))
    }
  }

  /// The error of a bracket or quote that the text ends without closing, at where it opens.
  private func neverClosed(_ context: YamlError.Context, problemAt end: Place) -> ScenarioError? {
    guard source.scalar(line: end.line, column: end.column) == nil, end.line == source.lines.count else { return nil }
    let start = place(context.mark)
    switch source.scalar(line: start.line, column: start.column) {
    case "[", "{": return ScenarioError("this bracket is never closed", at: start)
    case "\"", "'": return ScenarioError("this quote is never closed", at: start)
    default: return nil
    }
  }

  private static func remedy(_ problem: String) -> String? {
    let remedies = [
      ("mapping values are not allowed", "is a line break or the right indentation missing, or a quote?"),
      ("did not find expected key", "check the indentation and the quotes above"),
      ("could not find expected ':'", "a key needs ': ' behind it"),
      ("did not find expected ','", "is a comma or a closing bracket missing?"),
    ]
    return remedies.first { problem.contains($0.0) }?.1
  }
}
