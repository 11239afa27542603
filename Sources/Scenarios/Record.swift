// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// A key of the schema by its full dotted path.
package struct SchemaKey: Sendable {
  let path: String
  /// Whether it holds further keys that are set one by one; else it is set as a whole (or below, by its own rules).
  let isGroup: Bool

  var name: String { path.split(separator: ".").last.map(String.init) ?? path }
}

/// A value as `starling show` prints it.
struct ResolvedEntry {
  indirect enum Content {
    /// YAML on one line.
    case leaf(String)
    case group([ResolvedEntry])
  }

  let key: String
  let help: String
  let content: Content
  /// Left out of what is printed, because the key says nothing there.
  var isHidden = false
  /// Whether what stands before reading is no default, because the key must be given wherever it says something.
  var isWithoutDefault = false
}

/// One key of a record: how its value is read and written, what it means.
///
/// One definition gives the reader, the defaults, the printed scenario and the list of known keys.
package struct Field<Root> {
  package let key: String
  /// The meaning, and what is allowed; printed as a comment.
  let help: String
  /// What a list of keys says of it.
  let parameter: Parameter
  /// The keys below, relative to this one.
  let keysBelow: [SchemaKey]
  let isGroup: Bool
  let read: (Tree, String, inout Root) throws(ScenarioError) -> Void
  let entry: (Root) -> ResolvedEntry

  var schemaKeys: [SchemaKey] {
    [SchemaKey(path: key, isGroup: isGroup)]
      + keysBelow.map { SchemaKey(path: "\(key).\($0.path)", isGroup: $0.isGroup) }
  }

  /// A key with one value.
  ///
  /// - Parameters:
  ///   - required: whether a scenario must have the key; else the value of the record before reading stands.
  ///   - hasDefault: whether a scenario may leave the key out wherever it says something.
  ///   - hidden: whether the key is left out of the printed scenario.
  // Specialised for each of some two hundred keys, this took more than a third of the room's time to compile.
  @_semantics("optimize.sil.specialize.generic.never")
  package init<Value>(
    _ key: String, _ keyPath: WritableKeyPath<Root, Value>, _ codec: Codec<Value>, _ help: String,
    required: Bool = false, hasDefault: Bool = true, keysBelow: [SchemaKey] = [],
    hidden: @escaping (Root) -> Bool = { _ in false }
  ) {
    self.key = key
    self.help = help.isEmpty ? codec.allowed : "\(help); \(codec.allowed)"
    self.parameter = Parameter(key, codec.kind, help, required ? .required : .optional)
    self.keysBelow = keysBelow
    self.isGroup = false
    self.read = { (tree, path, root) throws(ScenarioError) -> Void in
      root[keyPath: keyPath] = try codec.read(tree, path)
    }
    let comment = self.help
    self.entry = { root in
      ResolvedEntry(
        key: key, help: comment, content: .leaf(codec.write(root[keyPath: keyPath])), isHidden: hidden(root),
        isWithoutDefault: required || !hasDefault)
    }
  }

  /// A key that is known here and read elsewhere.
  init(reserved key: String, _ kind: Kind, _ help: String) {
    self.key = key
    self.help = help
    self.parameter = Parameter(key, kind, help, .optional)
    self.keysBelow = []
    self.isGroup = false
    self.read = { (_, _, _) throws(ScenarioError) -> Void in }
    self.entry = { _ in ResolvedEntry(key: key, help: help, content: .leaf(""), isHidden: true) }
  }

  /// A key that holds a record.
  @_semantics("optimize.sil.specialize.generic.never")
  package init<Value>(
    group key: String, _ keyPath: WritableKeyPath<Root, Value>, _ record: Record<Value>, _ help: String,
    required: Bool = false, hidden: @escaping (Root) -> Bool = { _ in false }
  ) {
    self.key = key
    self.help = help
    self.parameter = Parameter(key, record.kind, help, required ? .required : .optional)
    self.keysBelow = record.schemaKeys
    self.isGroup = true
    self.read = { (tree, path, root) throws(ScenarioError) -> Void in
      try record.read(tree, path, into: &root[keyPath: keyPath])
    }
    self.entry = { root in
      ResolvedEntry(
        key: key, help: help, content: .group(record.entries(of: root[keyPath: keyPath])), isHidden: hidden(root))
    }
  }
}

/// A map with known keys.
package struct Record<Root> {
  package let fields: [Field<Root>]

  package init(_ fields: [Field<Root>]) { self.fields = fields }

  var kind: Kind { .record(fields.map(\.parameter)) }

  /// The keys below this record, relative to it.
  var schemaKeys: [SchemaKey] { fields.flatMap(\.schemaKeys) }

  func entries(of root: Root) -> [ResolvedEntry] { fields.map { $0.entry(root) } }

  /// Reads a map into a record that holds the defaults.
  ///
  /// - Throws: when it is no map, has unknown keys or lacks required ones, or when values are wrong; all of that at once.
  ///   What could be read is in the record all the same.
  func read(_ tree: Tree, _ path: String, into root: inout Root) throws(ScenarioError) {
    guard let entries = tree.entries else {
      throw mistyped(
        tree, path.isEmpty ? "a scenario" : path, mustBe: "a map of keys and values", kind: path.isEmpty ? nil : kind)
    }
    func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    let known = fields.map(\.key)
    var faults = Faults()
    // Keys that an unknown one was probably meant for are not missing.
    var meant: Set<String> = []
    for entry in entries where !known.contains(entry.key) && !faults.isFull {
      let guess = likelyKey(for: entry.key, among: known)
      if let guess { meant.insert(guess) }
      faults.add(
        unknownKey(entry.key, at: entry.keyPlace, in: path, known: known), at: full(guess ?? entry.key))
    }
    for field in fields {
      if let entry = tree.entry(field.key) {
        let key = full(field.key)
        _ = faults.gather(at: key) { () throws(ScenarioError) in try field.read(entry.value, key, &root) }
      } else if field.parameter.presence == .required, !meant.contains(field.key) {
        var fault = tree.error(
          "missing key '\(field.key)'" + (path.isEmpty ? "" : " in \(path)"), note: "\(field.key): \(field.help)")
        fault.isAbsence = true
        faults.add(fault, at: full(field.key))
      }
    }
    try faults.finish()
  }

  /// The record as a YAML map on one line, hidden keys left out.
  func inline(_ root: Root) -> String {
    let pairs = entries(of: root).filter { !$0.isHidden }.map { "\($0.key): \($0.inlineText)" }
    return "{" + pairs.joined(separator: ", ") + "}"
  }

  /// A codec that reads and writes this record as one value.
  func codec(_ allowed: String, default value: Root) -> Codec<Root> {
    Codec(
      .described(kind, allowed),
      read: { (tree, path) throws(ScenarioError) -> Root in
        var root = value
        try read(tree, path, into: &root)
        return root
      }, write: inline)
  }
}

extension ResolvedEntry {
  /// The value as YAML on one line.
  var inlineText: String {
    switch content {
    case .leaf(let text): text
    case .group(let entries):
      "{" + entries.filter { !$0.isHidden }.map { "\($0.key): \($0.inlineText)" }.joined(separator: ", ") + "}"
    }
  }
}

/// The error of a key that a map does not know, with the key that was probably meant or the place where it belongs.
func unknownKey(_ key: String, at place: Place, in path: String, known: [String]) -> ScenarioError {
  let allKeys = ScenarioSchema.keys
  let homes = allKeys.filter { $0.name == key && $0.path != key }.map(\.path)
  let hint: String?
  if let guess = likelyKey(for: key, among: known) {
    hint = "did you mean '\(guess)'?"
  } else if allKeys.contains(where: { $0.path == key && key.contains(".") }) {
    hint = "dotted paths are for arms and overrides: nest the keys"
  } else if allKeys.contains(where: { $0.path == key }) {
    hint = "'\(shown(key))' belongs at the top level"
  } else if let home = homes.first {
    hint = "'\(key)' belongs in \(home.dropLast(key.count + 1))"
  } else {
    hint = nil
  }
  return ScenarioError(
    "unknown key '\(shown(key))'" + (path.isEmpty ? "" : " in \(path)"), at: place, hint: hint,
    note: known.isEmpty ? "it takes none" : "allowed: " + known.joined(separator: ", "))
}
