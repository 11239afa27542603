// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Simulation

/// The names of events on tracks, and the numbers that stand for them.
struct TraceNames {
  /// Names that are known beforehand; the first four are what agents can be.
  enum Fixed: UInt64, CaseIterable {
    case wait = 1
    case compute, paused, down, discarded, ring, round, measure, combine
    case send, deliver, replaced, overtaken, superseded, late, duplicate, toDeadAgent
    case noise, burst, cut, edgeGone, senderCrashed

    /// That of a loss.
    init(_ loss: LossCause?) {
      self =
        switch loss {
        case .burst?: .burst
        case .cut?: .cut
        case .edgeGone?: .edgeGone
        case .senderCrashed?: .senderCrashed
        case .noise?, nil: .noise
        }
    }

    var text: String {
      switch self {
      case .discarded: "step discarded"
      case .replaced: "replaced unread"
      case .toDeadAgent: "to dead agent"
      case .noise: "lost (noise)"
      case .burst: "lost (burst)"
      case .cut: "lost (cut)"
      case .edgeGone: "lost (edge gone)"
      case .senderCrashed: "lost (sender crashed)"
      default: "\(self)"
      }
    }
  }

  static let fixed = Fixed.allCases.map { (number: $0.rawValue, name: $0.text) }

  private var numbers: [String: UInt64] = [:]

  /// The number of a name that is not known beforehand, and whether nobody has asked for it before.
  mutating func number(of name: String) -> (number: UInt64, isNew: Bool) {
    if let number = numbers[name] { return (number, false) }
    let number = UInt64(Fixed.allCases.count + numbers.count + 1)
    numbers[name] = number
    return (number, true)
  }

  /// What a change of the world is called.
  static func word(_ kind: Occurrence.Kind) -> String {
    switch kind {
    case .crashes: "crash"
    case .recovers: "recover"
    case .joins: "join"
    case .leaves: "leave"
    case .pauses: "pause"
    case .resumes: "resume"
    case .changesSpeed: "slow"
    case .changes: "change"
    case .changesBack: "change back"
    case .cut: "cut"
    case .restored: "restore"
    case .edgeGoes: "edge goes"
    case .edgeComes: "edge comes"
    default: kind.rawValue
    }
  }
}
