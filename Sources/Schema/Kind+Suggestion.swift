// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What was probably meant by a text where a map or a list belongs, such as `{bisect: spectral}` by `spectral`.
extension Kind {
  /// - Returns: what is of this kind and has the text as its one value, as YAML; nothing where there is no such thing.
  package func wrapping(_ text: String) -> String? {
    guard !text.isEmpty, !text.contains(where: \.isNewline) else { return nil }
    return wrapping(text, freely: false) ?? wrapping(text, freely: true)
  }

  /// - Parameter freely: whether values that may be any text count, too.
  private func wrapping(_ text: String, freely: Bool) -> String? {
    switch self {
    case .described(let kind, _): return kind.wrapping(text, freely: freely)
    case .either(let kinds): return kinds.lazy.compactMap { $0.wrapping(text, freely: freely) }.first
    case .list(let element), .listPerAgent(let element):
      return element.takes(text, freely: freely) ? "[\(text)]" : nil
    case .record(let parameters):
      let fitting = parameters.filter { $0.kind.takes(text, freely: freely) }
      // Any text may be anything: it is what has to be given.
      let meant = freely ? fitting.first { $0.presence == .required || parameters.count == 1 } : fitting.first
      return meant.map { "{\($0.name): \(text)}" }
    case .oneOf(let parameters):
      return parameters.first { $0.kind.takes(text, freely: freely) }.map { "{\($0.name): \(text)}" }
    case .trace, .linkMatrix:
      return freely ? "{file: \(text)}" : nil
    default: return nil
    }
  }

  /// Whether its values are lists.
  package var isList: Bool {
    switch self {
    case .described(let kind, _): kind.isList
    case .list, .listPerAgent: true
    default: false
    }
  }

  /// Whether a text is a value of this kind.
  private func takes(_ text: String, freely: Bool) -> Bool {
    switch self {
    case .described(let kind, _): return kind.takes(text, freely: freely)
    case .either(let kinds): return kinds.contains { $0.takes(text, freely: freely) }
    case .line, .text, .file: return freely
    default:
      guard isText else { return false }
      return (try? value(of: Written(text: text, shown: text, path: ""))) != nil
    }
  }
}
