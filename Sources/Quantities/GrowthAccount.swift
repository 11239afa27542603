// SPDX-License-Identifier: GPL-3.0-or-later

/// Counts the bytes of everything that grows while a run goes on, and tells somebody when they pass a mark.
///
/// What grows asks only when it grows, so that taking and giving back cost nothing.
public final class GrowthAccount {
  /// Bytes taken so far; memory once taken is kept until the run ends.
  public private(set) var bytes = 0
  /// The next time that somebody wants to hear of it.
  private var mark: Int
  private let heard: (_ bytes: Int) -> Int

  /// - Parameters:
  ///   - mark: bytes at which `heard` is called first.
  ///   - heard: told of the bytes taken, gives the next mark.
  public init(mark: Int, heard: @escaping (_ bytes: Int) -> Int) {
    self.mark = mark
    self.heard = heard
  }

  /// Notes that something is about to grow.
  public func grow(by more: Int) {
    bytes += more
    if bytes >= mark { mark = heard(bytes) }
  }
}
