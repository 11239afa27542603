// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A place in JSON.
enum Step: CustomStringConvertible {
  case key(String)
  case index(Int)

  var description: String {
    switch self {
    case .key(let key): key
    case .index(let index): "\(index)"
    }
  }
}

/// JSON of which single places can be changed.
struct Document {
  let value: Any

  init(_ value: Any) { self.value = value }

  var keys: [String] { (value as? [String: Any]).map { $0.keys.sorted() } ?? [] }

  private subscript(step: Step) -> Document? {
    switch step {
    case .key(let key): (value as? [String: Any])?[key].map(Document.init)
    case .index(let index): (value as? [Any])?[index...].first.map(Document.init)
    }
  }

  /// The place below a path of every single number, and of the last one of every list, with lists of lists as one.
  func pathsOfLastNumbers(_ path: [Step]) -> [[Step]] {
    guard let found = path.reduce(Document?(self), { $0?[$1] }) else { return [] }
    if found.value is NSNumber { return [path] }
    if let list = found.value as? [Any] {
      let steps = list.first is [String: Any] ? Array(list.indices) : Array(list.indices.suffix(1))
      return steps.flatMap { pathsOfLastNumbers(path + [.index($0)]) }
    }
    return found.keys.flatMap { pathsOfLastNumbers(path + [.key($0)]) }
  }

  func replacing(_ path: some Collection<Step>, by new: Any) -> Document {
    guard let step = path.first, let inner = self[step]?.replacing(path.dropFirst(), by: new).value else {
      return Document(new)
    }
    switch step {
    case .key(let key):
      var object = value as? [String: Any] ?? [:]
      object[key] = inner
      return Document(object)
    case .index(let index):
      var list = value as? [Any] ?? []
      list[index] = inner
      return Document(list)
    }
  }

  func replacing(_ path: [Step], _ change: (Double) -> Double) -> Document {
    guard let number = path.reduce(Document?(self), { $0?[$1] })?.value as? NSNumber else { return self }
    return replacing(path, by: change(number.doubleValue))
  }
}
