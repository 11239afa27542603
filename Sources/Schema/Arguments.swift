// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The values of the parameters of a definition, by name. Where a value stood in a scenario is found by its name again,
/// so a fault names its parameter and nothing else.
public struct Arguments: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  package private(set) var values: [String: Argument]

  /// Values by the names of their parameters.
  public init(_ values: [String: Argument] = [:]) { self.values = values }

  /// Values by the names of their parameters.
  public init(dictionaryLiteral elements: (String, Argument)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
  }

  /// The value of a parameter, where it was given.
  public subscript(_ name: String) -> Argument? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// These values, and for what is missing what its parameter says stands there.
  package func completed(by parameters: [Parameter]) -> Arguments {
    var all = self
    for parameter in parameters where all[parameter.name] == nil {
      if case .otherwise(let value) = parameter.presence { all[parameter.name] = value }
    }
    return all
  }

  /// What about these values cannot be whatever they are for: one that is required and missing, or alternatives of
  /// which not exactly one is given. Values of unknown names are the reader's to refuse.
  package func fault(of parameters: [Parameter]) -> Fault? {
    for parameter in parameters where parameter.presence == .required && self[parameter.name] == nil {
      return .missing(parameter.name)
    }
    let choices = parameters.filter { $0.presence == .alternative }.map(\.name)
    let given = choices.filter { self[$0] != nil }
    if !choices.isEmpty, given.isEmpty { return .noneOf(choices) }
    return given.count > 1 ? .both(given[0], given[1]) : nil
  }
}

/// Values by name and type. Those that return no optional are for parameters that are required or have a default, whose
/// presence and kind reading has checked.
extension Arguments {
  /// A whole number that must have been given.
  public func count(_ name: String) -> Int { given(name, \.count) }

  /// A seed that must have been given.
  public func seed(_ name: String) -> UInt64 { given(name, \.seed) }

  /// A number, where it was given.
  public func number(_ name: String) -> Double? { values[name]?.number }

  /// A duration that must have been given.
  public func duration(_ name: String) -> VirtualDuration { given(name, \.duration) }

  /// A number of bytes that must have been given.
  public func bytes(_ name: String) -> ByteCount { given(name, \.bytes) }

  /// Yes if it was given and says so.
  public func flag(_ name: String) -> Bool { values[name] == .flag(true) }

  /// A line or a word, where it was given.
  public func text(_ name: String) -> String? { values[name]?.text }

  /// The case of an enumeration whose raw values are the words of a choice.
  public func choice<Word: RawRepresentable>(_ name: String, _: Word.Type = Word.self) -> Word
  where Word.RawValue == String { given(name) { $0.text.flatMap(Word.init(rawValue:)) } }

  /// A list of whole numbers, empty where it was not given.
  public func counts(_ name: String) -> [Int] { values[name]?.counts ?? [] }

  /// A value of a room above, where one of this type was given.
  public func special<Value: SpecialValue>(_ name: String, _ type: Value.Type = Value.self) -> Value? {
    values[name]?.special(type)
  }

  /// A number that must have been given.
  ///
  /// - Throws: when it was not.
  package func required(_ name: String) throws(Fault) -> Double {
    guard let number = number(name) else { throw .missing(name) }
    return number
  }

  /// The one of two numbers that is given.
  ///
  /// - Throws: when it is not one.
  package func one(of first: String, _ second: String) throws(Fault) -> (value: Double, isFirst: Bool) {
    switch (number(first), number(second)) {
    case (let value?, nil): return (value, true)
    case (nil, let value?): return (value, false)
    case (nil, nil): throw .noneOf([first, second])
    case (_?, _?): throw .both(first, second)
    }
  }

  private func given<Value>(_ name: String, _ value: (Argument) -> Value?) -> Value {
    guard let value = values[name].flatMap(value) else {
      preconditionFailure("The parameter ‘\(name)’ was not given, or is of another kind.")
    }
    return value
  }
}
