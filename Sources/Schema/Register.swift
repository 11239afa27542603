// SPDX-License-Identifier: GPL-3.0-or-later
import Synchronization

/// The definitions of one kind: those of Starling, and what a program adds before any is asked for.
///
/// The list is made once, when it is first asked for, and never changes again: what reads it takes no lock.
package final class Register<Entry: Sendable>: Sendable {
  private struct State {
    var entries: [Entry]
    let ownCount: Int
    var isClosed = false
  }

  /// What one of them is called in messages.
  private let kind: String
  private let name: @Sendable (Entry) -> String
  private let state: Mutex<State>

  package init(_ kind: String, _ builtIn: [Entry], name: @escaping @Sendable (Entry) -> String) {
    self.kind = kind
    self.name = name
    state = Mutex(State(entries: builtIn, ownCount: builtIn.count))
  }

  /// Adds definitions behind those that are there: all or none of them.
  ///
  /// - Throws: where a name is taken, or the list has been made already.
  package func add(_ entries: [Entry]) throws(RegistrationError) {
    guard !entries.isEmpty else { return }
    let trouble = state.withLock { state -> String? in
      if state.isClosed {
        return "the \(kind) '\(name(entries[0]))' comes too late: the \(kind)s there are have been asked for already"
      }
      var names = Set(state.entries.map(name))
      for entry in entries where !names.insert(name(entry)).inserted {
        return "there is a \(kind) '\(name(entry))' already"
      }
      state.entries += entries
      return nil
    }
    if let trouble { throw RegistrationError(description: trouble) }
  }

  /// The definitions there are so far.
  package var known: [Entry] { state.withLock(\.entries) }

  /// Whether a program has added any.
  package var hasAdditions: Bool { state.withLock { $0.entries.count > $0.ownCount } }

  /// The definitions there are from now on.
  package func close() -> [Entry] {
    state.withLock { state in
      state.isClosed = true
      return state.entries
    }
  }
}

/// Why a program cannot add a definition, as a sentence without its full stop.
public struct RegistrationError: Error, CustomStringConvertible, Equatable {
  /// What is wrong.
  public let description: String

  package init(description: String) { self.description = description }
}
