/// How the timestamps of one interface count: their unit and what is added to them.
///
/// Source: draft-ietf-opsawg-pcapng, section 4.2, options if_tsresol and if_tsoffset.
struct TimestampClock: Equatable {
  /// What makes nanoseconds of a count of units.
  private enum Conversion: Equatable {
    case multiply(UInt64)
    case divide(UInt64)
    /// Units of a second divided by 2 so many times.
    case binary(UInt8)
    /// Units so small that 64 bits of them are less than a nanosecond.
    case vanish
  }

  private let conversion: Conversion
  /// `nil` when it is more than 64 bits hold.
  let unitsPerSecond: UInt64?
  var offsetSeconds: Int64 = 0

  /// Microseconds, the default.
  static let microseconds = TimestampClock(resolution: 6)

  /// - Parameter resolution: The octet of if_tsresol: with the top bit clear a negative power of
  ///   10, with the top bit set one of 2.
  init(resolution: UInt8) {
    let exponent = resolution & 0x7f
    if resolution & 0x80 != 0 {
      conversion = .binary(exponent)
      unitsPerSecond = exponent < 64 ? 1 << UInt64(exponent) : nil
    } else {
      unitsPerSecond = Self.powerOfTen(exponent)
      if exponent <= 9 {
        conversion = .multiply(Self.powerOfTen(9 - exponent) ?? 1)
      } else if let divisor = Self.powerOfTen(exponent - 9) {
        conversion = .divide(divisor)
      } else {
        conversion = .vanish
      }
    }
  }

  /// 10 to the power of `exponent`, or `nil` above 10^19, the last that 64 bits hold.
  private static func powerOfTen(_ exponent: UInt8) -> UInt64? {
    exponent <= 19 ? (0..<exponent).reduce(1) { power, _ in power &* 10 } : nil
  }

  /// Nanoseconds since 1970-01-01 UTC, rounded down to a whole one, or `nil` when they do not fit.
  func nanoseconds(_ units: UInt64) -> Int64? {
    if case .multiply(let factor) = conversion, offsetSeconds == 0 {
      let (product, overflow) = units.multipliedReportingOverflow(by: factor)
      return overflow ? nil : Int64(exactly: product)
    }
    // 64 bits times 10^9 are 94 bits: nothing here leaves 128.
    let counted: UInt128 =
      switch conversion {
      case .multiply(let factor): UInt128(units) * UInt128(factor)
      case .divide(let divisor): UInt128(units / divisor)
      case .binary(let exponent): (UInt128(units) * 1_000_000_000) >> UInt128(exponent)
      case .vanish: 0
      }
    return Int64(exactly: Int128(counted) + Int128(offsetSeconds) * 1_000_000_000)
  }
}
