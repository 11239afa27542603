// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What values a parameter takes, and how they are written. Reading, messages, what is shown, the lists of definitions
/// and the schema for editors follow from it.
public indirect enum Kind: Sendable, Hashable {
  /// A whole number.
  case count(ClosedRange<Int>)
  /// A whole number of 64 bits.
  case seed
  /// A number in base units: seconds, bytes, bytes per second or plain.
  case quantity(QuantityKind, Bounds)
  /// A duration, exactly as it is written.
  case duration(Bounds)
  /// The same where it is multiplied by factors or belongs to a law, and so is to be a number of seconds.
  case multipliedDuration(Bounds)
  /// A number of messages of at least one, or a duration above zero.
  case messagesOrDuration
  /// A whole number of bytes.
  case bytes
  /// A rate above zero, exactly as it is written.
  case bandwidth
  /// Yes or no.
  case flag
  /// One line of text.
  case line
  /// Text of any length.
  case text
  /// Exactly this word.
  case word(String)
  /// One of some words.
  case choice([String])
  /// The numbers of a CSV file, by its path.
  case table
  /// A map that names a trace file and says how it is used.
  case trace(TraceForm)
  /// A map that names a file of numbers between agents and says how it is used.
  case linkMatrix(MatrixForm)
  /// What the key of this name in `conditions.links` may be.
  case ofLinks(LinkAspect)
  /// The path of a file, with what the file holds.
  case file(String)
  /// A program with its arguments, as a list of words; it is started in the folder of the scenario.
  case command
  case list(Kind)
  /// A list with an element for each agent, in the natural order of their names.
  case listPerAgent(Kind)
  /// Any of several kinds that are told apart by what stands there: a word, a list, a map or another text.
  case either([Kind])
  /// A map with these keys.
  case record([Parameter])
  /// A map with one of these keys.
  case oneOf([Parameter])
  /// A map with keys that the writer chooses.
  case dictionary(Kind)
  /// A plain value, or a law of such values.
  case law(LawRule)
  /// Of a parameter of a law: a quantity of the kind that the law has where it stands, perhaps above zero.
  case quantityOfLaw(isPositive: Bool)
  /// Of a parameter of a law: another law of the same quantity.
  case lawOfLaw
  /// A pair of agents by name, perhaps with a weight.
  case edge
  /// Whatever the value of another key may be.
  case anything
  /// What another kind takes, in words of its own.
  case described(Kind, String)
}

/// What can be said of links.
public enum LinkAspect: Sendable, Hashable {
  case loss
  case latency
  /// A bandwidth, nothing or no limit.
  case capacity
  case duplication

  /// What is allowed, as it follows "must be".
  var allowed: String {
    switch self {
    case .loss: "what conditions.links.loss may be"
    case .latency: "what conditions.links.latency may be"
    case .capacity: "what conditions.links.bandwidth may be, or 0"
    case .duplication: "what conditions.links.duplication may be"
    }
  }
}

extension Kind {
  /// A pure number of a range.
  public static func number(_ bounds: Bounds) -> Kind { .quantity(.number, bounds) }

  /// A number from 0 to 1, perhaps in per cent.
  public static var probability: Kind { .quantity(.share, .share) }

  /// A list of pairs of agents. Scenarios can also read it from a file.
  package static var edges: Kind { .list(.edge) }

  /// A list of rows of numbers.
  public static var matrix: Kind {
    .described(.list(.list(.number(.anyNumber))), "a list of rows such as [[0.7, 0.3], [0.3, 0.7]]")
  }

  /// A value of this kind, or a word that stands for none.
  public func orWord(_ word: String = "none") -> Kind { .either([self, .word(word)]) }

  /// What is allowed, as it follows "must be".
  package var allowed: String {
    switch self {
    case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seed: "a whole number from 0 to \(UInt64.max)"
    case .quantity(let kind, let bounds):
      [kind.shortPhrase, bounds.withoutCap.text(kind)].filter { !$0.isEmpty }.joined(separator: " ")
    case .duration(let bounds), .multipliedDuration(let bounds): Kind.quantity(.duration, bounds).allowed
    case .messagesOrDuration: "a number of messages such as '10 messages', or a duration such as '1 s'"
    case .bytes: QuantityKind.size.shortPhrase
    case .bandwidth: Kind.quantity(.rate, .positiveRate).allowed
    case .flag: "true or false"
    case .line: "one line of text"
    case .text: "text"
    case .word(let word): word
    case .choice(let words): alternatives(words)
    case .table: "the path of a CSV file of numbers"
    case .trace(let form): "a map that names a CSV file with the columns \(form.columns.joined(separator: ","))"
    case .ofLinks(let aspect): aspect.allowed
    case .linkMatrix: "a map that names a file of numbers between agents"
    case .file(let content): "the path of \(content)"
    case .command: "a program and its arguments such as [python3, learner.py]"
    case .list: "a list such as [a, b]"
    case .listPerAgent: "a list with one number per agent"
    case .either(let kinds): kinds.map(\.allowed).joined(separator: ", or ")
    case .record, .dictionary: "a map of keys and values"
    case .oneOf(let parameters): "a map with one of the keys \(alternatives(parameters.map(\.name)))"
    case .law(let rule): rule.shortPhrase
    case .quantityOfLaw(let isPositive): isPositive ? "a value above 0" : "a value"
    case .lawOfLaw: "a value or a law"
    case .edge: "two agents such as [a, b], or with a weight [a, b, 0.3]"
    case .anything: "any value"
    case .described(_, let phrase): phrase
    }
  }

  /// The keys of which a map of this kind has one; empty where it is none such.
  package var choices: [Parameter] {
    switch self {
    case .oneOf(let parameters): parameters
    case .described(let kind, _): kind.choices
    case .either(let kinds): kinds.flatMap(\.choices)
    default: []
    }
  }

  /// The words of a choice, alone or among other kinds; nothing where it is no choice.
  package var choiceWords: [String]? {
    switch self {
    case .choice(let words): words
    case .described(let kind, _): kind.choiceWords
    case .either(let kinds): kinds.lazy.compactMap(\.choiceWords).first
    default: nil
    }
  }

  /// This kind with the words of another one among those of its choice, or that kind with the words of this one, whichever
  /// can be more than a word; nothing where one of them is no choice, or they have the same words.
  package func taking(wordsOf other: Kind) -> Kind? {
    guard let own = choiceWords, let others = other.choiceWords, own != others else { return nil }
    let all = own + others.filter { !own.contains($0) }
    if case .choice = self { return other.replacing(choiceBy: all) }
    return replacing(choiceBy: all)
  }

  /// Whether both can stand at one key: they are choices, and at most one of them takes more than words.
  package func sharesItsKey(with other: Kind) -> Bool {
    guard choiceWords != nil, other.choiceWords != nil else { return false }
    if case .choice = self { return true }
    if case .choice = other { return true }
    return false
  }

  private func replacing(choiceBy words: [String]) -> Kind {
    switch self {
    case .choice: .choice(words)
    // What it was called names its own words.
    case .described(let kind, _): kind.replacing(choiceBy: words)
    case .either(let kinds): .either(kinds.map { $0.choiceWords == nil ? $0 : $0.replacing(choiceBy: words) })
    default: self
    }
  }

  /// This kind as a parameter of a law at a key with a rule has it.
  package func resolved(for rule: LawRule) -> Kind {
    switch self {
    case .quantityOfLaw(let isPositive): .quantity(rule.kind, isPositive ? rule.bounds.positivePart : rule.bounds)
    case .lawOfLaw: .law(rule.ofPart)
    default: self
    }
  }
}

/// Words as alternatives in a sentence: `a, b or c`.
package func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
