// SPDX-License-Identifier: GPL-3.0-or-later

/// What a link carries, exactly: so many bytes in so many nanoseconds, in lowest terms. So 32.3 kB/s and 32300 B/s are
/// one bandwidth, and what is whole on paper takes whole nanoseconds.
@frozen
public struct Bandwidth: Sendable, Hashable {
  /// Carried in `nanoseconds`; above zero.
  @usableFromInline let bytes: UInt64
  /// Above zero.
  @usableFromInline let nanoseconds: UInt64

  /// So many bytes in so long a time, both above zero.
  public init(bytes: UInt64, per time: VirtualDuration) {
    precondition(bytes > 0 && time > .zero, "A link carries something in some time.")
    let common = UInt64(greatestCommonDivisor(UInt128(bytes), UInt128(time.nanoseconds)))
    self.bytes = bytes / common
    nanoseconds = UInt64(time.nanoseconds) / common
  }

  /// So many bytes a second, above zero.
  public static func bytesPerSecond(_ bytes: UInt64) -> Bandwidth {
    Bandwidth(bytes: bytes, per: VirtualDuration(nanoseconds: 1_000_000_000))
  }

  /// A decimal number of bytes a second, above zero; nothing where it has too many digits. With at most 18 digits, and
  /// 10 of them behind the point, it never has.
  package init?(bytesPerSecond number: DecimalText) {
    guard !number.isNegative, !number.isZero, let (numerator, denominator) = number.fraction else { return nil }
    let common = greatestCommonDivisor(numerator, denominator * 1_000_000_000)
    guard let bytes = UInt64(exactly: numerator / common),
      let nanoseconds = UInt64(exactly: denominator * 1_000_000_000 / common)
    else { return nil }
    (self.bytes, self.nanoseconds) = (bytes, nanoseconds)
  }

  /// Bytes a second: the nearest number, for estimates and reports.
  public var bytesPerSecond: Double {
    let (numerator, denominator) = (UInt128(bytes) * 1_000_000_000, UInt128(nanoseconds))
    let common = greatestCommonDivisor(numerator, denominator)
    return Double(numerator / common) / Double(denominator / common)
  }

  /// How a scenario writes it; reads as exactly this bandwidth, if it is a decimal number of bytes a second.
  package var text: String {
    for name in ["Gbit/s", "Mbit/s", "kbit/s", "bit/s"] {
      guard let unit = UnitOfMeasure.rates.first(where: { $0.name == name }), let number = decimal(of: unit),
        number.count <= 8, !number.hasPrefix("0")
      else { continue }
      return "\(number) \(name)"
    }
    return "\(decimal(of: UnitOfMeasure(name: "B/s")) ?? "\(bytesPerSecond)") B/s"
  }

  private func decimal(of unit: UnitOfMeasure) -> String? {
    func power(_ exponent: Int) -> UInt128 { (0..<max(0, exponent)).reduce(1) { product, _ in product * 10 } }
    return decimalText(
      UInt128(bytes) * power(9) * power(-unit.power),
      over: UInt128(nanoseconds) * UInt128(unit.factor) * power(unit.power))
  }
}

/// By Euclid's algorithm; of numbers of which one is above zero.
private func greatestCommonDivisor(_ one: UInt128, _ other: UInt128) -> UInt128 {
  var (one, other) = (one, other)
  while other > 0 { (one, other) = (other, one % other) }
  return one
}

extension VirtualDuration {
  /// How long a link takes to transmit so many bytes: rounded up, so that no link ever carries more than its bandwidth;
  /// beyond 292 years *for ever*.
  @inlinable
  public init(transmitting bytes: UInt64, at bandwidth: Bandwidth) {
    let product = bytes.multipliedFullWidth(by: bandwidth.nanoseconds)
    guard product.high < bandwidth.bytes else {
      self = .forever
      return
    }
    let (whole, rest) =
      product.high == 0
      ? product.low.quotientAndRemainder(dividingBy: bandwidth.bytes) : bandwidth.bytes.dividingFullWidth(product)
    let limit = UInt64(Int64.max)
    self.init(nanoseconds: whole >= limit ? .max : Int64(whole) + (rest > 0 ? 1 : 0))
  }
}
