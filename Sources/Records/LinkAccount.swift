// SPDX-License-Identifier: GPL-3.0-or-later

/// What went over one link of a run, and how old the newest estimate was that had come over it.
package struct LinkAccount: Sendable, Equatable {
  /// The ranks of both ends by name; a fusion centre comes behind all agents.
  package var sender: Int
  package var receiver: Int
  /// What became of its messages; `recoveryBytes` is zero, as no link carries them.
  package var fates: MessageFates
  /// Of the messages sent, those that were sent again as nobody had acknowledged them.
  package var retransmissions: UInt64
  /// Messages that came to a receiver that was up, and the bytes of these and of acknowledgements.
  package var heard: UInt64
  package var bytesHeard: UInt64
  /// Nothing where no estimate has come.
  package var age: LinkAge?

  package init(
    sender: Int, receiver: Int, fates: MessageFates, retransmissions: UInt64 = 0, heard: UInt64 = 0,
    bytesHeard: UInt64 = 0, age: LinkAge? = nil
  ) {
    self.sender = sender
    self.receiver = receiver
    self.fates = fates
    self.retransmissions = retransmissions
    self.heard = heard
    self.bytesHeard = bytesHeard
    self.age = age
  }

  /// Messages sent for the first time.
  package var firstSent: UInt64 { fates.sent - retransmissions - fates.copies }
}

/// The age of the newest estimate that a link has brought, over virtual time: the time since that estimate was made.
///
/// It counts from the first delivery on while the receiver is up and has not forgotten what it had heard.
package struct LinkAge: Sendable, Codable, Equatable {
  /// Seconds that it counts for.
  package var time: Double
  /// The mean over this time, in seconds.
  package var mean: Double
  /// Deliveries of a newer estimate after another, and the mean age just before them; nothing where there was none.
  package var peaks: UInt64
  package var meanPeak: Double?
  /// The largest age.
  package var largest: Double
  /// The age below which it was 95 % of the time, to the bins of a histogram with four of them to a factor of two.
  package var quantile95: Double

  package init(
    time: Double, mean: Double, peaks: UInt64, meanPeak: Double?, largest: Double, quantile95: Double
  ) {
    self.time = time
    self.mean = mean
    self.peaks = peaks
    self.meanPeak = meanPeak
    self.largest = largest
    self.quantile95 = quantile95
  }
}

/// The accounts of all links of a run.
package struct LinkAccounts: Sendable, Codable, Equatable {
  /// The age of information over all links to agents together. Means and the time weigh each link by its time; the quantile
  /// is the mean over links.
  package var age: LinkAge?
  /// How many links there are.
  package var count: Int
  /// The links by receiver and sender. They may be many: results are read without them unless somebody asks.
  package var links: [LinkAccount]?

  /// - Parameter agents: how many agents learn; whoever has a higher rank is a fusion centre.
  package init(_ links: [LinkAccount], agents: Int) {
    count = links.count
    self.links = links
    age = LinkAge(over: links.filter { $0.receiver < agents }.compactMap(\.age))
  }

  private enum CodingKeys: String, CodingKey { case age, count }
}

extension LinkAge {
  /// Several as one; nothing of none.
  init?(over ages: [LinkAge]) {
    let time = ages.reduce(0) { $0 + $1.time }
    guard let first = ages.first else { return nil }
    let peaks = ages.reduce(0) { $0 + $1.peaks }
    let peakSum = ages.reduce(0) { $0 + Double($1.peaks) * ($1.meanPeak ?? 0) }
    func mean(_ value: KeyPath<LinkAge, Double>) -> Double {
      time > 0 ? ages.reduce(0) { $0 + $1.time * $1[keyPath: value] } / time : first[keyPath: value]
    }
    self.init(
      time: time, mean: mean(\.mean), peaks: peaks, meanPeak: peaks > 0 ? peakSum / Double(peaks) : nil,
      largest: ages.reduce(0) { max($0, $1.largest) }, quantile95: mean(\.quantile95))
  }
}
